package config

// groupKeys is what a group can be given.
var groupKeys = byName([]Key{
	{"consumer.assignment.interval.ms", integer, new("1000"), atLeast(0), 0, "Time between two assignments."},
	{
		"consumer.assignor.offload.enable", boolean, new("true"), nil, Unlisted,
		"Whether assignments are computed in the background.",
	},
	{"consumer.heartbeat.interval.ms", integer, new("5000"), atLeast(1), 0, "Time between heartbeats of a member."},
	{
		"consumer.session.timeout.ms", integer, new("45000"), atLeast(1), 0,
		"A member that is not heard of for so long leaves.",
	},
	{
		"errors.deadletterqueue.copy.record.enable", boolean, new("false"), nil, 0,
		"Whether a dead letter holds the record itself.",
	},
	{"errors.deadletterqueue.topic.name", text, new(""), notInternal, 0, "Topic for dead letters; none if empty."},
	{"share.assignment.interval.ms", integer, new("1000"), atLeast(0), 0, "Time between two assignments."},
	{
		"share.assignor.offload.enable", boolean, new("true"), nil, Unlisted,
		"Whether assignments are computed in the background.",
	},
	{
		"share.auto.offset.reset", text, new("latest"), offsetReset, 0,
		"Where a new share group begins: earliest, latest or by_duration.",
	},
	{"share.delivery.count.limit", integer, new("5"), atLeast(2), 0, "How often a record is delivered at most."},
	{"share.heartbeat.interval.ms", integer, new("5000"), atLeast(1), 0, "Time between heartbeats of a member."},
	{
		"share.isolation.level", text, new("read_uncommitted"), among("read_committed", "read_uncommitted"), 0,
		"Whether records of unfinished transactions are delivered.",
	},
	{
		"share.partition.max.record.locks", integer, new("2000"), atLeast(100), 0,
		"Records of a partition that may be locked at one time.",
	},
	{"share.record.lock.duration.ms", integer, new("30000"), atLeast(1000), 0, "How long a record is locked."},
	{"share.renew.acknowledge.enable", boolean, new("true"), nil, 0, "Whether a lock may be renewed."},
	{
		"share.session.timeout.ms", integer, new("45000"), atLeast(1), 0,
		"A member that is not heard of for so long leaves.",
	},
	{
		"streams.acceptable.recovery.lag", long, new("10000"), atLeast(0), Unlisted,
		"How far behind a task may be and still count as caught up.",
	},
	{"streams.assignment.interval.ms", integer, new("1000"), atLeast(0), 0, "Time between two assignments."},
	{"streams.assignor.name", text, nil, nil, 0, "The assignor."},
	{
		"streams.assignor.offload.enable", boolean, new("true"), nil, Unlisted,
		"Whether assignments are computed in the background.",
	},
	{"streams.heartbeat.interval.ms", integer, new("5000"), atLeast(1), 0, "Time between heartbeats of a member."},
	{
		"streams.initial.rebalance.delay.ms", integer, new("3000"), atLeast(0), 0,
		"How long a new group waits for more members.",
	},
	{"streams.num.standby.replicas", integer, new("0"), atLeast(0), 0, "Standby tasks of each stateful task."},
	{
		"streams.num.warmup.replicas", integer, new("2"), atLeast(0), Unlisted,
		"Tasks that may warm up beyond the standby tasks.",
	},
	{
		"streams.rack.aware.assignment.tags", list, new(""), elements, 0,
		"Client tags over which standby tasks are spread.",
	},
	{
		"streams.session.timeout.ms", integer, new("45000"), atLeast(1), 0,
		"A member that is not heard of for so long leaves.",
	},
	{
		"streams.task.offset.interval.ms", integer, new("60000"), atLeast(1), Unlisted,
		"How often members tell the offsets of their tasks.",
	},
})
