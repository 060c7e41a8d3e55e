package partition_test

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/faults"
	"odradek/node/env"
	"odradek/node/partition"
	"odradek/node/record"
)

func errorsIsNotLeader(err error) bool { return err == kerr.NotLeaderForPartition }

// action is something that may happen; weight says how often.
type action struct {
	name   string
	weight int
	do     func(*cluster)
}

var actions = []action{
	{"produce", 30, (*cluster).produce},
	{"disk", 70, (*cluster).disk},
	{"drain", 45, (*cluster).drain},
	{"fetch", 50, (*cluster).fetch},
	{"arrive", 90, (*cluster).arrive},
	{"lose", 4, func(c *cluster) { c.some(true) }},
	{"replay", 40, (*cluster).replay},
	{"tick", 10, (*cluster).tick},
	{"wait", 8, func(c *cluster) { c.pass(time.Duration(c.draw(60, "seconds")) * time.Second) }},
	{"unfence", 24, (*cluster).unfence},
	{"fence", 2, func(c *cluster) { c.ctl.fence(c.anyNode().id) }},
	{"stop", 1, func(c *cluster) { c.ctl.stop(c.anyNode().id) }},
	{"prefer", 2, func(c *cluster) { c.ctl.prefer(c.anyNode().id) }},
	{"min ISR", 1, func(c *cluster) { c.ctl.setMinISR(min(1+c.draw(2, "min ISR"), len(c.nodes))) }},
	{"crash", 2, (*cluster).crash},
	{"lose a disk", 1, (*cluster).loseDisk},
	{"start", 20, (*cluster).restart},
	{"checkpoint", 3, (*cluster).checkpoint},
	{"delete", 1, (*cluster).deleteRecords},
	{"consume", 4, (*cluster).consume},
	{"full", 1, (*cluster).full},
	{"device", 1, func(c *cluster) { c.anyNode().disk.Arm(faults.EIOSync) }},
	{"give up", 2, func(c *cluster) { c.anyNode().fetching = false }},
}

// step lets one thing happen and looks at everything.
func (c *cluster) step() {
	total := 0
	for _, a := range actions {
		total += a.weight
	}
	at := c.draw(total, "what happens")
	for _, a := range actions {
		if at < a.weight {
			a.do(c)
			break
		}
		at -= a.weight
	}
	c.bury()
	c.check()
}

func (c *cluster) produce() {
	n := c.leader()
	if c.draw(2, "any leader") == 0 {
		n = c.anyUp() // it may have been deposed
	}
	if n != nil && n.p.Leads() && (n.p.Log().End() < 60 || c.draw(10, "more") == 0) {
		n.produce(c.draw(2, "records"))
	}
}

func (n *node) produce(more int) {
	c := n.c
	b := record.NewBuilder(nil)
	b.ProducerID, b.ProducerEpoch, b.BaseSequence = c.pid, 0, c.seq
	for i := range 1 + more {
		b.Append(record.Record{Timestamp: c.now.Wall, Value: []byte{byte(c.pid), byte(c.seq), byte(i), byte(len(c.story)), byte(len(c.story) >> 8)}})
	}
	batch, err := b.Build()
	if err != nil {
		c.fail("%v", err)
	}
	m := n.meta()
	v := &record.Validated{Batch: batch, Count: int32(1 + more), Max: record.TimeMark{Timestamp: c.now.Wall}, Append: record.NoTimestamp}
	a, err := n.p.Append(c.now, v, partition.AcksAll, n.out)
	if err != nil {
		c.pid, c.seq = c.pid+1, 0
		return
	}
	c.seq += int32(1 + more)
	c.tell("node %d appends [%d, %d] in epoch %d", n.id, a.Base, a.Last, n.p.State().LeaderEpoch)
	if len(m.ISR) < m.MinISR {
		c.fail("node %d takes records for ISR %v, which is below %d", n.id, m.ISR, m.MinISR)
	}
	n.p.Await(a.Last, partition.AcksAll, &sent{n, n.p.State(), a.Last, slices.Clone(batch)})
}

func (c *cluster) disk() {
	n := c.anyNode()
	if !n.up {
		return
	}
	n.now = c.now
	for range 1 + c.draw(12, "operations") {
		n.pump()
	}
}

func (c *cluster) drain() {
	if n := c.anyUp(); n != nil {
		n.p.Log().Drained(c.now, n.out)
		if c.draw(2, "at once") == 0 {
			n.settle()
		}
	}
}

func (c *cluster) fetch() {
	for _, n := range c.nodes {
		if n.ready() && !n.fetching && c.draw(2, "fetches") == 0 {
			n.fetch(1 + c.draw(3, "size")*200)
		}
	}
}

func (c *cluster) arrive() {
	for range 1 + c.draw(3, "messages") {
		c.some(false)
	}
}

func (c *cluster) some(lose bool) {
	if len(c.net) > 0 {
		c.deliver(c.draw(len(c.net), "message"), lose)
	}
}

func (c *cluster) replay() {
	n := c.anyNode()
	if behind := len(c.ctl.log) - max(n.applied, int(n.epoch)+1); n.up && behind >= 0 {
		if n.applied == 0 {
			n.replay(int(n.epoch) + 1 + c.draw(behind+1, "entries")) // it serves from its registration on
		} else if behind > 0 {
			n.replay(min(n.applied+1+c.draw(2*behind, "entries"), len(c.ctl.log)))
		}
	}
}

func (c *cluster) tick() {
	for _, n := range c.nodes {
		if n.ready() {
			n.p.Tick(c.now)
		}
	}
}

// unfence is what the heartbeat of a broker does that has caught up.
func (c *cluster) unfence() {
	n := c.anyNode()
	if b := c.ctl.last().brokers[n.id]; n.ready() && n.applied > int(n.epoch) && b.epoch == n.epoch && !b.active() {
		c.ctl.unfence(n.id)
	}
}

func (c *cluster) crash() {
	n := c.anyNode()
	if !n.up {
		return
	}
	n.die()
	if c.draw(2, "power") == 0 {
		c.tell("node %d is killed", n.id)
		n.disk.Crash()
	} else {
		c.tell("node %d loses its power", n.id)
		n.disk.PowerCut()
	}
}

func (c *cluster) loseDisk() {
	if n := c.anyNode(); c.ctl.expendable(n.id) {
		n.die()
		c.tell("node %d loses its disk", n.id)
		fresh := newNode(c, n.id, uint64(len(c.story)))
		n.disk, n.saved, n.lostAt = fresh.disk, 0, len(c.ctl.log)
		n.start(c.ctl.register(n.id, true))
	}
}

func (c *cluster) restart() {
	if n := c.anyNode(); !n.up {
		c.tell("node %d starts", n.id)
		n.start(c.ctl.register(n.id, false))
	}
}

// full fills a disk, or makes room again.
func (c *cluster) full() {
	n, full := c.anyNode(), c.draw(3, "full") > 0
	n.disk.SetFull(full)
	c.tell("node %d has a full disk: %v", n.id, full)
}

// bury ends the processes whose log has stopped for good.
func (c *cluster) bury() {
	for _, n := range c.nodes {
		if n.ready() && n.p.Failure() != nil {
			c.tell("node %d ends: %v", n.id, n.p.Failure())
			n.die()
			n.disk.Crash()
		}
	}
}

func (c *cluster) checkpoint() {
	if n := c.anyUp(); n != nil {
		l := n.p.Log()
		n.save([]func(*env.Task) error{l.SaveHigh, l.Checkpoint}[c.draw(2, "all of it")])
	}
}

func (c *cluster) deleteRecords() {
	n := c.leader()
	if n == nil || n.p.HighWatermark() <= n.p.Log().Start() {
		return
	}
	to := n.p.Log().Start() + 1 + int64(c.draw(int(n.p.HighWatermark()-n.p.Log().Start()), "deleted"))
	c.truth.deleted = max(c.truth.deleted, to)
	c.tell("node %d deletes records before %d", n.id, to)
	n.p.Log().AdvanceStart(c.now, to, n.out, func(_ env.Time, err error, _ *env.Outbox) {
		if err == nil {
			n.p.AwaitStart(to, &deletion{c, to})
		}
	})
}

// deletion is told that no replica that may lead has records before an offset.
type deletion struct {
	c  *cluster
	to int64
}

func (d *deletion) Done(err error) {
	if err == nil {
		d.c.truth.gone = max(d.c.truth.gone, d.to)
	}
}

// consume reads below the high watermark; nothing else may come.
func (c *cluster) consume() {
	n := c.anyUp()
	if n == nil || n.p.HighWatermark() <= n.p.Log().Start() {
		return
	}
	hw, from := n.p.HighWatermark(), n.p.Log().Start()
	from += int64(c.draw(int(hw-from), "from"))
	n.read(from, 1<<20, hw, func(records []byte, err error) {
		for b, broken := range record.Batches(records) {
			if err == nil && broken == nil && b.LastOffset() >= hw {
				c.fail("node %d: a consumer reads offset %d, the high watermark was %d", n.id, b.LastOffset(), hw)
			}
		}
	})
}

// heal mends everything; then all replicas must come to be in sync, and equal.
func (c *cluster) heal() {
	c.calm = true
	c.tell("all is mended")
	for _, n := range c.nodes {
		n.disk.SetFull(false)
	}
	for range 60 {
		c.bury()
		for _, n := range c.nodes {
			c.mend(n)
		}
		for len(c.net) > 0 {
			c.deliver(0, false)
			c.settle()
		}
		c.pass(2 * time.Second)
		c.tick()
		c.check()
		if c.whole() {
			return
		}
	}
	c.fail("the cluster does not become whole: ISR %v, truth to %d", c.ctl.last().ISR, c.truth.end)
}

func (c *cluster) mend(n *node) {
	if !n.up {
		n.start(c.ctl.register(n.id, false))
	}
	c.settle()
	n.replay(len(c.ctl.log))
	if !c.ctl.last().brokers[n.id].active() {
		c.ctl.unfence(n.id)
		n.replay(len(c.ctl.log))
	}
	if n.fetching = false; n.ready() {
		n.fetch(1000)
	}
	c.settle()
}

func (c *cluster) settle() {
	for _, n := range c.nodes {
		if n.up {
			n.now = c.now
			n.settle()
			if n.ready() {
				n.p.Log().Drained(c.now, n.out)
				n.settle()
			}
		}
	}
}

// whole tells whether all are in sync, and everything is committed everywhere.
func (c *cluster) whole() bool {
	m := c.ctl.last()
	if len(m.ISR) < len(c.nodes) || len(c.net) > 0 || slices.ContainsFunc(c.nodes, func(n *node) bool { return !n.ready() }) {
		return false
	}
	end := c.node(m.Leader).p.Log().End()
	for _, n := range c.nodes {
		if l := n.p.Log(); n.applied < len(c.ctl.log) || l.End() != end || n.p.HighWatermark() != end || c.truth.differs(n.onDisk(true), end) >= 0 {
			return false
		}
	}
	return end == c.truth.end
}
