package wire

import "github.com/twmb/franz-go/pkg/kmsg"

var offsetCommitSchema = request(8,
	text, i32, text, maybeText.from(7), i64.to(4),
	list[kmsg.OffsetCommitRequestTopic](
		text.to(9), uuid.from(10),
		list[kmsg.OffsetCommitRequestTopicPartition](i32, i64, i32.from(6), maybeText),
	),
)

var offsetFetchSchema = request(6,
	text.to(7),
	list[kmsg.OffsetFetchRequestTopic](text, bare[int32](i32)).to(7).orNull(2),
	list[kmsg.OffsetFetchRequestGroup](
		text, maybeText.from(9), i32.from(9),
		list[kmsg.OffsetFetchRequestGroupTopic](text.to(9), uuid.from(10), bare[int32](i32)).orNull(8),
	).from(8),
	i8.from(7),
)

var offsetDeleteSchema = request(never,
	text,
	list[kmsg.OffsetDeleteRequestTopic](text, list[kmsg.OffsetDeleteRequestTopicPartition](i32)),
)

var joinGroupSchema = request(6,
	text, i32, i32.from(1), text, maybeText.from(5), text,
	list[kmsg.JoinGroupRequestProtocol](text, blobNotNull),
	maybeText.from(8),
)

var syncGroupSchema = request(4,
	text, i32, text, maybeText.from(3), maybeText.from(5), maybeText.from(5),
	list[kmsg.SyncGroupRequestGroupAssignment](text, blobNotNull),
)

var heartbeatSchema = request(4, text, i32, text, maybeText.from(3))

var leaveGroupSchema = request(4,
	text, text.to(2),
	list[kmsg.LeaveGroupRequestMember](text, maybeText, maybeText.from(5)).from(3),
)

var listGroupsSchema = request(3, bare[string](text).from(4), bare[string](text).from(5))

var describeGroupsSchema = request(5, bare[string](text), i8.from(3))

var deleteGroupsSchema = request(2, bare[string](text))

var consumerGroupHeartbeatSchema = request(0,
	text, text, i32, maybeText, maybeText, i32,
	bare[string](text).orNull(0), maybeText.from(1), maybeText,
	list[kmsg.ConsumerGroupHeartbeatRequestTopic](uuid, bare[int32](i32)).orNull(0),
)

var consumerGroupDescribeSchema = request(0, bare[string](text), i8)
