package config

// shareKeys: share groups (KIP-932).
var shareKeys = []Key{
	{
		"errors.deadletterqueue.auto.create.topics.enable", boolean, new("false"), nil, Cluster,
		"Whether dead letter topics are created when needed.",
	},
	{
		"errors.deadletterqueue.topic.name.prefix", text, new("dlq."), nil, Cluster,
		"How the names of dead letter topics begin.",
	},
	{
		"group.share.assignment.interval.ms", integer, new("1000"), atLeast(0), Cluster,
		"Time between two assignments of a group.",
	},
	{
		"group.share.assignor.offload.enable", boolean, new("true"), nil, Cluster | Unlisted,
		"Whether assignments are computed in the background.",
	},
	{"group.share.assignors", list, new("simple"), notEmpty, 0, "Assignors; the first is the default."},
	{
		"group.share.delivery.count.limit", integer, new("5"), between(2, 10), 0,
		"How often a record is delivered at most.",
	},
	{
		"group.share.dlq.manager.class.name", text, new("org.apache.kafka.server.share.dlq.DefaultShareGroupDLQManager"), nil, Unlisted,
		"A Java class that writes dead letters.",
	},
	{"group.share.heartbeat.interval.ms", integer, new("5000"), atLeast(1), 0, "Time between heartbeats of a member."},
	{
		"group.share.initialize.retry.interval.ms", integer, new("30000"), atLeast(1), Unlisted,
		"Pause before a share partition is initialized again.",
	},
	{
		"group.share.max.assignment.interval.ms", integer, new("15000"), atLeast(0), 0,
		"Greatest assignment interval that a group may have.",
	},
	{
		"group.share.max.delivery.count.limit", integer, new("10"), between(5, 25), 0,
		"Greatest delivery limit that a group may have.",
	},
	{
		"group.share.max.heartbeat.interval.ms", integer, new("15000"), atLeast(1), 0,
		"Greatest heartbeat interval that a group may have.",
	},
	{
		"group.share.max.partition.max.record.locks", integer, new("4000"), between(2000, 10000), 0,
		"Greatest number of locked records that a group may have.",
	},
	{
		"group.share.max.record.lock.duration.ms", integer, new("60000"), between(30000, 3600000), 0,
		"Longest lock that a group may have.",
	},
	{
		"group.share.max.session.timeout.ms", integer, new("60000"), atLeast(1), 0,
		"Greatest session timeout that a group may have.",
	},
	{"group.share.max.share.sessions", integer, new("2000"), atLeast(1), 0, "Share sessions that the node remembers."},
	{"group.share.max.size", integer, new("200"), between(1, 1000), 0, "Most members of a share group."},
	{
		"group.share.min.assignment.interval.ms", integer, new("0"), atLeast(0), 0,
		"Least assignment interval that a group may have.",
	},
	{
		"group.share.min.delivery.count.limit", integer, new("2"), between(2, 5), 0,
		"Least delivery limit that a group may have.",
	},
	{
		"group.share.min.heartbeat.interval.ms", integer, new("5000"), atLeast(1), 0,
		"Least heartbeat interval that a group may have.",
	},
	{
		"group.share.min.partition.max.record.locks", integer, new("100"), between(100, 2000), 0,
		"Least number of locked records that a group may have.",
	},
	{
		"group.share.min.record.lock.duration.ms", integer, new("15000"), between(1000, 30000), 0,
		"Shortest lock that a group may have.",
	},
	{
		"group.share.min.session.timeout.ms", integer, new("45000"), atLeast(1), 0,
		"Least session timeout that a group may have.",
	},
	{
		"group.share.partition.max.record.locks", integer, new("2000"), between(100, 10000), 0,
		"Records of a partition that may be locked at one time.",
	},
	{
		"group.share.persister.class.name", text, new("org.apache.kafka.server.share.persister.DefaultStatePersister"), nil, Unlisted,
		"A Java class that keeps the state of share groups.",
	},
	{
		"group.share.record.lock.duration.ms", integer, new("30000"), between(1000, 3600000), 0,
		"How long a record is locked.",
	},
	{
		"group.share.session.timeout.ms", integer, new("45000"), atLeast(1), 0,
		"A member that is not heard of for so long leaves.",
	},
	{
		"share.fetch.purgatory.purge.interval.requests", integer, new("1000"), nil, 0,
		"Share fetches after which waiting ones are tidied up.",
	},
}
