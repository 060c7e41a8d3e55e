package broker

// ListOffsets, key 2, versions 1 to 11: by timestamp, latest, earliest, max
// timestamp (7), earliest local (8), latest tiered (9), earliest pending upload
// (11). Nothing is tiered here, so that the last two have no answer (-1). To a
// tool that calls itself replica -2 each replica tells where its own log ends.

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// debuggingReplica is Kafka's DEBUGGING_REPLICA_ID.
const debuggingReplica = -2

// specialSince is the version in which a negative timestamp got its meaning.
var specialSince = [...]int16{-latestOffset: 0, -earliestOffset: 0, -maxTimestampOffset: 7,
	-earliestLocal: 8, -latestTiered: 9, -earliestPending: 11}

func (s *shard) listOffsets(k *call, req *kmsg.ListOffsetsRequest) {
	resp := kmsg.NewPtrListOffsetsResponse()
	twice := repeatedOffsets(req)
	var parts []offsetsPart
	var into []*kmsg.ListOffsetsResponseTopicPartition
	resp.Topics = make([]kmsg.ListOffsetsResponseTopic, len(req.Topics))
	for i := range req.Topics {
		t, out := &req.Topics[i], &resp.Topics[i]
		out.Default()
		out.Topic = t.Topic
		id, err := s.topicIn(false, t.Topic, [16]byte{})
		out.Partitions = make([]kmsg.ListOffsetsResponseTopicPartition, first(len(t.Partitions), twice))
		for j := range t.Partitions[:first(len(t.Partitions), twice)] {
			p, x := &t.Partitions[j], &out.Partitions[j]
			x.Default()
			x.Partition, x.Offset, x.Timestamp, x.LeaderEpoch = p.Partition, -1, -1, -1
			x.ErrorCode = checkListed(req, p, twice, err)
			if x.ErrorCode == 0 {
				parts = append(parts, offsetsPart{partitionKey{id, p.Partition}, p.Timestamp, p.CurrentLeaderEpoch,
					req.ReplicaID == debuggingReplica && p.Timestamp == latestOffset})
				into = append(into, x)
			}
		}
	}
	question := func(some []offsetsPart) any { return offsetsQuestion{some} }
	scatter(s, parts, (*offsetsPart).key, question, func(results []offsetsResult) {
		for i, r := range results {
			into[i].ErrorCode, into[i].Offset, into[i].Timestamp, into[i].LeaderEpoch = r.Code, r.Offset, r.Timestamp, r.Epoch
		}
		k.reply(resp)
	})
}

func checkListed(req *kmsg.ListOffsetsRequest, p *kmsg.ListOffsetsRequestTopicPartition, twice bool, err error) int16 {
	switch {
	case twice:
		return kerr.InvalidRequest.Code
	case req.IsolationLevel < 0 || req.IsolationLevel > 1:
		return kerr.UnknownServerError.Code
	case p.Timestamp < 0 && (-p.Timestamp >= int64(len(specialSince)) || req.Version < specialSince[-p.Timestamp]):
		return kerr.UnsupportedVersion.Code
	}
	return codeOf(err)
}

// repeatedOffsets tells whether a partition is asked for twice.
func repeatedOffsets(req *kmsg.ListOffsetsRequest) bool {
	type key struct {
		topic     string
		partition int32
	}
	seen := map[key]bool{}
	for i := range req.Topics {
		for j := range req.Topics[i].Partitions {
			k := key{req.Topics[i].Topic, req.Topics[i].Partitions[j].Partition}
			if seen[k] {
				return true
			}
			seen[k] = true
		}
	}
	return false
}

// first is how many partitions of a topic are answered: Kafka answers one that
// was asked for twice once.
func first(n int, twice bool) int {
	if twice {
		return min(n, 1)
	}
	return n
}
