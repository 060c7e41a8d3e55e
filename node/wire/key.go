package wire

// Keys of Kafka's requests that this package can parse (Kafka's ApiKeys). Those of
// our own are in peer.go.
const (
	Produce                     int16 = 0
	Fetch                       int16 = 1
	ListOffsets                 int16 = 2
	Metadata                    int16 = 3
	OffsetCommit                int16 = 8
	OffsetFetch                 int16 = 9
	FindCoordinator             int16 = 10
	JoinGroup                   int16 = 11
	Heartbeat                   int16 = 12
	LeaveGroup                  int16 = 13
	SyncGroup                   int16 = 14
	DescribeGroups              int16 = 15
	ListGroups                  int16 = 16
	ApiVersions                 int16 = 18
	CreateTopics                int16 = 19
	DeleteTopics                int16 = 20
	DeleteRecords               int16 = 21
	InitProducerID              int16 = 22
	OffsetForLeaderEpoch        int16 = 23
	DescribeConfigs             int16 = 32
	AlterConfigs                int16 = 33
	DescribeLogDirs             int16 = 35
	CreatePartitions            int16 = 37
	DeleteGroups                int16 = 42
	ElectLeaders                int16 = 43
	IncrementalAlterConfigs     int16 = 44
	AlterPartitionReassignments int16 = 45
	ListPartitionReassignments  int16 = 46
	OffsetDelete                int16 = 47
	DescribeQuorum              int16 = 55
	AlterPartition              int16 = 56
	UpdateFeatures              int16 = 57
	DescribeCluster             int16 = 60
	BrokerRegistration          int16 = 62
	BrokerHeartbeat             int16 = 63
	UnregisterBroker            int16 = 64
	AllocateProducerIDs         int16 = 67
	ConsumerGroupHeartbeat      int16 = 68
	ConsumerGroupDescribe       int16 = 69
	AssignReplicasToDirs        int16 = 73
	DescribeTopicPartitions     int16 = 75
	AddRaftVoter                int16 = 80
	RemoveRaftVoter             int16 = 81
)
