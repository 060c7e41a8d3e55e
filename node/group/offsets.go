package group

import (
	"iter"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/mutant"
)

// offset is one committed offset, as its record tells it.
type offset struct {
	at          int64
	leaderEpoch int32 // -1: not known
	metadata    string
	committed   int64 // ms
	expires     int64 // ms: OffsetCommit v2..v4 said so; -1: as the settings say
	topicID     env.UUID
}

// offsets are the committed ones of all groups.
type offsets struct {
	of     map[string]map[string]map[int32]offset // by group, topic, partition; none is empty but the first
	topics map[topicID]int                        // how many there are of each topic
}

// topicID is a topic as an offset knows it; the id may be zero.
type topicID struct {
	name string
	id   env.UUID
}

// place is a partition by its topic's name.
type place struct {
	topic     string
	partition int32
}

func newOffsets() offsets {
	return offsets{map[string]map[string]map[int32]offset{}, map[topicID]int{}}
}

func (o *offsets) get(group string, at place) (offset, bool) {
	found, ok := o.of[group][at.topic][at.partition]
	return found, ok
}

func (o *offsets) put(group string, at place, to offset) {
	o.remove(group, at)
	if o.of[group] == nil {
		o.of[group] = map[string]map[int32]offset{}
	}
	if o.of[group][at.topic] == nil {
		o.of[group][at.topic] = map[int32]offset{}
	}
	o.of[group][at.topic][at.partition] = to
	o.topics[topicID{at.topic, to.topicID}]++
}

func (o *offsets) remove(group string, at place) {
	old, there := o.get(group, at)
	if !there {
		return
	}
	if key := (topicID{at.topic, old.topicID}); o.topics[key] > 1 {
		o.topics[key]--
	} else {
		delete(o.topics, key)
	}
	delete(o.of[group][at.topic], at.partition)
	if len(o.of[group][at.topic]) == 0 {
		delete(o.of[group], at.topic)
	}
	if len(o.of[group]) == 0 {
		delete(o.of, group)
	}
}

// all are a group's offsets, sorted by topic and partition. They may be removed
// on the way.
func (o *offsets) all(group string) iter.Seq2[place, offset] {
	return func(yield func(place, offset) bool) {
		for _, topic := range slices.Sorted(maps.Keys(o.of[group])) {
			partitions := o.of[group][topic]
			for _, p := range slices.Sorted(maps.Keys(partitions)) {
				if !yield(place{topic, p}, partitions[p]) {
					return
				}
			}
		}
	}
}

// record is how a committed offset is written: in the last version, or in the one
// that has an expiry of its own.
func (o offset) record(group string, at place) Record {
	v := kmsg.OffsetCommitValue{
		Version: offsetVersion, Offset: o.at, LeaderEpoch: o.leaderEpoch, Metadata: o.metadata,
		CommitTimestamp: o.committed, ExpireTimestamp: o.expires, TopicID: o.topicID,
	}
	if o.expires != noExpiry {
		v.Version = offsetExpiryVersion
	}
	return Record{offsetKey(group, at), v.AppendTo(nil)}
}

// replayOffset takes a committed offset, or its end. The group of one who only
// commits is an empty classic group without a protocol.
func (c *Coordinator) replayOffset(r Record) error {
	var k kmsg.OffsetCommitKey
	if err := k.ReadFrom(r.Key); err != nil {
		return err
	}
	if r.Value == nil {
		c.offsets.remove(k.Group, place{k.Topic, k.Partition})
		return nil
	}
	o, err := readOffset(r.Value)
	if err != nil {
		return err
	}
	if mutant.On("F10") && !c.live { // Jepsen on Bufstream: offsets come back as zero after a change of coordinator
		o.at = 0
	}
	if c.groups[k.Group] == nil {
		c.groups[k.Group] = newClassic(c, k.Group)
	}
	c.offsets.put(k.Group, place{k.Topic, k.Partition}, o)
	return nil
}

func readOffset(value []byte) (offset, error) {
	v := kmsg.NewOffsetCommitValue()
	if err := v.ReadFrom(value); err != nil {
		return offset{}, err
	}
	o := offset{at: v.Offset, leaderEpoch: noLeaderEpoch, metadata: v.Metadata, committed: v.CommitTimestamp,
		expires: noExpiry, topicID: v.TopicID}
	if v.Version >= 3 {
		o.leaderEpoch = v.LeaderEpoch
	}
	if v.Version == offsetExpiryVersion {
		o.expires = v.ExpireTimestamp
	}
	if mutant.On("F3") && v.Version != offsetExpiryVersion { // KAFKA-8069: a default taken for an expiry, long past
		o.expires = 0
	}
	return o, nil
}
