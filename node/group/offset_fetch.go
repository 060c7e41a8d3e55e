package group

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// fetchOffsets answers OffsetFetch v1..v10: one group before v8, any number from
// then on, each with all of its topics (null) or those that are named, by id from
// v10 on. What is committed nowhere is at -1. Offsets are told only when they are
// committed, so RequireStable asks nothing more.
func (c *Coordinator) fetchOffsets(k call, req *kmsg.OffsetFetchRequest) {
	resp := req.ResponseKind().(*kmsg.OffsetFetchResponse)
	if req.Version >= 8 {
		for _, g := range req.Groups {
			resp.Groups = append(resp.Groups, c.fetchGroup(g, req.Version >= 10))
		}
		c.out.reply(k.token, resp)
		return
	}
	g := kmsg.OffsetFetchRequestGroup{Group: req.Group, MemberEpoch: -1}
	if req.Topics != nil {
		g.Topics = []kmsg.OffsetFetchRequestGroupTopic{}
	}
	for _, t := range req.Topics {
		g.Topics = append(g.Topics, kmsg.OffsetFetchRequestGroupTopic{Topic: t.Topic, Partitions: t.Partitions})
	}
	one := c.fetchGroup(g, false)
	resp.ErrorCode = one.ErrorCode
	for _, t := range one.Topics {
		resp.Topics = append(resp.Topics, oldFetchTopic(t))
	}
	c.out.reply(k.token, resp)
}

// oldFetchTopic is the row as it was before there were several groups.
func oldFetchTopic(t kmsg.OffsetFetchResponseGroupTopic) kmsg.OffsetFetchResponseTopic {
	old := kmsg.OffsetFetchResponseTopic{Topic: t.Topic}
	for _, p := range t.Partitions {
		old.Partitions = append(old.Partitions, kmsg.OffsetFetchResponseTopicPartition{Partition: p.Partition,
			Offset: p.Offset, LeaderEpoch: p.LeaderEpoch, Metadata: p.Metadata, ErrorCode: p.ErrorCode})
	}
	return old
}

func (c *Coordinator) fetchGroup(g kmsg.OffsetFetchRequestGroup, byID bool) kmsg.OffsetFetchResponseGroup {
	resp := kmsg.OffsetFetchResponseGroup{Group: g.Group}
	if err := c.mayFetch(g); err != nil {
		resp.ErrorCode = err.Code
		return resp
	}
	if g.Topics == nil {
		resp.Topics = c.fetchAll(g.Group, byID)
		return resp
	}
	var unknown []kmsg.OffsetFetchResponseGroupTopic
	for _, t := range g.Topics {
		topic, ok := t.Topic, true
		if byID {
			topic, ok = c.topics.Name(t.TopicID)
		}
		row := kmsg.OffsetFetchResponseGroupTopic{Topic: topic, TopicID: t.TopicID}
		for _, p := range t.Partitions {
			row.Partitions = append(row.Partitions, c.fetchRow(g.Group, topic, t.TopicID, p))
			if !ok {
				row.Partitions[len(row.Partitions)-1].ErrorCode = kerr.UnknownTopicID.Code
			}
		}
		if !ok {
			unknown = append(unknown, row)
			continue
		}
		resp.Topics = append(resp.Topics, row)
	}
	resp.Topics = append(resp.Topics, unknown...)
	return resp
}

// mayFetch asks the group, when a member is named. A group that is not there has
// no offsets: that is no error.
func (c *Coordinator) mayFetch(g kmsg.OffsetFetchRequestGroup) *kerr.Error {
	if found := c.groups[g.Group]; found != nil {
		return found.mayFetch(g.MemberID, g.MemberEpoch)
	}
	return nil
}

// fetchRow is one partition's answer. An offset of a topic that was deleted since,
// and made again under its name, is none.
func (c *Coordinator) fetchRow(group, topic string, id env.UUID, partition int32) kmsg.OffsetFetchResponseGroupTopicPartition {
	o, ok := c.offsets.get(group, place{topic, partition})
	if !ok || !id.IsZero() && !o.topicID.IsZero() && o.topicID != id {
		o = offset{at: -1, leaderEpoch: noLeaderEpoch}
	}
	return kmsg.OffsetFetchResponseGroupTopicPartition{Partition: partition, Offset: o.at, LeaderEpoch: o.leaderEpoch,
		Metadata: &o.metadata}
}

// fetchAll are all of a group's offsets; by id, those of topics that exist.
func (c *Coordinator) fetchAll(group string, byID bool) []kmsg.OffsetFetchResponseGroupTopic {
	var all []kmsg.OffsetFetchResponseGroupTopic
	for _, topic := range slices.Sorted(maps.Keys(c.offsets.of[group])) {
		row := kmsg.OffsetFetchResponseGroupTopic{Topic: topic}
		if byID {
			id, ok := c.topics.ID(topic)
			if !ok {
				continue
			}
			row.TopicID = id
		}
		for _, p := range slices.Sorted(maps.Keys(c.offsets.of[group][topic])) {
			row.Partitions = append(row.Partitions, c.fetchRow(group, topic, row.TopicID, p))
		}
		all = append(all, row)
	}
	return all
}
