package broker

import (
	"strconv"
	"unicode/utf16"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// offsetsTopic is where groups and their committed offsets are kept: what falls
// to one of its partitions is coordinated by that partition's leader.
const offsetsTopic = "__consumer_offsets"

// groupPartition is the partition of the offsets topic that a group belongs to;
// false: there is no such topic yet.
func (s *shard) groupPartition(group string) (partitionKey, bool) {
	t := s.image.Topic(offsetsTopic)
	if t == nil {
		return partitionKey{}, false
	}
	return partitionKey{t.ID, spread(group, int32(len(t.Partitions)))}, true
}

// spread is Kafka's choice among n partitions by a name: Java's String.hashCode,
// made positive by Utils.abs, modulo n.
func spread(name string, n int32) int32 {
	h := int32(0)
	for _, unit := range utf16.Encode([]rune(name)) {
		h = 31*h + int32(unit)
	}
	if h == -1<<31 {
		h = 0
	}
	return max(h, -h) % n
}

// makeOffsetsTopic asks for the topic; nobody waits for it.
func (s *shard) makeOffsetsTopic() {
	if s.makingOffsets {
		return
	}
	s.makingOffsets = true
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version = 7
	req.Topics = append(req.Topics, s.newTopic(offsetsTopic))
	s.ask(controllerIndex, 0, req, func(any) { s.makingOffsets = false })
}

// newTopic is how the broker asks for a topic by itself: with the defaults, but
// for its own ones.
func (s *shard) newTopic(name string) kmsg.CreateTopicsRequestTopic {
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = name, -1, -1
	if name != offsetsTopic {
		return t
	}
	partitions, _ := s.config.Int("offsets.topic.num.partitions")
	segment, _ := s.config.Int("offsets.topic.segment.bytes")
	t.NumPartitions, t.ReplicationFactor = int32(partitions), s.offsetsReplicas()
	for _, kv := range [][2]string{
		{"cleanup.policy", "compact"}, {"compression.type", "producer"}, {"segment.bytes", strconv.FormatInt(segment, 10)},
	} {
		c := kmsg.NewCreateTopicsRequestTopicConfig()
		c.Name, c.Value = kv[0], &kv[1]
		t.Configs = append(t.Configs, c)
	}
	return t
}

// offsetsReplicas is offsets.topic.replication.factor. If nobody gave it a value,
// a cluster that is smaller than the default has as many replicas as brokers; in
// Kafka groups do not work there.
func (s *shard) offsetsReplicas() int16 {
	const key = "offsets.topic.replication.factor"
	n, _ := s.config.Int(key)
	if s.config.IsSet(key) {
		return int16(n)
	}
	size := int64(0)
	for range s.image.Brokers() {
		size++
	}
	return int16(min(n, max(size, int64(len(s.node.config.Voters)), 1)))
}
