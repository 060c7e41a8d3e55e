package config

// networkKeys: listeners, connections and requests.
var networkKeys = []Key{
	{
		"advertised.listeners", list, nil, notEmpty, Acts,
		"Where others reach the node, in the form of listeners; as listeners if not given.",
	},
	{
		"connection.failed.authentication.delay.ms", integer, new("100"), atLeast(0), 0,
		"How long the close of a connection that failed to authenticate is put off.",
	},
	{"connections.max.idle.ms", long, new("600000"), nil, Acts, "A connection without traffic for so long is closed."},
	{
		"delete.records.purgatory.purge.interval.requests", integer, new("1"), nil, 0,
		"Deletions of records after which waiting ones are tidied up.",
	},
	{"early.start.listeners", list, nil, elements, 0, "Listeners that open before access control is ready."},
	{"fetch.max.bytes", integer, new("57671680"), atLeast(1024), Acts, "Most bytes of one fetch response."},
	{
		"fetch.purgatory.purge.interval.requests", integer, new("1000"), nil, 0,
		"Fetches after which waiting ones are tidied up.",
	},
	{"inter.broker.listener.name", text, nil, nil, Acts, "The listener that brokers use among themselves."},
	{
		"listener.security.protocol.map", text, new("SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT"), nil, Acts,
		"The security protocol of each listener, as name:protocol.",
	},
	{
		"listeners", list, new("PLAINTEXT://:9092"), notEmpty, Acts,
		"Where the node listens: name://host:port, separated by commas. No host means every interface.",
	},
	{"max.connection.creation.rate", integer, new(maxInt), atLeast(0), Cluster, "New connections per second."},
	{
		"max.connections", integer, new(maxInt), atLeast(0), Acts | Cluster,
		"Connections that the node, or one listener, takes.",
	},
	{"max.connections.per.ip", integer, new(maxInt), atLeast(0), Acts | Cluster, "Connections from one address."},
	{
		"max.connections.per.ip.overrides", text, new(""), nil, Cluster,
		"Connections from single addresses, as address:number.",
	},
	{
		"max.incremental.fetch.session.cache.slots", integer, new("1000"), atLeast(0), Acts,
		"Fetch sessions that the node remembers.",
	},
	{
		"max.request.partition.size.limit", integer, new("2000"), atLeast(1), 0,
		"Most partitions that one request may ask for.",
	},
	{"num.network.threads", integer, new("3"), atLeast(1), Cluster, "Threads for the network, for each listener."},
	{
		"producer.purgatory.purge.interval.requests", integer, new("1000"), nil, 0,
		"Produces after which waiting ones are tidied up.",
	},
	{
		"queued.max.request.bytes", long, new("-1"), nil, Acts,
		"Bytes of waiting requests beyond which no more are read; -1 for no limit.",
	},
	{"queued.max.requests", integer, new("500"), atLeast(1), 0, "Requests that may wait before no more are read."},
	{"request.timeout.ms", integer, new("30000"), nil, 0, "How long a request to another node may take."},
	{
		"security.inter.broker.protocol", text, new("PLAINTEXT"), among("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"), Acts,
		"The protocol that brokers use among themselves, if inter.broker.listener.name is not given.",
	},
	{
		"socket.connection.setup.timeout.max.ms", long, new("30000"), nil, 0,
		"How long a new connection to another node may take after failures.",
	},
	{
		"socket.connection.setup.timeout.ms", long, new("10000"), nil, 0,
		"How long a new connection to another node may take at first.",
	},
	{"socket.listen.backlog.size", integer, new("50"), atLeast(1), 0, "Connections that may wait to be accepted."},
	{
		"socket.receive.buffer.bytes", integer, new("102400"), nil, Acts,
		"Size of a socket's receive buffer; -1 leaves it to the system.",
	},
	{"socket.request.max.bytes", integer, new("104857600"), atLeast(1), Acts, "Most bytes of one request."},
	{
		"socket.send.buffer.bytes", integer, new("102400"), nil, Acts,
		"Size of a socket's send buffer; -1 leaves it to the system.",
	},
}
