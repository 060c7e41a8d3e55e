package config

// topicKeys is what a topic can be given.
var topicKeys = byName([]Key{
	{
		"cleanup.policy", list, new("delete"), listOf("compact", "delete"), Acts,
		"What happens to old records: delete by age and size, compact by key, or both.",
	},
	{"compression.gzip.level", integer, new("-1"), gzipLevel, Acts, "Level of gzip."},
	{"compression.lz4.level", integer, new("9"), between(1, 17), Acts, "Level of lz4."},
	{
		"compression.type", text, new("producer"), among("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"), Acts,
		"How the log is compressed; producer keeps what the producer chose.",
	},
	{"compression.zstd.level", integer, new("3"), between(-131072, 22), Acts, "Level of zstd."},
	{"delete.retention.ms", long, new("86400000"), atLeast(0), 0, "How long a compacted log keeps tombstones."},
	{
		"errors.deadletterqueue.group.enable", boolean, new("false"), nil, 0,
		"Whether share groups may use the topic for dead letters.",
	},
	{"file.delete.delay.ms", long, new("60000"), atLeast(0), 0, "How long the files of a removed segment are kept."},
	{
		"flush.messages", long, new("1"), atLeast(1), Acts,
		"Records after which the log is synced. Odradek's default is 1: synced before it is acknowledged.",
	},
	{
		"flush.ms", long, new(maxLong), atLeast(0), Acts,
		"Time after which written records are synced, if records alone do not cause it.",
	},
	{
		"follower.replication.throttled.replicas", list, new(""), throttled, 0,
		"Replicas whose fetching is throttled, as partition:broker, or * for all.",
	},
	{"index.interval.bytes", integer, new("4096"), atLeast(0), Acts, "Bytes between two entries of the offset index."},
	{"internal.segment.bytes", integer, nil, nil, Unlisted, "Size at which a segment ends; for tests."},
	{
		"leader.replication.throttled.replicas", list, new(""), throttled, 0,
		"Replicas whose sending to followers is throttled, as partition:broker, or * for all.",
	},
	{
		"local.retention.bytes", long, new("-2"), atLeast(-2), 0,
		"Size of the local log beyond which segments are only in the remote tier; -2 as retention.bytes.",
	},
	{
		"local.retention.ms", long, new("-2"), atLeast(-2), 0,
		"Age beyond which segments are only in the remote tier; -2 as retention.ms.",
	},
	{"max.compaction.lag.ms", long, new(maxLong), atLeast(1), 0, "How long a record may wait for compaction."},
	{
		"max.decompressed.message.bytes", integer, new("2147483639"), between(1, 2147483639), 0,
		"Most bytes that a batch may have when decompressed.",
	},
	{"max.message.bytes", integer, new("1048588"), atLeast(0), Acts, "Most bytes of a batch."},
	{
		"message.timestamp.after.max.ms", long, new("3600000"), atLeast(0), Acts,
		"How far a record's timestamp may lie in the future.",
	},
	{
		"message.timestamp.before.max.ms", long, new(maxLong), atLeast(0), Acts,
		"How far a record's timestamp may lie in the past.",
	},
	{
		"message.timestamp.type", text, new("CreateTime"), among("CreateTime", "LogAppendTime"), Acts,
		"Whether records keep their own time or get that of their arrival.",
	},
	{
		"min.cleanable.dirty.ratio", double, new("0.5"), between(0, 1), 0,
		"Share of the log not yet compacted at which compaction begins.",
	},
	{"min.compaction.lag.ms", long, new("0"), atLeast(0), 0, "How long a record is safe from compaction."},
	{"min.insync.replicas", integer, new("1"), atLeast(1), Acts, "Replicas that must be in sync for acks=all."},
	{"preallocate", boolean, new("false"), nil, 0, "Whether the space of a segment is taken at once."},
	{
		"remote.copy.lag.bytes", long, new("-1"), atLeast(-1), 0,
		"Bytes that a segment must lie back before it is copied; -1 for none.",
	},
	{
		"remote.copy.lag.ms", long, new("0"), atLeast(-1), 0,
		"Age that a segment must have before it is copied; -1 for none.",
	},
	{"remote.log.copy.disable", boolean, new("false"), nil, 0, "Whether nothing more is copied to the remote tier."},
	{
		"remote.log.delete.on.disable", boolean, new("false"), nil, 0,
		"Whether the remote part goes when the topic leaves tiered storage.",
	},
	{"remote.storage.enable", boolean, new("false"), nil, 0, "Whether the topic uses tiered storage."},
	{
		"retention.bytes", long, new("-1"), nil, Acts,
		"Size of a partition beyond which old segments are removed; -1 for no limit.",
	},
	{
		"retention.ms", long, new("604800000"), atLeast(-1), Acts,
		"Age of records beyond which they are removed; -1 for no limit.",
	},
	{"segment.bytes", integer, new("1073741824"), atLeast(1048576), Acts, "Size at which a segment ends."},
	{"segment.index.bytes", integer, new("10485760"), atLeast(4), Acts, "Size of an index at which its segment ends."},
	{"segment.jitter.ms", long, new("0"), atLeast(0), Acts, "How much earlier, by chance, a segment may end."},
	{"segment.ms", long, new("604800000"), atLeast(1), Acts, "Age at which a segment ends."},
	{
		"unclean.leader.election.enable", boolean, new("false"), nil, 0,
		"Whether a replica that may lack records can become the leader, if no other can.",
	},
})
