package config

// quotaKeys: quotas.
var quotaKeys = []Key{
	{
		"alter.log.dirs.replication.quota.window.num", integer, new("11"), atLeast(1), 0,
		"Samples kept for quotas on moves between log directories.",
	},
	{
		"alter.log.dirs.replication.quota.window.size.seconds", integer, new("1"), atLeast(1), 0,
		"Length of a sample for quotas on moves between log directories.",
	},
	{"client.quota.callback.class", class, nil, nil, 0, "A Java class that decides on quotas."},
	{
		"controller.quota.window.num", integer, new("11"), atLeast(1), 0,
		"Samples kept for quotas on changes of the metadata.",
	},
	{
		"controller.quota.window.size.seconds", integer, new("1"), atLeast(1), 0,
		"Length of a sample for quotas on changes of the metadata.",
	},
	{
		"follower.replication.throttled.rate", long, nil, atLeast(0), Cluster | Unlisted,
		"Bytes per second that throttled followers fetch.",
	},
	{
		"leader.replication.throttled.rate", long, nil, atLeast(0), Cluster | Unlisted,
		"Bytes per second that throttled leaders send to followers.",
	},
	{"quota.window.num", integer, new("11"), atLeast(1), 0, "Samples kept for client quotas."},
	{"quota.window.size.seconds", integer, new("1"), atLeast(1), 0, "Length of a sample for client quotas."},
	{
		"replica.alter.log.dirs.io.max.bytes.per.second", long, nil, atLeast(0), Cluster | Unlisted,
		"Bytes per second for moves between log directories.",
	},
	{"replication.quota.window.num", integer, new("11"), atLeast(1), 0, "Samples kept for replication quotas."},
	{
		"replication.quota.window.size.seconds", integer, new("1"), atLeast(1), 0,
		"Length of a sample for replication quotas.",
	},
}
