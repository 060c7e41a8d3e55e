package config

// cleanerKeys: compaction.
var cleanerKeys = []Key{
	{"log.cleaner.backoff.ms", long, new("15000"), atLeast(0), Cluster, "Pause when there is nothing to compact."},
	{
		"log.cleaner.dedupe.buffer.size", long, new("134217728"), nil, Cluster,
		"Bytes for the table of keys, of all threads together.",
	},
	{
		"log.cleaner.delete.retention.ms", long, new("86400000"), atLeast(0), Cluster,
		"How long a compacted log keeps tombstones.",
	},
	{"log.cleaner.enable", boolean, new("true"), nil, 0, "Whether logs are compacted."},
	{"log.cleaner.io.buffer.load.factor", double, new("0.9"), nil, Cluster, "How full the table of keys may get."},
	{
		"log.cleaner.io.buffer.size", integer, new("524288"), atLeast(0), Cluster,
		"Bytes for reading and writing, of all threads together.",
	},
	{
		"log.cleaner.io.max.bytes.per.second", double, new("1.7976931348623157E308"), nil, Cluster,
		"Bytes that compaction reads and writes per second.",
	},
	{
		"log.cleaner.max.compaction.lag.ms", long, new(maxLong), atLeast(1), Cluster,
		"How long a record may wait for compaction.",
	},
	{
		"log.cleaner.min.cleanable.ratio", double, new("0.5"), between(0, 1), Cluster,
		"Share of a log not yet compacted at which compaction begins.",
	},
	{
		"log.cleaner.min.compaction.lag.ms", long, new("0"), atLeast(0), Cluster,
		"How long a record is safe from compaction.",
	},
	{"log.cleaner.threads", integer, new("1"), atLeast(0), Cluster, "Threads for compaction."},
}
