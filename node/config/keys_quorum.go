package config

// quorumKeys: the controllers and the log of the metadata.
var quorumKeys = []Key{
	{
		"broker.heartbeat.interval.ms", integer, new("2000"), nil, Acts,
		"How often a broker tells the controller that it lives.",
	},
	{"broker.session.timeout.ms", integer, new("9000"), nil, Acts, "A broker that is not heard of for so long is fenced."},
	{"controller.listener.names", list, nil, notEmpty, Acts, "Names of the listeners at which controllers are reached."},
	{
		"controller.quorum.append.linger.ms", integer, new("25"), atLeast(0), 0,
		"How long records of the metadata wait for others before they are written.",
	},
	{"controller.quorum.auto.join.enable", boolean, new("false"), nil, 0, "Whether a controller makes itself a voter."},
	{
		"controller.quorum.bootstrap.servers", list, new(""), elements, Acts,
		"Addresses of controllers from which the quorum is learnt, each as host:port.",
	},
	{
		"controller.quorum.election.backoff.max.ms", integer, new("1000"), atLeast(0), 0,
		"Longest pause between two elections.",
	},
	{
		"controller.quorum.election.timeout.ms", integer, new("1000"), atLeast(0), 0,
		"How long a voter waits for a vote to be decided.",
	},
	{
		"controller.quorum.fetch.max.bytes", integer, new("1048576"), atLeast(1), 0,
		"Most bytes of one fetch of the metadata log.",
	},
	{
		"controller.quorum.fetch.snapshot.max.bytes", integer, new("1048576"), atLeast(1), 0,
		"Most bytes of one fetch of a snapshot.",
	},
	{
		"controller.quorum.fetch.timeout.ms", integer, new("2000"), atLeast(0), 0,
		"How long a follower goes without its leader before it stands for election.",
	},
	{
		"controller.quorum.request.timeout.ms", integer, new("2000"), atLeast(0), 0,
		"How long a request between voters may take.",
	},
	{
		"controller.quorum.retry.backoff.ms", integer, new("20"), atLeast(0), 0,
		"Pause before a failed request between voters is sent again.",
	},
	{
		"controller.quorum.voters", list, new(""), elements, Acts,
		"The voters of the metadata quorum, each as id@host:port.",
	},
	{"controller.socket.timeout.ms", integer, new("30000"), nil, 0, "How long a request to the controller may take."},
	{
		"initial.broker.registration.timeout.ms", integer, new("60000"), nil, 0,
		"How long a broker tries to register before it gives up.",
	},
	{"metadata.log.dir", text, nil, nil, Acts, "Directory of the metadata log; the first log directory if not given."},
	{
		"metadata.log.max.record.bytes.between.snapshots", long, new("20971520"), atLeast(1), Acts,
		"Bytes of metadata after which a snapshot is made.",
	},
	{
		"metadata.log.max.snapshot.interval.ms", long, new("3600000"), atLeast(0), 0,
		"Time after which a snapshot is made; 0 for never.",
	},
	{
		"metadata.log.segment.bytes", integer, new("1073741824"), atLeast(8388608), 0,
		"Size at which a segment of the metadata log ends.",
	},
	{"metadata.log.segment.ms", long, new("604800000"), nil, 0, "Age at which a segment of the metadata log ends."},
	{
		"metadata.max.idle.interval.ms", integer, new("500"), atLeast(0), 0,
		"How often a record without content shows that the controller lives; 0 for never.",
	},
	{
		"metadata.max.retention.bytes", long, new("104857600"), nil, 0,
		"Size of the metadata log and its snapshots beyond which old ones are removed.",
	},
	{
		"metadata.max.retention.ms", long, new("604800000"), nil, 0,
		"Age beyond which segments and snapshots of the metadata are removed.",
	},
}
