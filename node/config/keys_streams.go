package config

// streamsKeys: streams groups (KIP-1071).
var streamsKeys = []Key{
	{
		"group.streams.acceptable.recovery.lag", long, new("10000"), atLeast(0), Unlisted,
		"How far behind a task may be and still count as caught up.",
	},
	{
		"group.streams.assignment.interval.ms", integer, new("1000"), atLeast(0), Cluster,
		"Time between two assignments of a group.",
	},
	{
		"group.streams.assignor.offload.enable", boolean, new("true"), nil, Cluster | Unlisted,
		"Whether assignments are computed in the background.",
	},
	{"group.streams.assignors", list, new("sticky"), notEmpty, 0, "Assignors; the first is the default."},
	{"group.streams.heartbeat.interval.ms", integer, new("5000"), atLeast(1), 0, "Time between heartbeats of a member."},
	{
		"group.streams.initial.rebalance.delay.ms", integer, new("3000"), atLeast(0), 0,
		"How long a new group waits for more members.",
	},
	{
		"group.streams.max.assignment.interval.ms", integer, new("15000"), atLeast(0), 0,
		"Greatest assignment interval that a group may have.",
	},
	{
		"group.streams.max.heartbeat.interval.ms", integer, new("15000"), atLeast(1), 0,
		"Greatest heartbeat interval that a group may have.",
	},
	{
		"group.streams.max.session.timeout.ms", integer, new("60000"), atLeast(1), 0,
		"Greatest session timeout that a group may have.",
	},
	{"group.streams.max.size", integer, new(maxInt), atLeast(1), 0, "Most members of a streams group."},
	{
		"group.streams.max.standby.replicas", integer, new("2"), atLeast(0), 0,
		"Most standby tasks that a group may have.",
	},
	{
		"group.streams.max.warmup.replicas", integer, new("20"), atLeast(0), Unlisted,
		"Most warming tasks that a group may have.",
	},
	{
		"group.streams.min.assignment.interval.ms", integer, new("0"), atLeast(0), 0,
		"Least assignment interval that a group may have.",
	},
	{
		"group.streams.min.heartbeat.interval.ms", integer, new("5000"), atLeast(1), 0,
		"Least heartbeat interval that a group may have.",
	},
	{
		"group.streams.min.session.timeout.ms", integer, new("45000"), atLeast(1), 0,
		"Least session timeout that a group may have.",
	},
	{
		"group.streams.min.task.offset.interval.ms", integer, new("15000"), atLeast(1), Unlisted,
		"Least interval that a group may have for telling task offsets.",
	},
	{"group.streams.num.standby.replicas", integer, new("0"), atLeast(0), 0, "Standby tasks of each stateful task."},
	{
		"group.streams.num.warmup.replicas", integer, new("2"), atLeast(0), Unlisted,
		"Tasks that may warm up beyond the standby tasks.",
	},
	{
		"group.streams.rack.aware.assignment.tags", list, new(""), elements, 0,
		"Client tags over which standby tasks are spread.",
	},
	{
		"group.streams.session.timeout.ms", integer, new("45000"), atLeast(1), 0,
		"A member that is not heard of for so long leaves.",
	},
	{
		"group.streams.task.offset.interval.ms", integer, new("60000"), atLeast(1), Unlisted,
		"How often members tell the offsets of their tasks.",
	},
	{"group.streams.topology.description.plugin.class", class, nil, nil, 0, "A Java class that describes topologies."},
}
