package broker

import (
	"iter"
	"slices"
	"strings"
	"time"

	"odradek/node/env"
	"odradek/node/group"
	"odradek/node/meta"
	"odradek/node/record"
)

// knownTopics is a shard's image as groups see it.
type knownTopics struct{ s *shard }

// ID finds a topic by name.
func (k knownTopics) ID(name string) (env.UUID, bool) {
	t := k.s.image.Topic(name)
	if t == nil {
		return env.UUID{}, false
	}
	return t.ID, true
}

// Name finds a topic by id.
func (k knownTopics) Name(id env.UUID) (string, bool) {
	t := k.s.image.TopicByID(id)
	if t == nil {
		return "", false
	}
	return t.Name, true
}

// Partitions is how many a topic has.
func (k knownTopics) Partitions(id env.UUID) int32 {
	t := k.s.image.TopicByID(id)
	if t == nil {
		return 0
	}
	return int32(len(t.Partitions))
}

// Names are those of all topics, sorted.
func (k knownTopics) Names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for t := range k.s.image.Topics() {
			if !yield(t.Name) {
				return
			}
		}
	}
}

// offsetsLog is how the offsets topic is written and read.
type offsetsLog struct {
	codec    record.Codec  // offsets.topic.compression.codec
	buffer   int           // offsets.load.buffer.size
	patience time.Duration // offsets.commit.timeout.ms
}

// configureGroups takes the group settings from the shard's configuration.
func (s *shard) configureGroups() {
	num := func(key string) int {
		n, _ := s.config.Int(key)
		return int(n)
	}
	millis := func(key string) time.Duration { return time.Duration(num(key)) * time.Millisecond }
	g := &s.groups
	g.InitialRebalanceDelay = millis("group.initial.rebalance.delay.ms")
	g.MinSessionTimeout = millis("group.min.session.timeout.ms")
	g.MaxSessionTimeout = millis("group.max.session.timeout.ms")
	g.MaxSize = num("group.max.size")
	g.ConsumerMaxSize = num("group.consumer.max.size")
	g.ConsumerAssignors = s.config.List("group.consumer.assignors")
	g.MigrationPolicy = strings.ToLower(s.config.Text("group.consumer.migration.policy"))
	g.ClassicOnly = !slices.Contains(s.config.List("group.coordinator.rebalance.protocols"), "consumer")
	g.RegexRefresh = millis("group.consumer.regex.refresh.interval.ms")
	g.MaxMetadataBytes = num("offset.metadata.max.bytes")
	g.OffsetsRetention = time.Duration(num("offsets.retention.minutes")) * time.Minute
	g.OffsetsRetentionTick = millis("offsets.retention.check.interval.ms")
	g.TimesOf = s.groupTimes
	s.offsetsLog = offsetsLog{
		codec: record.Codec(num("offsets.topic.compression.codec")), buffer: num("offsets.load.buffer.size"),
		patience: millis("offsets.commit.timeout.ms"),
	}
}

// groupTimes are the settings of one group (configs of the resource GROUP).
func (s *shard) groupTimes(id string) group.Times {
	own := s.image.Configs(meta.ResourceGroup, id).Map()
	millis := func(key string) time.Duration { return time.Duration(s.config.GroupInt(key, own)) * time.Millisecond }
	return group.Times{
		Session:    millis("consumer.session.timeout.ms"),
		Heartbeat:  millis("consumer.heartbeat.interval.ms"),
		Assignment: millis("consumer.assignment.interval.ms"),
	}
}
