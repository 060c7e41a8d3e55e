package wire

// Keys of the requests that this package can parse (Kafka's ApiKeys).
const (
	Produce                 int16 = 0
	Fetch                   int16 = 1
	ListOffsets             int16 = 2
	Metadata                int16 = 3
	FindCoordinator         int16 = 10
	ApiVersions             int16 = 18
	CreateTopics            int16 = 19
	DeleteTopics            int16 = 20
	DeleteRecords           int16 = 21
	InitProducerID          int16 = 22
	OffsetForLeaderEpoch    int16 = 23
	DescribeConfigs         int16 = 32
	AlterConfigs            int16 = 33
	DescribeLogDirs         int16 = 35
	CreatePartitions        int16 = 37
	IncrementalAlterConfigs int16 = 44
	DescribeCluster         int16 = 60
	DescribeTopicPartitions int16 = 75
)
