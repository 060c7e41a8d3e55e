package config

// consumerKeys: consumer groups (KIP-848).
var consumerKeys = []Key{
	{
		"group.consumer.assignment.interval.ms", integer, new("1000"), atLeast(0), Cluster | Acts,
		"Time between two assignments of a group.",
	},
	{
		"group.consumer.assignor.offload.enable", boolean, new("true"), nil, Cluster | Unlisted,
		"Whether assignments are computed in the background.",
	},
	{"group.consumer.assignors", list, new("uniform,range"), notEmpty, Acts, "Assignors; the first is the default."},
	{
		"group.consumer.heartbeat.interval.ms", integer, new("5000"), atLeast(1), Acts,
		"Time between heartbeats of a member.",
	},
	{
		"group.consumer.max.assignment.interval.ms", integer, new("15000"), atLeast(0), Acts,
		"Greatest assignment interval that a group may have.",
	},
	{
		"group.consumer.max.heartbeat.interval.ms", integer, new("15000"), atLeast(1), Acts,
		"Greatest heartbeat interval that a group may have.",
	},
	{
		"group.consumer.max.session.timeout.ms", integer, new("60000"), atLeast(1), Acts,
		"Greatest session timeout that a group may have.",
	},
	{"group.consumer.max.size", integer, new(maxInt), atLeast(1), Acts, "Most members of a consumer group."},
	{
		"group.consumer.migration.policy", text, new("bidirectional"), amongFold("DISABLED", "DOWNGRADE", "UPGRADE", "BIDIRECTIONAL"), Acts,
		"Which way groups may change between the classic and the consumer protocol.",
	},
	{
		"group.consumer.min.assignment.interval.ms", integer, new("0"), atLeast(0), Acts,
		"Least assignment interval that a group may have.",
	},
	{
		"group.consumer.min.heartbeat.interval.ms", integer, new("5000"), atLeast(1), Acts,
		"Least heartbeat interval that a group may have.",
	},
	{
		"group.consumer.min.session.timeout.ms", integer, new("45000"), atLeast(1), Acts,
		"Least session timeout that a group may have.",
	},
	{
		"group.consumer.regex.refresh.interval.ms", integer, new("600000"), atLeast(10000), Unlisted | Acts,
		"How often topics are matched against subscribed patterns.",
	},
	{
		"group.consumer.session.timeout.ms", integer, new("45000"), atLeast(1), Acts,
		"A member that is not heard of for so long leaves.",
	},
}
