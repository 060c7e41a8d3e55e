package config

// remoteKeys: the manager of tiered storage.
var remoteKeys = []Key{
	{
		"follower.fetch.last.tiered.offset.enable", boolean, new("false"), nil, Cluster,
		"Whether an empty follower begins after what is in the remote tier.",
	},
	{
		"remote.fetch.max.wait.ms", integer, new("500"), atLeast(1), Cluster,
		"How long a fetch waits for the remote tier.",
	},
	{
		"remote.list.offsets.request.timeout.ms", long, new("30000"), atLeast(1), Cluster,
		"How long a look-up by time waits for the remote tier.",
	},
	{
		"remote.log.index.file.cache.total.size.bytes", long, new("1073741824"), atLeast(1), Cluster,
		"Bytes of remote indexes that are kept here.",
	},
	{
		"remote.log.index.file.cache.ttl.ms", long, new("900000"), atLeast(-1), Unlisted,
		"How long an index that is not used is kept.",
	},
	{
		"remote.log.manager.copier.thread.pool.size", integer, new("10"), atLeast(1), Cluster,
		"Threads that copy segments.",
	},
	{
		"remote.log.manager.copy.max.bytes.per.second", long, new(maxLong), atLeast(1), Cluster,
		"Bytes per second that are copied.",
	},
	{
		"remote.log.manager.copy.quota.window.num", integer, new("11"), atLeast(1), 0,
		"Samples kept for the limit on copied bytes.",
	},
	{
		"remote.log.manager.copy.quota.window.size.seconds", integer, new("1"), atLeast(1), 0,
		"Length of a sample for the limit on copied bytes.",
	},
	{
		"remote.log.manager.expiration.thread.pool.size", integer, new("10"), atLeast(1), Cluster,
		"Threads that remove remote segments.",
	},
	{
		"remote.log.manager.fetch.max.bytes.per.second", long, new(maxLong), atLeast(1), Cluster,
		"Bytes per second that are fetched.",
	},
	{
		"remote.log.manager.fetch.quota.window.num", integer, new("11"), atLeast(1), 0,
		"Samples kept for the limit on fetched bytes.",
	},
	{
		"remote.log.manager.fetch.quota.window.size.seconds", integer, new("1"), atLeast(1), 0,
		"Length of a sample for the limit on fetched bytes.",
	},
	{
		"remote.log.manager.follower.thread.pool.size", integer, new("2"), atLeast(1), Cluster,
		"Threads for partitions that follow.",
	},
	{
		"remote.log.manager.task.interval.ms", long, new("30000"), atLeast(1), 0,
		"How often segments are copied and removed.",
	},
	{
		"remote.log.manager.task.retry.backoff.max.ms", long, new("30000"), atLeast(1), Unlisted,
		"Longest pause after a failure.",
	},
	{"remote.log.manager.task.retry.backoff.ms", long, new("500"), atLeast(1), Unlisted, "First pause after a failure."},
	{
		"remote.log.manager.task.retry.jitter", double, new("0.2"), between(0, 0.5), Unlisted,
		"Share of chance in the pauses after failures.",
	},
	{"remote.log.manager.thread.pool.size", integer, new("2"), atLeast(1), 0, "Threads of the manager."},
	{"remote.log.reader.max.pending.tasks", integer, new("100"), atLeast(1), 0, "Remote reads that may wait."},
	{"remote.log.reader.threads", integer, new("10"), atLeast(1), Cluster, "Threads that read remotely."},
}
