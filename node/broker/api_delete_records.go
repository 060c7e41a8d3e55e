package broker

// DeleteRecords, key 21, versions 0 to 2 (KIP-107). The new log start is
// durable before the answer, and the followers have followed (REQUEST_TIMED_OUT if
// that takes longer than the request allows).

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

func (s *shard) deleteRecords(k *call, req *kmsg.DeleteRecordsRequest) {
	resp := kmsg.NewPtrDeleteRecordsResponse()
	var parts []trimPart
	var into []*kmsg.DeleteRecordsResponseTopicPartition
	resp.Topics = make([]kmsg.DeleteRecordsResponseTopic, len(req.Topics))
	for i := range req.Topics {
		t, out := &req.Topics[i], &resp.Topics[i]
		out.Default()
		out.Topic = t.Topic
		id, err := s.topicIn(false, t.Topic, [16]byte{})
		last := map[int32]int{} // of one named twice the last counts
		for j := range t.Partitions {
			last[t.Partitions[j].Partition] = j
		}
		out.Partitions = make([]kmsg.DeleteRecordsResponseTopicPartition, 0, len(last))
		for j := range t.Partitions {
			p := &t.Partitions[j]
			if last[p.Partition] != j {
				continue
			}
			x := kmsg.NewDeleteRecordsResponseTopicPartition()
			x.Partition, x.LowWatermark, x.ErrorCode = p.Partition, -1, codeOf(err)
			if err == nil && s.ownPartition(id, p.Partition) {
				x.ErrorCode = kerr.InvalidTopicException.Code
			}
			out.Partitions = append(out.Partitions, x)
			if x.ErrorCode == 0 {
				parts = append(parts, trimPart{partitionKey{id, p.Partition}, p.Offset})
				into = append(into, &out.Partitions[len(out.Partitions)-1])
			}
		}
	}
	scatter(s, parts, (*trimPart).key, func(some []trimPart) any { return trimQuestion{some, req.TimeoutMillis} }, func(results []trimResult) {
		for i, r := range results {
			into[i].ErrorCode, into[i].LowWatermark = r.Code, r.Low
		}
		k.reply(resp)
	})
}

func (s *shard) ownPartition(topic env.UUID, index int32) bool {
	return s.ownTopic(topic) && index >= 0 && int(index) < len(s.image.TopicByID(topic).Partitions)
}
