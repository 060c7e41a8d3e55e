package config

// nodeKeys: what a node is.
var nodeKeys = []Key{
	{"alter.config.policy.class.name", class, nil, nil, 0, "A Java class that may refuse changes of configs."},
	{"auto.create.topics.enable", boolean, new("true"), nil, Acts, "Whether a topic that is asked for is created."},
	{
		"auto.leader.rebalance.enable", boolean, new("true"), nil, Acts,
		"Whether preferred leaders get their leaderships back by themselves.",
	},
	{"background.threads", integer, new("10"), atLeast(1), Cluster, "Threads for background work."},
	{"broker.id", integer, new("-1"), nil, Acts, "The old name of node.id; if both are given they must be equal."},
	{"broker.rack", text, nil, nil, Acts, "The rack (or zone) where the node stands; replicas are spread over racks."},
	{"config.providers", list, new(""), elements, Cluster, "Names of sources from which values can be taken."},
	{
		"controlled.shutdown.enable", boolean, new("true"), nil, 0,
		"Whether a node hands over its leaderships before it ends.",
	},
	{
		"controller.performance.always.log.threshold.ms", long, new("2000"), atLeast(0), Unlisted,
		"Controller work that takes longer is reported.",
	},
	{
		"controller.performance.sample.period.ms", long, new("60000"), atLeast(100), Unlisted,
		"How often the controller reports on its work.",
	},
	{"create.topic.policy.class.name", class, nil, nil, 0, "A Java class that may refuse new topics."},
	{
		"default.replication.factor", integer, new("1"), nil, Acts,
		"Replicas of each partition of a new topic that does not say how many.",
	},
	{"delete.topic.enable", boolean, new("true"), nil, Acts, "Whether topics may be deleted."},
	{
		"internal.metadata.delete.delay.millis", long, new("60000"), nil, Unlisted,
		"How long deleted files of the metadata log are kept; for tests.",
	},
	{
		"internal.metadata.log.segment.bytes", integer, nil, nil, Unlisted,
		"Size of a segment of the metadata log; for tests.",
	},
	{
		"internal.metadata.max.batch.size.in.bytes", integer, new("8388608"), nil, Unlisted,
		"Greatest batch of the metadata log; for tests.",
	},
	{
		"leader.imbalance.check.interval.seconds", long, new("300"), atLeast(1), Acts,
		"How often leaderships are checked against the preferred leaders, in seconds.",
	},
	{"node.id", integer, nil, atLeast(0), Acts, "The number of this node in its cluster."},
	{"num.io.threads", integer, new("8"), atLeast(1), Cluster, "Threads that serve requests."},
	{"num.partitions", integer, new("1"), atLeast(1), Acts, "Partitions of a new topic that does not say how many."},
	{
		"num.recovery.threads.per.data.dir", integer, new("2"), atLeast(1), Cluster,
		"Threads that recover logs at the start, for each log directory.",
	},
	{
		"process.roles", list, nil, listOf("broker", "controller"), Acts,
		"What the node is: a broker, a controller, or both.",
	},
	{"server.max.startup.time.ms", long, new(maxLong), atLeast(0), Unlisted, "How long a start may take."},
	{
		"unclean.leader.election.interval.ms", long, new("300000"), atLeast(1), Unlisted,
		"How often the controller looks for partitions that need an unclean election.",
	},
	{
		"unstable.api.versions.enable", boolean, new("false"), nil, Unlisted,
		"Whether API versions that are not final are offered.",
	},
	{
		"unstable.feature.versions.enable", boolean, new("false"), nil, Unlisted,
		"Whether feature levels that are not final are allowed.",
	},
}
