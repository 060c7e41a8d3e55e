package wire

import "github.com/twmb/franz-go/pkg/kmsg"

var produceSchema = request(9,
	maybeText.from(3), i16, i32,
	list[kmsg.ProduceRequestTopic](
		text.to(12), uuid.from(13),
		list[kmsg.ProduceRequestTopicPartition](i32, records),
	),
)

// Tag 0 of a partition is the replica's directory (KIP-853), tag 1 its high
// watermark (KIP-1166). Tag 0 of the request is the cluster id, tag 1 the
// replica's id and epoch (KIP-903).
var fetchSchema = withTags(request(12,
	i32.to(14), i32, i32, i32.from(3), i8.from(4), i32.from(7), i32.from(7),
	list[kmsg.FetchRequestTopic](
		text.to(12), uuid.from(13),
		list[kmsg.FetchRequestTopicPartition](
			i32, i32.from(9), i64, i32.from(12), i64.from(5), i32,
		).with(map[uint32]fields{0: {list: []field{uuid}}, 1: {list: []field{i64}}}),
	),
	list[kmsg.FetchRequestForgottenTopic](
		text.to(12), uuid.from(13), bare[int32](i32),
	).from(7),
	text.from(11),
), map[uint32]fields{
	0: {list: []field{maybeText}},
	1: {list: []field{i32, i64, tail}},
})

var listOffsetsSchema = request(6,
	i32, i8.from(2),
	list[kmsg.ListOffsetsRequestTopic](
		text,
		list[kmsg.ListOffsetsRequestTopicPartition](i32, i32.from(4), i64, i32.to(0)),
	),
	i32.from(10),
)

var offsetForLeaderEpochSchema = request(4,
	i32.from(3),
	list[kmsg.OffsetForLeaderEpochRequestTopic](
		text,
		list[kmsg.OffsetForLeaderEpochRequestTopicPartition](i32, i32.from(2), i32),
	),
)

var deleteRecordsSchema = request(2,
	list[kmsg.DeleteRecordsRequestTopic](
		text,
		list[kmsg.DeleteRecordsRequestTopicPartition](i32, i64),
	),
	i32,
)

var initProducerIDSchema = request(2,
	maybeText, i32, i64.from(3), i16.from(3),
)

func withTags(s schema, tags map[uint32]fields) schema {
	s.tags = tags
	return s
}
