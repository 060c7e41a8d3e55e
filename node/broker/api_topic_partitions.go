package broker

// DescribeTopicPartitions, key 75, version 0 (KIP-966): topics by name, in
// pages of at most ResponsePartitionLimit partitions, going on at a cursor.

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/meta"
)

// mostPartitionsPage is max.request.partition.size.limit's default.
const mostPartitionsPage = 2000

func (s *shard) describeTopicPartitions(k *call, req *kmsg.DescribeTopicPartitionsRequest) {
	resp := kmsg.NewPtrDescribeTopicPartitionsResponse()
	if c := req.Cursor; c != nil && (c.Topic == "" || c.Partition < 0 || s.firstName(req) != c.Topic) {
		k.refuseDescribe(req, resp, kerr.InvalidRequest.Code)
		return
	}
	if slices.ContainsFunc(req.Topics, func(t kmsg.DescribeTopicPartitionsRequestTopic) bool { return t.Topic == "" }) {
		k.refuseDescribe(req, resp, kerr.UnknownServerError.Code) // Kafka's answer
		return
	}
	left := int(min(max(req.ResponsePartitionLimit, 1), mostPartitionsPage))
	for name := range s.namesFrom(req) {
		t := s.image.Topic(name)
		if t == nil {
			resp.Topics = append(resp.Topics, missingTopic(name))
			continue
		}
		first := 0
		if c := req.Cursor; c != nil && c.Topic == name {
			first = min(int(c.Partition), len(t.Partitions))
		}
		if left <= 0 {
			resp.NextCursor = cursorAt(name, first)
			break
		}
		last := min(first+left, len(t.Partitions))
		resp.Topics = append(resp.Topics, s.pageOf(t, first, last))
		left -= last - first
		if last < len(t.Partitions) {
			resp.NextCursor = cursorAt(name, last)
			break
		}
	}
	k.reply(resp)
}

func (k *call) refuseDescribe(req *kmsg.DescribeTopicPartitionsRequest, resp *kmsg.DescribeTopicPartitionsResponse, code int16) {
	for i := range req.Topics {
		t := missingTopic(req.Topics[i].Topic)
		t.ErrorCode, t.AuthorizedOperations = code, notAsked
		resp.Topics = append(resp.Topics, t)
	}
	k.reply(resp)
}

// namesFrom goes over the names asked for, sorted, from the cursor on; all
// topics if none is named.
func (s *shard) namesFrom(req *kmsg.DescribeTopicPartitionsRequest) func(func(string) bool) {
	first := ""
	if req.Cursor != nil {
		first = req.Cursor.Topic
	}
	return func(yield func(string) bool) {
		if len(req.Topics) == 0 {
			for t := range s.image.TopicsFrom(first) {
				if !yield(t.Name) {
					return
				}
			}
			return
		}
		for _, name := range sortedNames(req) {
			if name >= first && !yield(name) {
				return
			}
		}
	}
}

// firstName is the name at which a page begins; a cursor must point at it.
func (s *shard) firstName(req *kmsg.DescribeTopicPartitionsRequest) string {
	for name := range s.namesFrom(req) {
		return name
	}
	return "" // no name of a topic
}

func sortedNames(req *kmsg.DescribeTopicPartitionsRequest) []string {
	var names []string
	for i := range req.Topics {
		names = append(names, req.Topics[i].Topic)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func cursorAt(topic string, partition int) *kmsg.DescribeTopicPartitionsResponseNextCursor {
	c := kmsg.NewDescribeTopicPartitionsResponseNextCursor()
	c.Topic, c.Partition = topic, int32(partition)
	return &c
}

func missingTopic(name string) kmsg.DescribeTopicPartitionsResponseTopic {
	t := kmsg.NewDescribeTopicPartitionsResponseTopic()
	t.Topic, t.ErrorCode, t.AuthorizedOperations = &name, kerr.UnknownTopicOrPartition.Code, topicOperations
	if meta.CheckTopicName(name) != nil {
		t.ErrorCode = kerr.InvalidTopicException.Code
	}
	return t
}

func (s *shard) pageOf(t *meta.Topic, first, last int) kmsg.DescribeTopicPartitionsResponseTopic {
	x := kmsg.NewDescribeTopicPartitionsResponseTopic()
	name := t.Name
	x.Topic, x.TopicID, x.IsInternal, x.AuthorizedOperations = &name, t.ID, isInternal(name), topicOperations
	for i := range t.Partitions[first:last] {
		p := &t.Partitions[first+i]
		y := kmsg.NewDescribeTopicPartitionsResponseTopicPartition()
		y.Partition, y.LeaderID, y.LeaderEpoch = p.Index, p.Leader, p.LeaderEpoch
		y.Replicas, y.ISR, y.OfflineReplicas = p.Replicas, p.ISR, s.offlineReplicas(p)
		y.EligibleLeaderReplicas, y.LastKnownELR = orEmpty(p.ELR), orEmpty(p.LastKnownELR)
		x.Partitions = append(x.Partitions, y)
	}
	return x
}

// orEmpty makes null an empty array.
func orEmpty(list []int32) []int32 {
	if list == nil {
		return []int32{}
	}
	return list
}
