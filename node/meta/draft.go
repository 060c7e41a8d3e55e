package meta

import (
	"maps"
	"slices"

	"odradek/node/config"
	"odradek/node/env"
)

// draft is a decision in the making: its records, and what the image would be
// with them. What a decision writes later thus sees what it wrote before
// (KAFKA-13173), while the image itself stays as it is:
//
//	Image (replayed) <--- reads through --- draft{brokers, parts} <--- add(record)
//	                                             |
//	                                             v
//	                                          records
type draft struct {
	c       *Controller
	records []Record
	brokers map[int32]*Broker // as the records make them; nil: unregistered
	parts   map[partKey]*Partition
	topics  map[rules]config.Topic
}

type partKey struct {
	topic env.UUID
	index int32
}

func (c *Controller) draft() *draft {
	return &draft{c: c, brokers: map[int32]*Broker{}, parts: map[partKey]*Partition{}, topics: map[rules]config.Topic{}}
}

// broker is a registration as it would be; nil if there is none.
func (d *draft) broker(id int32) *Broker {
	if b, ok := d.brokers[id]; ok {
		return b
	}
	return d.c.image.Broker(id)
}

// allBrokers goes by id.
func (d *draft) allBrokers() (all []*Broker) {
	ids := append(slices.Sorted(maps.Keys(d.brokers)), d.c.image.brokerIDs...)
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if b := d.broker(id); b != nil {
			all = append(all, b)
		}
	}
	return all
}

// now is a partition of the image as it would be.
func (d *draft) now(t *Topic, p *Partition) *Partition {
	if changed := d.parts[partKey{t.ID, p.Index}]; changed != nil {
		return changed
	}
	return p
}

// addBroker writes a record about a registration, which must fit.
func (d *draft) addBroker(r Record) {
	d.records = append(d.records, r)
	switch r := r.(type) {
	case *RegisterBrokerRecord:
		d.brokers[r.BrokerID] = registered(r)
	case *BrokerRegistrationChangeRecord:
		b := *d.broker(r.BrokerID)
		b.merge(r)
		d.brokers[r.BrokerID] = &b
	case *UnregisterBrokerRecord:
		d.brokers[r.BrokerID] = nil
	}
}

// addChange writes a change of a partition.
func (d *draft) addChange(t *Topic, p *Partition, r *PartitionChangeRecord) {
	d.records = append(d.records, r)
	next := *p
	next.merge(r)
	d.parts[partKey{t.ID, p.Index}] = &next
}

// rules are the settings of a topic that decide who is eligible. They are looked
// up once for all topics that set them to the same.
type rules struct {
	leastInSync, unclean string // "": the default of all topics
}

func (d *draft) topic(name string) config.Topic {
	set := d.c.image.Configs(ResourceTopic, name)
	var r rules
	r.leastInSync, _ = set.Get(minInsyncReplicas)
	r.unclean, _ = set.Get(uncleanEnable)
	s, ok := d.topics[r]
	if !ok {
		s = d.c.effective().Topic(r.overrides())
		d.topics[r] = s
	}
	return s
}

const uncleanEnable = "unclean.leader.election.enable"

func (r rules) overrides() map[string]string {
	set := map[string]string{}
	if r.leastInSync != "" {
		set[minInsyncReplicas] = r.leastInSync
	}
	if r.unclean != "" {
		set[uncleanEnable] = r.unclean
	}
	return set
}
