package config

// ownKeys are Odradek's own.
var ownKeys = []Key{
	{"cluster.id", text, nil, nil, Acts, "The id of a cluster that is made at the first start; drawn by chance if not given."},
	{
		"log.scrub.bytes.per.second", long, new("1048576"), atLeast(0), Acts,
		"How much of its logs each shard reads again to find damaged records, which are then fetched from other replicas; 0 is none.",
	},
	{"log.scrub.interval.ms", long, new("86400000"), atLeast(1), Acts, "How often all logs are read again."},
	{
		"odradek.journal.batch.bytes", long, new("32768"), atLeast(0), Acts,
		"From so many bytes on, what a log has appended at one time is synced in its own file, and not written to the journal.",
	},
	{
		"odradek.journal.bytes", long, new("67108864"), atLeast(0), Acts,
		"Largest size of the journal that each shard keeps in each log directory, with which one sync makes small appends to all partitions durable; less than 4096 is none, and each file is synced by itself.",
	},
	{
		"odradek.open.at.start", long, new("1000"), atLeast(0), Acts,
		"How many logs without other replicas each shard opens at its start though nobody asks for them; the rest are opened when somebody does, or by and by.",
	},
	{"num.shards", integer, new("1"), between(1, 1024), Acts, "How many shards share the partitions of the node; each runs on a core of its own."},
}
