package config

// groupKeysOfBrokers: group coordinators and committed offsets.
var groupKeysOfBrokers = []Key{
	{
		"group.coordinator.append.linger.ms", integer, new("-1"), atLeast(-1), 0,
		"How long a coordinator gathers records before it writes; -1 adapts.",
	},
	{
		"group.coordinator.background.threads", integer, new("2"), atLeast(1), 0,
		"Threads for background work of coordinators.",
	},
	{
		"group.coordinator.cached.buffer.max.bytes", integer, new("1048588"), atLeast(524288), Cluster,
		"Largest buffer that a coordinator keeps.",
	},
	{
		"group.coordinator.rebalance.protocols", list, new("classic,consumer,streams"), listOf("consumer", "classic", "share", "streams"), Acts,
		"Group protocols that are on.",
	},
	{"group.coordinator.threads", integer, new("4"), atLeast(1), 0, "Threads of coordinators."},
	{"group.initial.rebalance.delay.ms", integer, new("3000"), nil, Acts, "How long a new group waits for more members."},
	{"group.max.session.timeout.ms", integer, new("1800000"), nil, Acts, "Longest session timeout of a classic member."},
	{"group.max.size", integer, new(maxInt), atLeast(1), Acts, "Most members of a classic group."},
	{"group.min.session.timeout.ms", integer, new("6000"), nil, Acts, "Shortest session timeout of a classic member."},
	{"offset.metadata.max.bytes", integer, new("4096"), nil, Acts, "Most bytes of text with a committed offset."},
	{"offsets.commit.timeout.ms", integer, new("5000"), atLeast(1), Acts, "How long a commit waits for the replicas."},
	{
		"offsets.load.buffer.size", integer, new("5242880"), atLeast(1), Acts,
		"Bytes read at a time when offsets are loaded.",
	},
	{
		"offsets.retention.check.interval.ms", long, new("600000"), atLeast(1), Acts,
		"How often committed offsets are checked for age.",
	},
	{
		"offsets.retention.minutes", integer, new("10080"), atLeast(1), Acts,
		"How long offsets of a group without members are kept.",
	},
	{"offsets.topic.compression.codec", integer, new("0"), between(0, 4), Acts, "Codec of the offsets topic, by number."},
	{"offsets.topic.num.partitions", integer, new("50"), atLeast(1), Acts, "Partitions of the offsets topic."},
	{"offsets.topic.replication.factor", short, new("3"), atLeast(1), Acts, "Replicas of the offsets topic."},
	{"offsets.topic.segment.bytes", integer, new("104857600"), atLeast(1), Acts, "Segment size of the offsets topic."},
}
