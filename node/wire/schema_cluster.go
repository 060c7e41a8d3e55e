package wire

import "github.com/twmb/franz-go/pkg/kmsg"

var electLeadersSchema = request(2,
	i8.from(1),
	list[kmsg.ElectLeadersRequestTopic](text, bare[int32](i32)).orNull(0),
	i32,
)

var alterPartitionReassignmentsSchema = request(0,
	i32, i8.from(1),
	list[kmsg.AlterPartitionAssignmentsRequestTopic](
		text,
		list[kmsg.AlterPartitionAssignmentsRequestTopicPartition](i32, bare[int32](i32).orNull(0)),
	),
)

var listPartitionReassignmentsSchema = request(0,
	i32,
	list[kmsg.ListPartitionReassignmentsRequestTopic](text, bare[int32](i32)).orNull(0),
)

var describeQuorumSchema = request(0,
	list[kmsg.DescribeQuorumRequestTopic](
		text,
		list[kmsg.DescribeQuorumRequestTopicPartition](i32),
	),
)

// The ISR is a list of ids up to v2, then of ids and broker epochs (KIP-903).
var alterPartitionSchema = request(0,
	i32, i64,
	list[kmsg.AlterPartitionRequestTopic](
		uuid,
		list[kmsg.AlterPartitionRequestTopicPartition](
			i32, i32,
			bare[int32](i32).to(2),
			list[kmsg.AlterPartitionRequestTopicPartitionNewEpochISR](i32, i64).from(3),
			i8, i32,
		),
	),
)

var updateFeaturesSchema = request(0,
	i32,
	list[kmsg.UpdateFeaturesRequestFeatureUpdate](text, i16, i8),
	i8.from(1),
)

var brokerRegistrationSchema = request(0,
	i32, text, uuid,
	list[kmsg.BrokerRegistrationRequestListener](text, text, i16, i16),
	list[kmsg.BrokerRegistrationRequestFeature](text, i16, i16),
	maybeText, i8.from(1),
	bare[[16]byte](uuid).from(2),
	i64.from(3),
)

// Tag 0 is the offline log directories (KIP-858), tag 1 the cordoned ones
// (KIP-1066).
var brokerHeartbeatSchema = withTags(request(0,
	i32, i64, i64, i8, i8,
), map[uint32]fields{
	0: {list: []field{bare[[16]byte](uuid)}},
	1: {list: []field{bare[[16]byte](uuid).orNull(0)}},
})

var unregisterBrokerSchema = request(0, i32)

var allocateProducerIDsSchema = request(0, i32, i64)

var assignReplicasToDirsSchema = request(0,
	i32, i64,
	list[kmsg.AssignReplicasToDirsRequestDirectory](
		uuid,
		list[kmsg.AssignReplicasToDirsRequestDirectoryTopic](
			uuid,
			list[kmsg.AssignReplicasToDirsRequestDirectoryTopicPartition](i32),
		),
	),
)

var addRaftVoterSchema = request(0,
	maybeText, i32, i32, uuid,
	list[kmsg.AddRaftVoterRequestListener](text, text, i16),
	i8.from(1),
)

var removeRaftVoterSchema = request(0, maybeText, i32, uuid)
