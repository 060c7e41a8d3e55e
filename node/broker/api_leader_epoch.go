package broker

// OffsetForLeaderEpoch, key 23, versions 2 to 4 (KIP-101, KIP-320).

import "github.com/twmb/franz-go/pkg/kmsg"

func (s *shard) offsetForLeaderEpoch(k *call, req *kmsg.OffsetForLeaderEpochRequest) {
	resp := kmsg.NewPtrOffsetForLeaderEpochResponse()
	var parts []epochsPart
	var into []*kmsg.OffsetForLeaderEpochResponseTopicPartition
	resp.Topics = make([]kmsg.OffsetForLeaderEpochResponseTopic, len(req.Topics))
	for i := range req.Topics {
		t, out := &req.Topics[i], &resp.Topics[i]
		out.Default()
		out.Topic = t.Topic
		id, err := s.topicIn(false, t.Topic, [16]byte{})
		out.Partitions = make([]kmsg.OffsetForLeaderEpochResponseTopicPartition, len(t.Partitions))
		for j := range t.Partitions {
			p, x := &t.Partitions[j], &out.Partitions[j]
			x.Default()
			x.Partition, x.LeaderEpoch, x.EndOffset, x.ErrorCode = p.Partition, -1, -1, codeOf(err)
			if err == nil {
				parts = append(parts, epochsPart{partitionKey{id, p.Partition}, p.LeaderEpoch, p.CurrentLeaderEpoch})
				into = append(into, x)
			}
		}
	}
	scatter(s, parts, (*epochsPart).key, func(some []epochsPart) any { return epochsQuestion{some} }, func(results []epochsResult) {
		for i, r := range results {
			into[i].ErrorCode, into[i].LeaderEpoch, into[i].EndOffset = r.Code, r.Epoch, r.End
		}
		k.reply(resp)
	})
}
