package meta

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
)

// ErrReplay is wrapped by every error of Replay: the record cannot follow on
// what the image holds. The log is then damaged, or was written by a faulty
// controller.
var ErrReplay = errors.New("record does not fit the metadata image")

// Replay takes the next record of the log, which lies at offset. Offsets need
// not be consecutive (control records lie between), but ascend. Its cost is
// that of the change, not of the image. On an error the image is unchanged.
func (im *Image) Replay(offset int64, r Record) error {
	if offset <= im.version {
		return fmt.Errorf("%w: offset %d after %d", ErrReplay, offset, im.version)
	}
	if err := im.apply(r); err != nil {
		return fmt.Errorf("offset %d: %T: %w", offset, r, err)
	}
	im.version = offset
	return nil
}

func (im *Image) apply(r Record) error {
	switch r := r.(type) {
	case *TopicRecord:
		return im.addTopic(r)
	case *RemoveTopicRecord:
		return im.removeTopic(r)
	case *PartitionRecord:
		return im.putPartition(r)
	case *PartitionChangeRecord:
		return im.changePartition(r)
	case *ClearELRRecord:
		return im.clearELR(r)
	case *RegisterBrokerRecord:
		im.register(r)
	case *BrokerRegistrationChangeRecord:
		return im.changeBroker(r)
	case *UnregisterBrokerRecord:
		return im.unregister(r)
	case *ConfigRecord:
		im.setConfig(r)
	case *FeatureLevelRecord:
		im.setFeature(r)
	case *ProducerIdsRecord:
		return im.giveProducerIDs(r)
	}
	return nil
}

func (im *Image) addTopic(r *TopicRecord) error {
	if im.byName[r.Name] != nil || im.topics[r.TopicID] != nil {
		return fmt.Errorf("%w: topic %q (%v) exists", ErrReplay, r.Name, r.TopicID)
	}
	t := &Topic{Name: r.Name, ID: r.TopicID}
	im.topics[t.ID], im.byName[t.Name] = t, t
	im.names.add(t.Name)
	if key, ok := lookalike(t.Name); ok {
		im.lookalikes[key] = append(im.lookalikes[key], t.Name)
	}
	return nil
}

func (im *Image) removeTopic(r *RemoveTopicRecord) error {
	t, err := im.known(r.TopicID)
	if err != nil {
		return err
	}
	delete(im.topics, t.ID)
	delete(im.byName, t.Name)
	delete(im.configs, resource{ResourceTopic, t.Name})
	im.partitions -= len(t.Partitions)
	im.names.remove()
	im.names.sweep(func(name string) bool { return im.byName[name] != nil })
	if key, ok := lookalike(t.Name); ok {
		rest := slices.DeleteFunc(im.lookalikes[key], func(name string) bool { return name == t.Name })
		if im.lookalikes[key] = rest; len(rest) == 0 {
			delete(im.lookalikes, key)
		}
	}
	return nil
}

func (im *Image) known(id env.UUID) (*Topic, error) {
	if t := im.topics[id]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("%w: no topic %v", ErrReplay, id)
}

// Partition finds a partition; nil if there is none.
func (t *Topic) Partition(index int32) *Partition {
	if at, found := t.find(index); found {
		return &t.Partitions[at]
	}
	return nil
}

func (t *Topic) find(index int32) (int, bool) {
	return slices.BinarySearchFunc(t.Partitions, index, func(p Partition, i int32) int { return cmp.Compare(p.Index, i) })
}

func (im *Image) putPartition(r *PartitionRecord) error {
	t, err := im.known(r.TopicID)
	if err != nil {
		return err
	}
	p := Partition{
		Index: r.PartitionID, Replicas: r.Replicas, ISR: r.ISR, Adding: r.Adding, Removing: r.Removing,
		Directories: r.Directories, Leader: r.Leader, LeaderRecoveryState: r.LeaderRecoveryState,
		LeaderEpoch: r.LeaderEpoch, PartitionEpoch: r.PartitionEpoch,
	}
	replace(&p.ELR, r.ELR)
	replace(&p.LastKnownELR, r.LastKnownELR)
	at, found := t.find(p.Index)
	if found {
		t.Partitions[at] = p
		return nil
	}
	t.Partitions = slices.Insert(t.Partitions, at, p)
	im.partitions++
	return nil
}

// changePartition follows Kafka's PartitionRegistration.merge.
func (im *Image) changePartition(r *PartitionChangeRecord) error {
	t, err := im.known(r.TopicID)
	if err != nil {
		return err
	}
	p := t.Partition(r.PartitionID)
	if p == nil {
		return fmt.Errorf("%w: topic %q has no partition %d", ErrReplay, t.Name, r.PartitionID)
	}
	p.merge(r)
	return nil
}

// merge makes a change of the partition.
func (p *Partition) merge(r *PartitionChangeRecord) {
	replace(&p.Replicas, r.Replicas)
	replace(&p.ISR, r.ISR)
	replace(&p.ELR, r.ELR)
	replace(&p.LastKnownELR, r.LastKnownELR)
	replace(&p.Adding, r.Adding)
	replace(&p.Removing, r.Removing)
	replace(&p.Directories, r.Directories)
	if r.LeaderRecoveryState != -1 {
		p.LeaderRecoveryState = r.LeaderRecoveryState
	}
	if r.Leader != LeaderUnchanged {
		p.Leader = r.Leader
	}
	// G7 (KAFKA-13790): any change of the partition is taken for a new leader.
	if r.Leader != LeaderUnchanged || mutant.On("G7") {
		p.LeaderEpoch++
	}
	p.PartitionEpoch++
}

// replace changes a field unless nil says that it stays; an empty one is nil.
func replace[T any](field *[]T, with []T) {
	if with == nil {
		return
	}
	if *field = with; len(with) == 0 {
		*field = nil
	}
}

func (im *Image) clearELR(r *ClearELRRecord) error {
	if r.TopicName == "" {
		for t := range im.Topics() {
			t.clearELR()
		}
		return nil
	}
	t := im.byName[r.TopicName]
	if t == nil {
		return fmt.Errorf("%w: no topic %q", ErrReplay, r.TopicName)
	}
	t.clearELR()
	return nil
}

// clearELR counts up the epochs of the partitions that it changes.
func (t *Topic) clearELR() {
	for i := range t.Partitions {
		if p := &t.Partitions[i]; len(p.ELR)+len(p.LastKnownELR) > 0 {
			p.ELR, p.LastKnownELR = nil, nil
			p.PartitionEpoch++
		}
	}
}
