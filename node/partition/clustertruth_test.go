package partition_test

import (
	"bytes"
	"slices"
	"strings"

	"odradek/node/partition"
	"odradek/node/record"
)

// truth is what was published: all below the largest high watermark that any
// replica ever showed, as it lay there then.
type truth struct {
	batches []record.Batch
	end     int64
	deleted int64 // records below may be gone
	gone    int64 // records below are gone wherever the next leader may be
}

// onDisk reads a node's log from its disk: what would survive a power cut now, or
// what processes see. It ends at the first gap.
func (n *node) onDisk(durable bool) (all []record.Batch) {
	for _, path := range n.disk.Paths() {
		if !strings.HasSuffix(path, ".log") {
			continue
		}
		read := n.disk.Cached
		if durable {
			read = n.disk.Durable
		}
		file, _ := read(path)
		for b, err := range record.Batches(file) {
			if err != nil || record.Check(b) != nil || len(all) > 0 && b.BaseOffset() != all[len(all)-1].NextOffset() {
				return all
			}
			all = append(all, b)
		}
	}
	return all
}

// differs finds the first published offset below end that a log does not hold as
// published; -1: there is none.
func (w *truth) differs(log []record.Batch, end int64) int64 {
	i := 0
	for _, b := range w.batches {
		if b.NextOffset() <= w.deleted {
			continue
		}
		if b.NextOffset() > end {
			break
		}
		for i < len(log) && log[i].BaseOffset() < b.BaseOffset() {
			i++
		}
		if i == len(log) || !bytes.Equal(log[i], b) {
			return b.BaseOffset()
		}
	}
	return -1
}

// publish takes what a node newly shows as committed.
func (c *cluster) publish(n *node, hw int64) {
	for _, b := range n.onDisk(false) {
		if b.BaseOffset() == c.truth.end && b.NextOffset() <= hw {
			c.truth.batches = append(c.truth.batches, slices.Clone(b))
			c.truth.end = b.NextOffset()
		}
	}
	if c.truth.end != hw {
		c.fail("node %d publishes %d, its log does not go on from %d to there", n.id, hw, c.truth.end)
	}
}

// check holds everything against what has to be so, whatever happened.
func (c *cluster) check() {
	for _, n := range c.nodes {
		if n.ready() {
			c.checkNode(n)
		}
	}
	m := c.ctl.last()
	for _, id := range m.ISR {
		n := c.node(id)
		if at := c.truth.differs(n.onDisk(true), c.truth.end); at >= 0 {
			c.fail("offset %d was published (up to %d), node %d of the ISR does not have it on disk", at, c.truth.end, id)
		}
		if n.ready() && n.p.Log().Start() < c.truth.gone {
			c.fail("records before %d were deleted, and node %d of the ISR begins at %d", c.truth.gone, id, n.p.Log().Start())
		}
	}
}

func (c *cluster) checkNode(n *node) {
	p, m := n.p, n.meta()
	hw := p.HighWatermark()
	switch {
	case p.Broken() > 0:
		c.fail("node %d cut its log below its high watermark", n.id)
	case hw < n.high:
		c.fail("node %d: high watermark %d after %d", n.id, hw, n.high)
	case n.tasks.Len() == 0 && (hw < p.Log().Start() || hw > p.Log().End()):
		c.fail("node %d: high watermark %d, its log is [%d, %d)", n.id, hw, p.Log().Start(), p.Log().End())
	}
	if hw > c.truth.end {
		c.publish(n, hw)
	}
	if n.tasks.Len() == 0 {
		if at := c.truth.differs(n.onDisk(false), min(hw, p.Log().Written())); at >= 0 {
			c.fail("node %d shows offset %d as committed, it has not what was published there", n.id, at)
		}
	}
	if p.Leads() {
		c.checkLeader(n, m, hw)
	}
	n.high = hw
}

func (c *cluster) checkLeader(n *node, m metadata, hw int64) {
	if m.Leader != n.id || m.LeaderEpoch != n.p.State().LeaderEpoch {
		c.fail("node %d leads, the metadata that it knows has leader %d of epoch %d", n.id, m.Leader, m.LeaderEpoch)
	}
	if other, ok := c.leaders[m.LeaderEpoch]; ok && other != n.id {
		c.fail("nodes %d and %d lead in epoch %d", n.id, other, m.LeaderEpoch)
	}
	c.leaders[m.LeaderEpoch] = n.id
	if hw <= n.high || n.high < 0 {
		return
	}
	if len(m.ISR) < m.MinISR {
		c.fail("node %d moves the high watermark with ISR %v, which is below %d", n.id, m.ISR, m.MinISR)
	}
	for _, id := range m.ISR {
		if f := c.node(id); f.lostAt < n.applied && c.truth.differs(f.onDisk(true), hw) >= 0 {
			c.fail("node %d moves the high watermark to %d, node %d of its ISR %v has not got there", n.id, hw, id, m.ISR)
		}
	}
}

// counts checks a fetch that a leader took for an acknowledgement.
func (c *cluster) counts(n *node, from int32, epoch int64, leaderEpoch int32) {
	switch m := n.meta(); {
	case c.blind:
	case leaderEpoch != m.LeaderEpoch:
		c.fail("node %d counts a fetch of leader epoch %d, its own is %d", n.id, leaderEpoch, m.LeaderEpoch)
	case epoch < m.brokers[from].epoch:
		c.fail("node %d counts a fetch of node %d in epoch %d, it is registered with %d", n.id, from, epoch, m.brokers[from].epoch)
	}
}

// proposes checks who is proposed: brokers that may join as far as the leader
// knows.
func (c *cluster) proposes(n *node, p partition.Proposal) {
	m, before := n.meta(), n.proposed
	n.proposed = p
	if c.blind || slices.Equal(p.ISR, before.ISR) && p.PartitionEpoch == before.PartitionEpoch { // who is asked for again may have been fenced since
		return
	}
	for _, x := range p.ISR {
		if b := m.brokers[x.ID]; !slices.Contains(m.ISR, x.ID) && (!b.active() || b.epoch != x.Epoch) {
			c.fail("node %d proposes node %d of epoch %d: %+v", n.id, x.ID, x.Epoch, b)
		}
	}
}

// produced is a batch that somebody waits for.
type sent struct {
	n     *node
	state partition.State
	last  int64
	batch record.Batch
}

// Done checks the answer: what is acknowledged is published, and nobody is sent
// away from a leader that still is one.
func (s *sent) Done(err error) {
	c := s.n.c
	now := s.n.p.State()
	switch {
	case err == nil:
		c.checkNode(s.n)
		c.reached["acknowledged"]++
		i := slices.IndexFunc(c.truth.batches, func(b record.Batch) bool { return b.LastOffset() == s.last })
		if i < 0 || !bytes.Equal(c.truth.batches[i], s.batch) {
			c.fail("node %d acknowledges the batch up to %d, which is not published", s.n.id, s.last)
		}
	case errorsIsNotLeader(err) && now.LeaderEpoch == s.state.LeaderEpoch && now.Leader == s.state.Leader:
		c.fail("node %d says that it does not lead epoch %d any more, and it does", s.n.id, now.LeaderEpoch)
	}
}
