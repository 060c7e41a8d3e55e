package config

// replicaKeys: followers.
var replicaKeys = []Key{
	{"num.replica.fetchers", integer, new("1"), atLeast(1), Cluster, "Threads that fetch from each other broker."},
	{"replica.fetch.backoff.ms", integer, new("1000"), atLeast(0), Acts, "Pause after a fetch of a partition that failed."},
	{"replica.fetch.max.bytes", integer, new("1048576"), atLeast(0), Acts, "Bytes to fetch of each partition."},
	{"replica.fetch.min.bytes", integer, new("1"), nil, Acts, "Bytes for which the leader waits."},
	{"replica.fetch.response.max.bytes", integer, new("10485760"), atLeast(0), Acts, "Bytes of one fetch of a follower."},
	{
		"replica.fetch.wait.max.ms", integer, new("500"), nil, Acts,
		"How long the leader waits until there is enough to fetch.",
	},
	{
		"replica.high.watermark.checkpoint.interval.ms", long, new("5000"), nil, Acts,
		"How often high watermarks are written down.",
	},
	{
		"replica.lag.time.max.ms", long, new("30000"), nil, Acts,
		"A follower that is not caught up for so long leaves the in-sync replicas.",
	},
	{
		"replica.selector.class", text, nil, nil, Acts,
		"Which replica a consumer reads: org.apache.kafka.common.replica.RackAwareReplicaSelector is one of its rack, anything else the leader.",
	},
	{
		"replica.socket.receive.buffer.bytes", integer, new("65536"), nil, 0,
		"Receive buffer of a connection to a leader.",
	},
	{"replica.socket.timeout.ms", integer, new("30000"), nil, 0, "How long a request to a leader may take."},
}
