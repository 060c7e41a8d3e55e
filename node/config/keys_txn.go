package config

// transactionKeys: transactions.
var transactionKeys = []Key{
	{
		"add.partitions.to.txn.retry.backoff.max.ms", integer, new("100"), atLeast(0), 0,
		"How long adding a partition to a transaction is tried on the server.",
	},
	{
		"add.partitions.to.txn.retry.backoff.ms", integer, new("20"), atLeast(1), 0,
		"Pause between attempts to add a partition to a transaction on the server.",
	},
	{
		"transaction.abort.timed.out.transaction.cleanup.interval.ms", integer, new("10000"), atLeast(1), 0,
		"How often transactions are checked for their timeout.",
	},
	{
		"transaction.max.timeout.ms", integer, new("900000"), atLeast(1), 0,
		"Longest timeout that a producer may ask for.",
	},
	{
		"transaction.partition.verification.enable", boolean, new("true"), nil, Cluster,
		"Whether an append is checked to belong to a running transaction.",
	},
	{
		"transaction.remove.expired.transaction.cleanup.interval.ms", integer, new("3600000"), atLeast(1), 0,
		"How often transactional ids are checked for age.",
	},
	{
		"transaction.state.log.load.buffer.size", integer, new("5242880"), atLeast(1), 0,
		"Bytes read at a time when transactions are loaded.",
	},
	{
		"transaction.state.log.min.isr", integer, new("2"), atLeast(1), 0,
		"Replicas of the transaction topic that must be in sync.",
	},
	{"transaction.state.log.num.partitions", integer, new("50"), atLeast(1), 0, "Partitions of the transaction topic."},
	{"transaction.state.log.replication.factor", short, new("3"), atLeast(1), 0, "Replicas of the transaction topic."},
	{
		"transaction.state.log.segment.bytes", integer, new("104857600"), atLeast(1), 0,
		"Segment size of the transaction topic.",
	},
	{
		"transaction.two.phase.commit.enable", boolean, new("false"), nil, 0,
		"Whether an outside coordinator may prepare and commit transactions.",
	},
	{
		"transactional.id.expiration.ms", integer, new("604800000"), atLeast(1), 0,
		"A transactional id that is not used for so long is forgotten.",
	},
}
