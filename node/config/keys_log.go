package config

// logKeys: log directories and what holds for all logs.
var logKeys = []Key{
	{"cordoned.log.dirs", list, new(""), elements, PerBroker, "Log directories that get no new partitions; * for all."},
	{"log.dir", list, new("/tmp/kafka-logs"), notEmpty, Acts, "Directories of logs, if log.dirs is not given."},
	{
		"log.dir.failure.timeout.ms", long, new("30000"), atLeast(1), 0,
		"How long a broker that cannot tell the controller of a failed directory goes on.",
	},
	{"log.dirs", list, nil, notEmpty, Acts, "Directories of logs, separated by commas."},
	{
		"log.flush.offset.checkpoint.interval.ms", integer, new("60000"), atLeast(0), 0,
		"How often recovery points are written down.",
	},
	{
		"log.flush.scheduler.interval.ms", long, new(maxLong), nil, Acts,
		"How often it is checked whether a log is to be synced.",
	},
	{
		"log.flush.start.offset.checkpoint.interval.ms", integer, new("60000"), atLeast(0), 0,
		"How often log start offsets are written down.",
	},
	{
		"log.initial.task.delay.ms", long, new("30000"), atLeast(0), Unlisted,
		"How long after the start the checks of logs begin.",
	},
	{
		"log.retention.check.interval.ms", long, new("300000"), atLeast(1), Acts,
		"How often logs are checked for segments to remove.",
	},
	{
		"num.replica.alter.log.dirs.threads", integer, nil, nil, 0,
		"Threads that move partitions between log directories.",
	},
	{
		"producer.id.expiration.check.interval.ms", integer, new("600000"), atLeast(1), Unlisted,
		"How often producer ids are checked for age.",
	},
	{
		"producer.id.expiration.ms", integer, new("86400000"), atLeast(1), Acts | Cluster,
		"A producer id that does not write for so long is forgotten.",
	},
}
