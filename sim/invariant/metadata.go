package invariant

import (
	"fmt"
	"hash/crc32"
	"slices"

	"odradek/node/meta"
	"odradek/sim"
)

// sumEvery is at which versions images are compared as a whole.
const sumEvery = 4

// image looks at metadata that a node has just replayed.
func (x *Watch) image(n *sim.Node, im *meta.Image) error {
	for t := range im.Topics() {
		for i := range t.Partitions {
			p := x.part(key{t.ID, t.Partitions[i].Index}, fmt.Sprintf("%s-%d", t.Name, t.Partitions[i].Index))
			if err := x.state(n, im, p, &t.Partitions[i]); err != nil {
				return err
			}
		}
	}
	if im.Version()%sumEvery == 0 {
		return x.agree(n, im)
	}
	return nil
}

// agree compares images of one version.
func (x *Watch) agree(n *sim.Node, im *meta.Image) error {
	sum := uint32(0)
	for r := range im.Records() {
		sum = crc32.Update(sum, crc32.IEEETable, meta.Encode(nil, r))
	}
	if was, known := x.sums[im.Version()]; known && was != sum {
		return fmt.Errorf("metadata-differs: node %d has replayed other records up to %d than another one", id(n), im.Version())
	}
	x.sums[im.Version()] = sum
	return nil
}

// state takes a partition as one node has it.
func (x *Watch) state(n *sim.Node, im *meta.Image, p *part, s *meta.Partition) error {
	if was := p.states[s.PartitionEpoch]; was != nil {
		if !same(was, s) {
			return p.wrong("metadata-differs", "node %d has replayed %s, another one %s", id(n), show(s), show(was))
		}
		return nil
	}
	own := *s
	p.states[s.PartitionEpoch] = &own
	if p.newest != nil && s.PartitionEpoch < p.newest.PartitionEpoch {
		return nil // this node is behind, and the others left this one out: they came by a snapshot
	}
	old := p.newest
	p.newest = &own
	x.reach(old, s)
	switch {
	case old != nil && s.LeaderEpoch < old.LeaderEpoch:
		return p.wrong("leader-epoch-fell", "%s after %s", show(s), show(old))
	case old != nil && s.LeaderEpoch == old.LeaderEpoch && s.Leader != old.Leader:
		return p.wrong("leader-without-epoch", "%s after %s", show(s), show(old))
	case s.Leader >= 0 && !slices.Contains(s.ISR, s.Leader):
		return p.wrong("leader-outside-isr", "%s", show(s))
	case slices.ContainsFunc(s.ISR, func(id int32) bool { return slices.Contains(s.ELR, id) }):
		return p.wrong("in-isr-and-elr", "%s", show(s))
	case old != nil && s.PartitionEpoch == old.PartitionEpoch+1 && joinsFenced(im, old, s):
		return p.wrong("fenced-joined-isr", "%s after %s", show(s), show(old))
	}
	return x.complete(p)
}

// joinsFenced tells whether a broker has come into the ISR that is fenced or about
// to go (KIP-841).
func joinsFenced(im *meta.Image, old, s *meta.Partition) bool {
	return slices.ContainsFunc(s.ISR, func(id int32) bool {
		b := im.Broker(id)
		return !slices.Contains(old.ISR, id) && (b == nil || !b.Active())
	})
}

func same(a, b *meta.Partition) bool {
	return a.Leader == b.Leader && a.LeaderEpoch == b.LeaderEpoch && slices.Equal(a.ISR, b.ISR) &&
		slices.Equal(a.ELR, b.ELR) && slices.Equal(a.Replicas, b.Replicas)
}

func show(s *meta.Partition) string {
	return fmt.Sprintf("[leader %d, leader epoch %d, partition epoch %d, ISR %v, ELR %v]", s.Leader, s.LeaderEpoch, s.PartitionEpoch, s.ISR, s.ELR)
}
