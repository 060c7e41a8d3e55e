package config

// topicKeysOfBrokers: the defaults of topics.
var topicKeysOfBrokers = []Key{
	{"compression.gzip.level", integer, new("-1"), gzipLevel, Acts | Cluster, "Level of gzip."},
	{"compression.lz4.level", integer, new("9"), between(1, 17), Acts | Cluster, "Level of lz4."},
	{
		"compression.type", text, new("producer"), among("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"), Acts | Cluster,
		"How logs are compressed; producer keeps what the producer chose.",
	},
	{"compression.zstd.level", integer, new("3"), between(-131072, 22), Acts | Cluster, "Level of zstd."},
	{
		"log.cleanup.policy", list, new("delete"), listOf("compact", "delete"), Acts | Cluster,
		"What happens to old records: delete by age and size, compact by key, or both.",
	},
	{
		"log.flush.interval.messages", long, new("1"), atLeast(1), Acts | Cluster,
		"Records after which a log is synced. Odradek's default is 1: synced before it is acknowledged.",
	},
	{
		"log.flush.interval.ms", long, nil, nil, Acts | Cluster,
		"Time after which written records are synced, if records alone do not cause it.",
	},
	{
		"log.index.interval.bytes", integer, new("4096"), atLeast(0), Acts | Cluster,
		"Bytes between two entries of an offset index.",
	},
	{
		"log.index.size.max.bytes", integer, new("10485760"), atLeast(4), Acts | Cluster,
		"Size of an index at which its segment ends.",
	},
	{
		"log.message.timestamp.after.max.ms", long, new("3600000"), atLeast(0), Acts | Cluster,
		"How far a record's timestamp may lie in the future.",
	},
	{
		"log.message.timestamp.before.max.ms", long, new(maxLong), atLeast(0), Acts | Cluster,
		"How far a record's timestamp may lie in the past.",
	},
	{
		"log.message.timestamp.type", text, new("CreateTime"), among("CreateTime", "LogAppendTime"), Acts | Cluster,
		"Whether records keep their own time or get that of their arrival.",
	},
	{"log.preallocate", boolean, new("false"), nil, Cluster, "Whether the space of a segment is taken at once."},
	{
		"log.retention.bytes", long, new("-1"), nil, Acts | Cluster,
		"Size of a partition beyond which old segments are removed; -1 for no limit.",
	},
	{"log.retention.hours", integer, new("168"), nil, Acts, "Age of records beyond which they are removed, in hours."},
	{
		"log.retention.minutes", integer, nil, nil, Acts,
		"Age of records beyond which they are removed, in minutes; goes before log.retention.hours.",
	},
	{
		"log.retention.ms", long, nil, nil, Acts | Cluster,
		"Age of records beyond which they are removed; goes before log.retention.minutes. -1 for no limit.",
	},
	{"log.roll.hours", integer, new("168"), atLeast(1), Acts, "Age at which a segment ends, in hours."},
	{
		"log.roll.jitter.hours", integer, new("0"), atLeast(0), Acts,
		"How much earlier, by chance, a segment may end, in hours.",
	},
	{
		"log.roll.jitter.ms", long, nil, nil, Acts | Cluster,
		"How much earlier, by chance, a segment may end; goes before log.roll.jitter.hours.",
	},
	{"log.roll.ms", long, nil, nil, Acts | Cluster, "Age at which a segment ends; goes before log.roll.hours."},
	{"log.segment.bytes", integer, new("1073741824"), atLeast(1048576), Acts | Cluster, "Size at which a segment ends."},
	{
		"log.segment.delete.delay.ms", long, new("60000"), atLeast(0), Cluster,
		"How long the files of a removed segment are kept.",
	},
	{
		"max.decompressed.message.bytes", integer, new("2147483639"), between(1, 2147483639), Cluster,
		"Most bytes that a batch may have when decompressed.",
	},
	{"message.max.bytes", integer, new("1048588"), atLeast(0), Acts | Cluster, "Most bytes of a batch."},
	{
		"min.insync.replicas", integer, new("1"), atLeast(1), Acts | Cluster,
		"Replicas that must be in sync for acks=all.",
	},
	{
		"unclean.leader.election.enable", boolean, new("false"), nil, Cluster,
		"Whether a replica that may lack records can become the leader, if no other can.",
	},
}
