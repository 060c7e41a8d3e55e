package partition_test

import (
	"cmp"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/partition"
)

// controller decides one thing after the other; each entry of its log is the
// whole metadata after a decision.
type controller struct {
	c   *cluster
	log []metadata
	elr bool // it keeps eligible leader replicas (KIP-966)
}

type metadata struct {
	partition.State
	brokers map[int32]broker
}

type broker struct {
	epoch    int64
	fenced   bool
	stopping bool // controlled shutdown
}

func (b broker) active() bool { return !b.fenced && !b.stopping }

func newController(c *cluster, n, minISR int) *controller {
	m := metadata{brokers: map[int32]broker{}}
	m.Leader, m.LeaderEpoch, m.PartitionEpoch, m.MinISR = -1, 0, 0, minISR
	for id := range int32(n) {
		m.Replicas = append(m.Replicas, id+1)
		m.brokers[id+1] = broker{fenced: true}
	}
	m.ISR = slices.Clone(m.Replicas)
	return &controller{c: c, log: []metadata{m}, elr: c.draw(2, "ELR") == 1}
}

// last is a copy of the metadata as it is.
func (k *controller) last() metadata {
	m := k.log[len(k.log)-1]
	m.ISR, m.ELR = slices.Clone(m.ISR), slices.Clone(m.ELR)
	m.brokers = maps.Clone(m.brokers)
	return m
}

// commit ends a decision: ELR and leader follow from what was decided.
func (k *controller) commit(m metadata) {
	old := k.log[len(k.log)-1]
	k.elect(&m)
	m.ELR = slices.DeleteFunc(m.ELR, func(id int32) bool { return slices.Contains(m.ISR, id) || len(m.ISR) >= m.MinISR })
	if m.Leader != old.Leader {
		m.LeaderEpoch = max(m.LeaderEpoch, old.LeaderEpoch+1)
	}
	if m.LeaderEpoch != old.LeaderEpoch || !slices.Equal(m.ISR, old.ISR) || !slices.Equal(m.ELR, old.ELR) {
		m.PartitionEpoch = max(m.PartitionEpoch, old.PartitionEpoch+1)
	}
	k.log = append(k.log, m)
	k.c.tell("metadata %d: leader %d/%d, partition epoch %d, ISR %v, ELR %v, min %d, brokers %v", len(k.log)-1, m.Leader, m.LeaderEpoch, m.PartitionEpoch, m.ISR, m.ELR, m.MinISR, m.brokers)
}

// elect gives a partition without a leader one of the ISR, or of the ELR.
func (k *controller) elect(m *metadata) {
	if m.Leader >= 0 && m.brokers[m.Leader].active() && slices.Contains(m.ISR, m.Leader) {
		return
	}
	m.Leader = -1
	able := func(ids []int32) (all []int32) {
		for _, id := range ids {
			if m.brokers[id].active() {
				all = append(all, id)
			}
		}
		return all
	}
	if from := able(m.ISR); len(from) > 0 {
		m.Leader = from[k.c.draw(len(from), "elected of the ISR")]
	} else if from := able(m.ELR); len(from) > 0 {
		m.Leader = from[k.c.draw(len(from), "elected of the ELR")]
		m.ISR = []int32{m.Leader}
		k.c.reached["elected of the ELR"]++
	}
}

// without takes a broker out of the ISR, unless it is the last.
func (k *controller) without(m *metadata, id int32) {
	if !slices.Contains(m.ISR, id) || len(m.ISR) == 1 {
		return
	}
	m.ISR = slices.DeleteFunc(m.ISR, func(x int32) bool { return x == id })
	if k.elr && len(m.ISR) < m.MinISR {
		m.ELR = append(m.ELR, id)
	}
}

// register is a broker's start; one that lost its disk leaves ISR and ELR.
func (k *controller) register(id int32, lossy bool) int64 {
	m := k.last()
	epoch := int64(len(k.log))
	m.brokers[id] = broker{epoch: epoch, fenced: true}
	if lossy {
		gone := func(x int32) bool { return x == id }
		m.ISR, m.ELR = slices.DeleteFunc(m.ISR, gone), slices.DeleteFunc(m.ELR, gone)
	} else if m.Leader >= 0 {
		k.without(&m, id)
	}
	k.commit(m)
	return epoch
}

// expendable tells whether a disk may be lost without the law being void.
func (k *controller) expendable(id int32) bool {
	m := k.last()
	return !slices.Contains(m.ISR, id) && len(m.ISR) > 0 || len(m.ISR) > 1
}

func (k *controller) change(id int32, change func(*broker)) {
	m := k.last()
	b := m.brokers[id]
	change(&b)
	m.brokers[id] = b
	if !b.active() {
		k.without(&m, id)
	}
	k.commit(m)
}

func (k *controller) fence(id int32) { k.change(id, func(b *broker) { b.fenced = true }) }
func (k *controller) unfence(id int32) {
	k.change(id, func(b *broker) { b.fenced, b.stopping = false, false })
}
func (k *controller) stop(id int32) { k.change(id, func(b *broker) { b.stopping = true }) }

// prefer moves the leader within the ISR, or makes the same one lead anew.
func (k *controller) prefer(id int32) {
	m := k.last()
	if m.Leader < 0 || !slices.Contains(m.ISR, id) || !m.brokers[id].active() {
		return
	}
	m.Leader, m.LeaderEpoch = id, m.LeaderEpoch+1
	k.commit(m)
}

func (k *controller) setMinISR(n int) {
	m := k.last()
	m.MinISR = n
	k.commit(m)
}

// alter judges a proposal as Kafka's ReplicationControlManager does, but that an
// ISR as it is gets a new partition epoch too.
func (k *controller) alter(from int32, epoch int64, p partition.Proposal) error {
	m := k.last()
	switch {
	case m.brokers[from].epoch != epoch:
		return kerr.StaleBrokerEpoch
	case p.LeaderEpoch < m.LeaderEpoch:
		return kerr.FencedLeaderEpoch
	case m.Leader != from || p.LeaderEpoch > m.LeaderEpoch:
		return kerr.InvalidRequest
	case p.PartitionEpoch != m.PartitionEpoch:
		return kerr.InvalidUpdateVersion
	}
	for _, x := range p.ISR {
		if b := m.brokers[x.ID]; !b.active() || x.Epoch >= 0 && x.Epoch != b.epoch {
			return kerr.IneligibleReplica
		}
	}
	verdict := k.c.draw(8, "of proposals")
	if k.c.calm {
		verdict = 7
	}
	if verdict == 0 {
		return kerr.NotController
	}
	ids := p.Ids()
	k.c.reached[map[int]string{-1: "shrunk", 0: "shut out", 1: "expanded"}[cmp.Compare(len(ids), len(m.ISR))]]++
	if k.elr && len(ids) < m.MinISR {
		for _, id := range m.ISR {
			if !slices.Contains(ids, id) && !slices.Contains(m.ELR, id) {
				m.ELR = append(m.ELR, id)
			}
		}
	}
	m.ISR, m.PartitionEpoch = ids, m.PartitionEpoch+1
	k.commit(m)
	if verdict == 1 {
		return kerr.NotController // it was, when it began
	}
	return nil
}
