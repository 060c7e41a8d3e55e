package config

// tierKeys: the parts of tiered storage that are plugged in, and its defaults of topics.
var tierKeys = []Key{
	{
		"log.local.retention.bytes", long, new("-2"), atLeast(-2), Cluster,
		"Size of the local log beyond which segments are only in the remote tier; -2 as log.retention.bytes.",
	},
	{
		"log.local.retention.ms", long, new("-2"), atLeast(-2), Cluster,
		"Age beyond which segments are only in the remote tier; -2 as log.retention.ms.",
	},
	{
		"log.remote.copy.lag.bytes", long, new("-1"), atLeast(-1), Cluster,
		"Bytes that a segment must lie back before it is copied; -1 for none.",
	},
	{
		"log.remote.copy.lag.ms", long, new("0"), atLeast(-1), Cluster,
		"Age that a segment must have before it is copied; -1 for none.",
	},
	{
		"remote.log.metadata.custom.metadata.max.bytes", integer, new("128"), atLeast(0), 0,
		"Most bytes that a plugin may attach to a segment.",
	},
	{
		"remote.log.metadata.manager.class.name", text, new("org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager"), notEmpty, 0,
		"A Java class that keeps the metadata of remote segments.",
	},
	{"remote.log.metadata.manager.class.path", text, nil, nil, 0, "Where the class that keeps remote metadata lies."},
	{
		"remote.log.metadata.manager.impl.prefix", text, new("rlmm.config."), notEmpty, 0,
		"How the keys of the class that keeps remote metadata begin.",
	},
	{
		"remote.log.metadata.manager.listener.name", text, nil, notEmpty, 0,
		"The listener that the class that keeps remote metadata uses.",
	},
	{"remote.log.storage.manager.class.name", text, nil, notEmpty, 0, "A Java class that stores remote segments."},
	{"remote.log.storage.manager.class.path", text, nil, nil, 0, "Where the class that stores remote segments lies."},
	{
		"remote.log.storage.manager.impl.prefix", text, new("rsm.config."), notEmpty, 0,
		"How the keys of the class that stores remote segments begin.",
	},
	{"remote.log.storage.system.enable", boolean, new("false"), nil, 0, "Whether there is tiered storage."},
}
