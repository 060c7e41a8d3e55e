package config

// ownKeys are Odradek's own.
var ownKeys = []Key{
	{"cluster.id", text, nil, nil, Acts, "The id of a cluster that is made at the first start; drawn by chance if not given."},
	{
		"log.scrub.bytes.per.second", long, new("1048576"), atLeast(0), Acts,
		"How much of its logs each shard reads again to find damaged records, which are then fetched from other replicas; 0 is none.",
	},
	{"log.scrub.interval.ms", long, new("86400000"), atLeast(1), Acts, "How often all logs are read again."},
	{"num.shards", integer, new("1"), between(1, 1024), Acts, "How many shards share the partitions of the node; each runs on a core of its own."},
}
