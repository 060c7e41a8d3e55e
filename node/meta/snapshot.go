package meta

import (
	"iter"
	"maps"
	"slices"
)

// metadataVersion is the feature that decides how records are to be read; a
// snapshot begins with it.
const metadataVersion = "metadata.version"

// Records goes over the records that rebuild the image, in the order of Kafka's
// snapshots: features, brokers, topics with their partitions, configs, producer
// ids. The image must not be replayed meanwhile.
func (im *Image) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		_ = im.featureRecords(yield) && im.brokerRecords(yield) && im.topicRecords(yield) &&
			im.configRecords(yield) && im.producerRecords(yield)
	}
}

// The functions below tell whether to go on.

func (im *Image) featureRecords(yield func(Record) bool) bool {
	if level := im.features[metadataVersion]; level != 0 && !yield(&FeatureLevelRecord{metadataVersion, level}) {
		return false
	}
	for f := range im.Features() {
		if f.Name != metadataVersion && !yield(&FeatureLevelRecord{f.Name, f.Max}) {
			return false
		}
	}
	return true
}

// Features goes over the finalized features by name; Min and Max both are the
// finalized level.
func (im *Image) Features() iter.Seq[FeatureRange] {
	return func(yield func(FeatureRange) bool) {
		for _, name := range slices.Sorted(maps.Keys(im.features)) {
			level := im.features[name]
			if !yield(FeatureRange{name, level, level}) {
				return
			}
		}
	}
}

func (im *Image) brokerRecords(yield func(Record) bool) bool {
	for b := range im.Brokers() {
		if !yield(b.record()) {
			return false
		}
	}
	return true
}

func (b *Broker) record() *RegisterBrokerRecord {
	return &RegisterBrokerRecord{
		BrokerID: b.ID, IncarnationID: b.Incarnation, BrokerEpoch: b.Epoch, EndPoints: b.EndPoints,
		Features: b.Features, Rack: b.Rack, Fenced: b.Fenced, InControlledShutdown: b.InControlledShutdown,
		LogDirs: b.LogDirs, CordonedLogDirs: b.CordonedLogDirs,
	}
}

func (im *Image) topicRecords(yield func(Record) bool) bool {
	for t := range im.Topics() {
		if !yield(&TopicRecord{t.Name, t.ID}) {
			return false
		}
		for i := range t.Partitions {
			if !yield(t.Partitions[i].record(t)) {
				return false
			}
		}
	}
	return true
}

func (p *Partition) record(t *Topic) *PartitionRecord {
	return &PartitionRecord{
		PartitionID: p.Index, TopicID: t.ID, Replicas: p.Replicas, ISR: p.ISR, Removing: p.Removing, Adding: p.Adding,
		Leader: p.Leader, LeaderRecoveryState: p.LeaderRecoveryState, LeaderEpoch: p.LeaderEpoch,
		PartitionEpoch: p.PartitionEpoch, Directories: p.Directories, ELR: p.ELR, LastKnownELR: p.LastKnownELR,
	}
}

func (im *Image) configRecords(yield func(Record) bool) bool {
	for _, of := range im.configured() {
		for _, c := range im.configs[of] {
			if !yield(configRecord(of, c.Name, c.Value)) {
				return false
			}
		}
	}
	return true
}

func configRecord(of resource, name, value string) *ConfigRecord {
	return &ConfigRecord{of.kind, of.name, name, &value}
}

func (im *Image) producerRecords(yield func(Record) bool) bool {
	return im.nextProducerID == 0 || yield(&ProducerIdsRecord{-1, -1, im.nextProducerID})
}
