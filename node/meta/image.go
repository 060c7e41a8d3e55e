package meta

import (
	"iter"
	"slices"

	"odradek/node/env"
)

// Image is what the replayed records add up to. Only Replay changes it. What
// its accessors return is read-only; a *Topic or *Broker is valid until the
// next Replay, while the slices inside are never changed in place and may be
// kept, even by another shard.
type Image struct {
	// ClusterID is not in the log: Kafka keeps it in meta.properties. Its owner
	// sets it once, before the first Replay.
	ClusterID string

	version        int64
	topics         map[env.UUID]*Topic
	byName         map[string]*Topic
	names          names
	lookalikes     map[string][]string // names with '.' or '_', by their form with '_'
	partitions     int
	brokers        map[int32]*Broker
	brokerIDs      []int32 // ascending
	configs        map[resource]ConfigSet
	features       map[string]int16
	nextProducerID int64
}

// Topic is a topic and its partitions, by ascending index (0, 1, 2, ...).
type Topic struct {
	Name       string
	ID         env.UUID
	Partitions []Partition
}

// Partition is the controller's view of one partition.
type Partition struct {
	Index               int32
	Replicas            []int32 // the preferred leader first
	ISR                 []int32
	ELR, LastKnownELR   []int32 // KIP-966
	Adding, Removing    []int32
	Directories         []env.UUID // of each replica; zero: not assigned
	Leader              int32      // NoLeader if none
	LeaderRecoveryState int8
	LeaderEpoch         int32
	PartitionEpoch      int32
}

// Broker is a registration.
type Broker struct {
	ID                   int32
	Epoch                int64
	Incarnation          env.UUID
	EndPoints            []EndPoint
	Features             []FeatureRange
	Rack                 *string
	Fenced               bool
	InControlledShutdown bool
	LogDirs              []env.UUID
	CordonedLogDirs      []env.UUID
}

// Active tells whether the broker may lead and be in an ISR.
func (b *Broker) Active() bool { return !b.Fenced && !b.InControlledShutdown }

// NewImage is the image of an empty log; its version is -1.
func NewImage() *Image {
	return &Image{
		version:    -1,
		topics:     map[env.UUID]*Topic{},
		byName:     map[string]*Topic{},
		lookalikes: map[string][]string{},
		brokers:    map[int32]*Broker{},
		configs:    map[resource]ConfigSet{},
		features:   map[string]int16{},
	}
}

// Version is the offset of the last record replayed.
func (im *Image) Version() int64 { return im.version }

// Topic finds a topic by name; nil if there is none.
func (im *Image) Topic(name string) *Topic { return im.byName[name] }

// TopicByID finds a topic by id; nil if there is none.
func (im *Image) TopicByID(id env.UUID) *Topic { return im.topics[id] }

// TopicCount is the number of topics, PartitionCount that of all partitions.
func (im *Image) TopicCount() int { return len(im.topics) }

// PartitionCount is the number of partitions of all topics.
func (im *Image) PartitionCount() int { return im.partitions }

// Topics goes over all topics by name.
func (im *Image) Topics() iter.Seq[*Topic] { return im.TopicsFrom("") }

// TopicsFrom goes over the topics whose name is at or after first, by name.
// The image must not be replayed meanwhile.
func (im *Image) TopicsFrom(first string) iter.Seq[*Topic] {
	return func(yield func(*Topic) bool) {
		all := im.names.sorted()
		at, _ := slices.BinarySearch(all, first)
		for _, name := range all[at:] {
			if t := im.byName[name]; t != nil && !yield(t) {
				return
			}
		}
	}
}

// Broker finds a registration; nil if there is none.
func (im *Image) Broker(id int32) *Broker { return im.brokers[id] }

// Brokers goes over all registrations by id.
func (im *Image) Brokers() iter.Seq[*Broker] {
	return func(yield func(*Broker) bool) {
		for _, id := range im.brokerIDs {
			if !yield(im.brokers[id]) {
				return
			}
		}
	}
}

// Feature is the finalized level of a feature; 0 if it is not finalized.
func (im *Image) Feature(name string) int16 { return im.features[name] }

// NextProducerID is the first producer id that nobody was given.
func (im *Image) NextProducerID() int64 { return im.nextProducerID }
