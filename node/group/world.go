package group

import (
	"iter"
	"time"

	"odradek/node/env"
)

// Topics is what a coordinator knows of the cluster's topics: the owner's image
// of the metadata, which moves on between steps (see TopicsChanged).
type Topics interface {
	ID(name string) (env.UUID, bool)
	Name(id env.UUID) (string, bool)
	Partitions(id env.UUID) int32 // 0: there is no such topic
	Names() iter.Seq[string]      // sorted, of all topics
}

// Config holds the broker's group settings, named as Kafka's keys.
type Config struct {
	// Classic groups: group.initial.rebalance.delay.ms, group.min.session.timeout.ms,
	// group.max.session.timeout.ms, group.max.size.
	InitialRebalanceDelay time.Duration
	MinSessionTimeout     time.Duration
	MaxSessionTimeout     time.Duration
	MaxSize               int

	// Consumer groups: group.consumer.max.size, group.consumer.assignors,
	// group.consumer.migration.policy, group.consumer.regex.refresh.interval.ms.
	ClassicOnly       bool // group.coordinator.rebalance.protocols is without "consumer"
	ConsumerMaxSize   int
	ConsumerAssignors []string
	MigrationPolicy   string // disabled, upgrade, downgrade, bidirectional
	RegexRefresh      time.Duration

	// Offsets: offset.metadata.max.bytes, offsets.retention.minutes,
	// offsets.retention.check.interval.ms.
	MaxMetadataBytes     int
	OffsetsRetention     time.Duration
	OffsetsRetentionTick time.Duration

	// MaxBatchBytes is what a batch of records may take: the offsets topic's
	// max.message.bytes. What does not fit is refused before it is replayed.
	MaxBatchBytes int

	// TimesOf tells the times of one consumer group: configs of the resource GROUP
	// (consumer.session.timeout.ms, consumer.heartbeat.interval.ms,
	// consumer.assignment.interval.ms), or else the broker's, with group. before
	// their names.
	TimesOf func(group string) Times
}

// Times are how long members of a consumer group may be silent, how often they
// are to be heard of, and how far two assignments are apart at least (0: not).
type Times struct{ Session, Heartbeat, Assignment time.Duration }
