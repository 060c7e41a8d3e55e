package group

import (
	"github.com/twmb/franz-go/pkg/kerr"
)

// upgrade makes a consumer group of a classic one that has members: its generation
// is its epoch, and each member has what the leader assigned to it.
func (c *Coordinator) upgrade(old *classic) (*change, *refusal) {
	why := ""
	switch {
	case !c.mayUpgrade():
		why = "the migration policy has it so"
	case old.typ != consumerType:
		why = "its members are no consumers"
	case len(old.members) > c.config.ConsumerMaxSize:
		why = "it has more members than a consumer group may"
	}
	if why != "" {
		return nil, refuse(kerr.GroupIDNotFound, "classic group %q stays classic: %s", old.id, why)
	}
	g, err := old.asConsumers()
	if err != nil {
		return nil, refuse(kerr.GroupIDNotFound, "classic group %q stays classic: %v", old.id, err)
	}
	return &change{g: g, old: old, records: append(old.tombstones(), g.records()...)}, nil
}

func (g *classic) asConsumers() (*consumerGroup, error) {
	n := newConsumerGroup(g.c, g.id)
	n.now.epoch, n.target.epoch = g.generation, g.generation
	protocol := g.protocol
	if protocol == nil {
		chosen := g.vote()
		protocol = &chosen
	}
	for _, id := range g.ids() {
		m, err := g.members[id].asConsumer(g, protocol)
		if err != nil {
			return nil, err
		}
		m.has.assigned, _ = m.has.assigned.split(func(s spot) bool { return n.owners[s] == "" })
		n.put(m)
		n.targets[id] = m.has.assigned.assignment()
	}
	n.now.hash = n.hash(n.all())
	return n, nil
}

func (m *member) asConsumer(of *classic, protocol *string) (*consumerMember, error) {
	says, err := readSubscription(m.metadata(protocol))
	if err != nil {
		return nil, err
	}
	assigned, err := of.c.readAssignment(m.assigned)
	if err != nil {
		return nil, err
	}
	n := newConsumerMember(m.id)
	n.says = memberSays{instance: m.instance, from: m.from, topics: sortedOnce(says.Topics), rebalance: m.rebalance,
		classic: &classicSays{m.session, m.protocols}}
	if rack := says.Rack; deref(rack) != "" {
		n.says.rack = rack
	}
	n.has = memberHas{epoch: of.generation, previous: of.generation, assigned: holding{}.with(hold(assigned, of.generation))}
	return n, nil
}

// records are all of the group's, as if it was new.
func (g *consumerGroup) records() (all []Record) {
	for _, m := range g.all() {
		all = append(all, m.says.record(g.id, m.id))
	}
	all = append(all, g.now.record(g.id))
	for _, m := range g.all() {
		all = append(all, targetRecord(g.id, m.id, g.targets[m.id]), m.has.record(g.id, m.id))
	}
	return append(all, g.target.record(g.id))
}

// sendBack tells all who wait for the classic group to join again.
func (g *classic) sendBack() {
	for _, id := range g.ids() {
		m := g.members[id]
		g.sendBackToJoin(m)
		g.answerSync(m, kerr.RebalanceInProgress)
	}
}
