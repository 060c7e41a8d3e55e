package config

// ownKeys are Odradek's own.
var ownKeys = []Key{
	{"cluster.id", text, nil, nil, Acts, "The id of a cluster that is made at the first start; drawn by chance if not given."},
	{"num.shards", integer, new("1"), between(1, 1024), Acts, "How many shards share the partitions of the node; each runs on a core of its own."},
}
