package wire

import "github.com/twmb/franz-go/pkg/kmsg"

// schemas has one entry for each key that a listener takes; looked up, never
// ranged over.
var schemas = map[int16]schema{
	Produce:                     produceSchema,
	Fetch:                       fetchSchema,
	ListOffsets:                 listOffsetsSchema,
	Metadata:                    metadataSchema,
	OffsetCommit:                offsetCommitSchema,
	OffsetFetch:                 offsetFetchSchema,
	FindCoordinator:             findCoordinatorSchema,
	JoinGroup:                   joinGroupSchema,
	Heartbeat:                   heartbeatSchema,
	LeaveGroup:                  leaveGroupSchema,
	SyncGroup:                   syncGroupSchema,
	DescribeGroups:              describeGroupsSchema,
	ListGroups:                  listGroupsSchema,
	DeleteGroups:                deleteGroupsSchema,
	OffsetDelete:                offsetDeleteSchema,
	ConsumerGroupHeartbeat:      consumerGroupHeartbeatSchema,
	ConsumerGroupDescribe:       consumerGroupDescribeSchema,
	ApiVersions:                 apiVersionsSchema,
	CreateTopics:                createTopicsSchema,
	DeleteTopics:                deleteTopicsSchema,
	DeleteRecords:               deleteRecordsSchema,
	InitProducerID:              initProducerIDSchema,
	OffsetForLeaderEpoch:        offsetForLeaderEpochSchema,
	DescribeConfigs:             describeConfigsSchema,
	AlterConfigs:                alterConfigsSchema,
	DescribeLogDirs:             describeLogDirsSchema,
	CreatePartitions:            createPartitionsSchema,
	IncrementalAlterConfigs:     incrementalAlterConfigsSchema,
	DescribeCluster:             describeClusterSchema,
	DescribeTopicPartitions:     describeTopicPartitionsSchema,
	ElectLeaders:                electLeadersSchema,
	AlterPartitionReassignments: alterPartitionReassignmentsSchema,
	ListPartitionReassignments:  listPartitionReassignmentsSchema,
	DescribeQuorum:              describeQuorumSchema,
	AlterPartition:              alterPartitionSchema,
	UpdateFeatures:              updateFeaturesSchema,
	BrokerRegistration:          brokerRegistrationSchema,
	BrokerHeartbeat:             brokerHeartbeatSchema,
	UnregisterBroker:            unregisterBrokerSchema,
	AllocateProducerIDs:         allocateProducerIDsSchema,
	AssignReplicasToDirs:        assignReplicasToDirsSchema,
	AddRaftVoter:                addRaftVoterSchema,
	RemoveRaftVoter:             removeRaftVoterSchema,
	Raft:                        raftSchema,
	MetadataPull:                metadataPullSchema,
	ReplicaLost:                 replicaLostSchema,
}

var apiVersionsSchema = request(3,
	text.from(3), text.from(3), maybeText.from(5), i32.from(5),
)

var metadataSchema = request(9,
	list[kmsg.MetadataRequestTopic](
		uuid.from(10), maybeText.orNull(10),
	).orNull(1),
	i8.from(4), i8.from(8).to(10), i8.from(8),
)

var findCoordinatorSchema = request(3,
	text.to(3), i8.from(1), bare[string](text).from(4),
)

var describeClusterSchema = request(0,
	i8, i8.from(1), i8.from(2),
)

var describeTopicPartitionsSchema = request(0,
	list[kmsg.DescribeTopicPartitionsRequestTopic](text),
	i32,
	one[kmsg.DescribeTopicPartitionsRequestCursor](text, i32),
)

var createTopicsSchema = request(5,
	list[kmsg.CreateTopicsRequestTopic](
		text, i32, i16,
		list[kmsg.CreateTopicsRequestTopicReplicaAssignment](i32, bare[int32](i32)),
		list[kmsg.CreateTopicsRequestTopicConfig](text, maybeText),
	),
	i32, i8.from(1),
)

var deleteTopicsSchema = request(4,
	bare[string](text).to(5),
	list[kmsg.DeleteTopicsRequestTopic](maybeText, uuid).from(6),
	i32,
)

var createPartitionsSchema = request(2,
	list[kmsg.CreatePartitionsRequestTopic](
		text, i32,
		list[kmsg.CreatePartitionsRequestTopicAssignment](bare[int32](i32)).orNull(0),
	),
	i32, i8,
)

var describeConfigsSchema = request(4,
	list[kmsg.DescribeConfigsRequestResource](
		i8, text, bare[string](text).orNull(0),
	),
	i8.from(1), i8.from(3),
)

var alterConfigsSchema = request(2,
	list[kmsg.AlterConfigsRequestResource](
		i8, text,
		list[kmsg.AlterConfigsRequestResourceConfig](text, maybeText),
	),
	i8,
)

var incrementalAlterConfigsSchema = request(1,
	list[kmsg.IncrementalAlterConfigsRequestResource](
		i8, text,
		list[kmsg.IncrementalAlterConfigsRequestResourceConfig](text, i8, maybeText),
	),
	i8,
)

var describeLogDirsSchema = request(2,
	list[kmsg.DescribeLogDirsRequestTopic](
		text, bare[int32](i32),
	).orNull(0),
)
