package partition_test

import (
	"strings"
	"testing"
)

// Scripts are lives that chance finds too seldom, with the checks of what
// replicas say to each other off: only what comes of it counts.
var scripts = map[string]func(*cluster){
	"A6":  believesAnOldHighWatermark,
	"A10": joinsByAnOldProposal,
	"A25": isCutByAnOldResponse,
	"A33": countsByAnOldFetch,
}

// played runs a script without chance: the last of all choices is taken.
func played(script func(*cluster)) error {
	return guarded(func() {
		c := newCluster(3, 1, 1, func(n int, _ string) int { return n - 1 })
		c.blind, c.calm = true, true
		script(c)
		c.check()
		c.heal()
	})
}

func TestScriptsEndWell(t *testing.T) {
	for id, script := range scripts {
		if err := played(script); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// decide puts a decision into the metadata, and everybody up to date.
func (c *cluster) decide(leader int32, isr ...int32) {
	m := c.ctl.last()
	if m.Leader != leader {
		m.Leader, m.LeaderEpoch = leader, m.LeaderEpoch+1
	}
	m.ISR, m.PartitionEpoch = isr, m.PartitionEpoch+1
	c.ctl.commit(m)
	c.know()
}

func (c *cluster) know() {
	for _, n := range c.nodes {
		if n.up {
			n.replay(len(c.ctl.log))
		}
	}
}

// let delivers the messages whose text has a part, and those that follow of them.
func (c *cluster) let(part string) {
	for i := 0; i < len(c.net); {
		if strings.Contains(c.net[i].text, part) {
			c.deliver(i, false)
			c.settle()
			i = 0
			continue
		}
		i++
	}
	c.settle()
}

// fetches has a follower fetch, once, and get the response.
func (c *cluster) fetches(id int32, size int) {
	n := c.node(id)
	n.fetching = false
	n.fetch(size)
	c.let("fetch of " + string(rune('0'+id)))
	c.let(" to " + string(rune('0'+id)))
}

func (c *cluster) produces(id int32, batches int) {
	for range batches {
		c.node(id).produce(0)
		c.settle()
	}
}

// replaced is a broker that comes back with an empty disk.
func (c *cluster) replaced(id int32) {
	n := c.node(id)
	n.die()
	n.disk, n.saved, n.lostAt = newNode(c, id, 99).disk, 0, len(c.ctl.log)
	n.start(c.ctl.register(id, true))
	c.settle()
	c.ctl.unfence(id)
	c.know()
}

func joinsByAnOldProposal(c *cluster) {
	c.decide(1, 1)
	c.produces(1, 3)
	c.fetches(2, 1000)
	c.fetches(2, 1000) // it is seen to have all: the proposal is on its way
	c.replaced(2)
	c.let("proposal")
}

func countsByAnOldFetch(c *cluster) {
	c.decide(1, 1, 3)
	c.fetches(3, 1000)
	c.produces(1, 1)
	c.fetches(3, 1000)
	c.fetches(3, 1000) // one batch is committed
	c.produces(1, 4)
	c.fetches(2, 1000)
	n := c.node(2)
	n.fetching = false
	n.fetch(1000) // it has all five, and says so much later
	late := c.net[len(c.net)-1]
	c.net = c.net[:len(c.net)-1]
	c.replaced(2)
	c.decide(1, 1, 3)
	c.fetches(2, 1)
	c.fetches(2, 1) // it has one batch
	c.decide(1, 1, 2, 3)
	c.fetches(3, 1000)
	c.fetches(3, 1000)
	c.check()
	late.arrive()
	c.check()
}

func isCutByAnOldResponse(c *cluster) {
	c.decide(3, 1, 2, 3)
	c.produces(3, 1)
	for _, id := range []int32{1, 2, 1, 2} {
		c.fetches(id, 1000)
	}
	c.produces(3, 2)
	c.fetches(2, 1000) // 2 has three, 1 has one
	c.decide(1, 1, 2, 3)
	n := c.node(2)
	n.fetching = false
	n.fetch(1000)
	c.let("fetch of 2") // 1 says: our logs part after one
	late := c.net[len(c.net)-1]
	c.net = c.net[:len(c.net)-1]
	c.decide(3, 2, 3)
	c.fetches(2, 1000) // and 3 says: they do not
	c.check()
	late.arrive()
	c.settle()
	c.check()
}

func believesAnOldHighWatermark(c *cluster) {
	c.decide(3, 1, 2, 3)
	c.produces(3, 1)
	for _, id := range []int32{1, 2, 1, 2} {
		c.fetches(id, 1000)
	}
	c.produces(3, 2)
	c.fetches(2, 1000) // 2 has three, of which two will never be committed
	c.decide(1, 1, 3)
	c.produces(1, 4)
	for range 4 {
		c.fetches(3, 1000)
	}
	n := c.node(2)
	n.fetching = false
	n.fetch(1000)
	c.let("fetch of 2") // all five are committed, and our logs part after one
	late := c.net[len(c.net)-1]
	c.net = c.net[:len(c.net)-1]
	c.ctl.prefer(1)
	c.know()
	late.arrive()
	c.settle()
	c.check()
}
