package config

// shareStateKeys: the coordinator that keeps the state of share groups.
var shareStateKeys = []Key{
	{
		"share.coordinator.append.linger.ms", integer, new("-1"), atLeast(-1), 0,
		"How long the coordinator gathers records before it writes; -1 adapts.",
	},
	{
		"share.coordinator.cached.buffer.max.bytes", integer, new("1048588"), atLeast(524288), Cluster,
		"Largest buffer that the coordinator keeps.",
	},
	{
		"share.coordinator.cold.partition.snapshot.interval.ms", integer, new("300000"), atLeast(1), Unlisted,
		"How often the state of quiet partitions is written anew.",
	},
	{
		"share.coordinator.load.buffer.size", integer, new("5242880"), atLeast(1), 0,
		"Bytes read at a time when the state is loaded.",
	},
	{
		"share.coordinator.snapshot.update.records.per.snapshot", integer, new("500"), between(0, 500), 0,
		"Changes that are written between two whole states.",
	},
	{
		"share.coordinator.state.topic.compression.codec", integer, new("0"), nil, 0,
		"Codec of the state topic, by number.",
	},
	{
		"share.coordinator.state.topic.min.isr", short, new("2"), atLeast(1), 0,
		"Replicas of the state topic that must be in sync.",
	},
	{
		"share.coordinator.state.topic.num.partitions", integer, new("50"), atLeast(1), 0,
		"Partitions of the state topic.",
	},
	{
		"share.coordinator.state.topic.prune.interval.ms", integer, new("300000"), atLeast(1), Unlisted,
		"How often records that are no longer needed are removed.",
	},
	{"share.coordinator.state.topic.replication.factor", short, new("3"), atLeast(1), 0, "Replicas of the state topic."},
	{
		"share.coordinator.state.topic.segment.bytes", integer, new("104857600"), atLeast(1), 0,
		"Segment size of the state topic.",
	},
	{"share.coordinator.threads", integer, new("1"), atLeast(1), 0, "Threads of the coordinator."},
	{
		"share.coordinator.write.timeout.ms", integer, new("5000"), atLeast(1), 0,
		"How long a write waits for the replicas.",
	},
}
