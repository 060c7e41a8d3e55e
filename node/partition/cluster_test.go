package partition_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/partition"
)

// cluster is a few replicas of one partition under a small controller, with a
// network that delays, reorders and drops:
//
//	          proposals            fetches
//	controller <----- net -----> replica <----- net -----> replica
//	    |    answers                ^ disk        responses
//	    +-- metadata, in order -----+
//
// What happens next is drawn, so that rapid and a plain seed can both drive it.
type cluster struct {
	draw    func(n int, what string) int // 0..n-1
	ctl     *controller
	nodes   []*node
	net     []*message
	now     env.Time
	truth   truth
	leaders map[int32]int32 // of each epoch, as seen
	pid     int64           // the producer, and its next sequence number
	seq     int32
	story   []string
	calm    bool // nothing more goes wrong
	blind   bool // what replicas say to each other is not looked at, only what comes of it
	reached map[string]int
}

const maxLag = 30 * time.Second

// message is on its way. What it does it does at the moment of its arrival.
type message struct {
	text   string
	arrive func()
	lost   func() // instead; nil: nobody notices
}

// wrong is how a step fails.
type wrong string

func (c *cluster) fail(format string, args ...any) {
	panic(wrong(fmt.Sprintf(format, args...) + "\n" + strings.Join(c.story, "\n")))
}

func (c *cluster) tell(format string, args ...any) {
	c.story = append(c.story, fmt.Sprintf(format, args...))
}

func newCluster(n, minISR int, seed uint64, draw func(int, string) int) *cluster {
	c := &cluster{draw: draw, leaders: map[int32]int32{}, reached: map[string]int{}, pid: 1, now: env.Time{Mono: time.Hour}}
	c.ctl = newController(c, n, minISR)
	for id := range int32(n) {
		c.nodes = append(c.nodes, newNode(c, id+1, seed))
	}
	for _, n := range c.nodes {
		n.start(c.ctl.register(n.id, false))
		n.settle()
		n.replay(len(c.ctl.log))
		c.ctl.unfence(n.id)
	}
	return c
}

func (c *cluster) node(id int32) *node { return c.nodes[id-1] }

// send puts a message on its way.
func (c *cluster) send(m *message) { c.net = append(c.net, m) }

// deliver lets the i-th message arrive, or be lost.
func (c *cluster) deliver(i int, lose bool) {
	m := c.net[i]
	c.net = append(c.net[:i:i], c.net[i+1:]...)
	if !lose {
		c.tell("arrives: %s", m.text)
		m.arrive()
		return
	}
	c.tell("lost: %s", m.text)
	if m.lost != nil {
		m.lost()
	}
}

// pass lets time go by.
func (c *cluster) pass(d time.Duration) {
	c.now.Mono += d
	c.now.Wall += d.Milliseconds()
}

// anyNode draws a node, anyUp one that runs and has its log; nil: there is none.
func (c *cluster) anyNode() *node { return c.nodes[c.draw(len(c.nodes), "node")] }

func (c *cluster) anyUp() *node {
	var up []*node
	for _, n := range c.nodes {
		if n.ready() {
			up = append(up, n)
		}
	}
	if len(up) == 0 {
		return nil
	}
	return up[c.draw(len(up), "node that runs")]
}

// leader is a node that thinks it leads, the latest if there are several.
func (c *cluster) leader() *node {
	var best *node
	for _, n := range c.nodes {
		if n.ready() && n.p.Leads() && (best == nil || n.p.State().LeaderEpoch > best.p.State().LeaderEpoch) {
			best = n
		}
	}
	return best
}

// errNoAnswer is what a leader hears when nobody answered a proposal.
var errNoAnswer = fmt.Errorf("no answer")

// propose carries a proposal to the controller, and the answer back. Either may
// be lost, and the answer given up before the proposal arrives.
func (c *cluster) propose(n *node, p partition.Proposal) {
	life, epoch := n.life, n.epoch
	answered := false
	answer := func(err error) {
		if answered {
			return
		}
		answered = true
		if err == errNoAnswer || err == kerr.NotController {
			c.reached["no answer to a proposal"]++
		}
		c.send(&message{text: fmt.Sprintf("answer %v to proposal %d of %d", err, p.Attempt, n.id), arrive: func() {
			if n.life == life && n.ready() {
				n.p.Answered(c.now, p, err)
			}
		}, lost: func() {
			if n.life == life && n.ready() {
				n.p.Answered(c.now, p, errNoAnswer)
			}
		}})
	}
	request := &message{text: fmt.Sprintf("proposal %d of %d: %+v", p.Attempt, n.id, p), lost: func() { answer(errNoAnswer) }}
	request.arrive = func() {
		if !c.calm && !answered && c.draw(4, "given up") == 0 {
			answer(errNoAnswer)
			c.send(request) // it is still on its way
			return
		}
		answer(c.ctl.alter(n.id, epoch, p))
	}
	c.send(request)
}
