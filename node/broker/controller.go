package broker

import (
	"math/rand/v2"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/quorum"
)

// controller is machine 0: this node's replica of the metadata log, and what
// follows from it.
//
//	shards, other nodes -- requests --> active (if this node leads) -- records --> quorum
//	                                      or forward to who leads                    |
//	shards <-- change -- image <-- committed records ---------------------------------
//
// It also begins and ends the node, and keeps its broker registered (life).
type controller struct {
	machine
	node  *node
	rand  *rand.Rand
	image *meta.Image
	dirs  []*logDir
	lost  map[string]bool // directories offline, by path
	clean []string        // directories that were closed in order
	home  env.UUID        // id of the metadata's directory

	learnt string // the cluster's id, by another controller; "": nobody was asked

	quorum    *quorum.Quorum // nil: this node has no vote, or not yet
	puller    *puller        // nil: it has
	turning   bool           // from one to the other
	pulls     []*pulling     // of nodes without a vote
	followers map[int32]*follower
	leader    int32 // the node that decides; -1: nobody is known
	decisions *meta.Controller
	active    *active // nil: this node does not decide
	life      *life
	orphan    *orphan
	links     map[int32]*link // to the controllers of other nodes
	conns     map[env.ConnID]*peerConn

	found    *boot   // until the shards begin
	begun    bool    // the shards have what was found at the start
	replayed []int64 // version of the image, by shard
	settling []settling
	ending   bool
	ended    bool
}

// change is records of the metadata log, committed, or with Whole the state that
// replaces all there was. Shards tell when they have replayed it.
type change struct {
	Boot    *boot // with the first one only
	Whole   bool
	First   int64 // offset of the first record
	Records []meta.Record
}

// replayed says how far a shard's image has come.
type replayed struct{ Version int64 }

// settling waits until all shards have replayed a version.
type settling struct {
	version int64
	done    func()
}

func newController(n *node, rng *rand.Rand) *controller {
	c := &controller{node: n, rand: rng, image: meta.NewImage(), lost: map[string]bool{}, leader: noNode,
		links: map[int32]*link{}, conns: map[env.ConnID]*peerConn{}, replayed: make([]int64, n.shards)}
	c.orphan = &orphan{c: c}
	c.life = &life{c: c, epoch: -1, incarnation: env.NewUUID(rng)}
	for i := range c.replayed {
		c.replayed[i] = -1
	}
	c.decisions = meta.NewController(c.image, n.config, rng)
	return c
}

// noNode stands for a node that is not known.
const noNode = -1

// Step takes one event.
func (c *controller) Step(now env.Time, ev env.Event, out *env.Outbox) {
	c.begin(now, out)
	switch ev := ev.(type) {
	case env.Started:
		c.boot()
	case env.Message:
		c.message(ev)
	case *env.DiskDone:
		ev.Tag.Completed(now, ev, out)
	case env.Drained:
		if log := c.replica(); log != nil {
			log.Drained(now, out)
		}
	case env.Shutdown:
		c.shutdown()
	case env.Wake:
		c.waking = 0
	default:
		c.network(ev)
	}
	c.fire()
	c.out = nil
}

// Discard ends the controller without a word.
func (c *controller) Discard() { c.discard() }

func (c *controller) message(ev env.Message) {
	switch body := ev.Body.(type) {
	case answer:
		c.answered(body)
	case question:
		c.serve(body.Body, c.answerTo(ev.From, body))
	case replayed:
		c.replayed[ev.From-1] = body.Version
		c.settle()
	case dirOffline:
		c.loseDir(body)
	}
}

// broadcast gives all shards a change.
func (c *controller) broadcast(ch change) {
	for i := range c.node.shards {
		c.out.Send(i+1, ch)
	}
}

// settled calls done when all shards have replayed the image as it is now.
func (c *controller) settled(done func()) {
	c.settling = append(c.settling, settling{c.image.Version(), done})
	c.settle()
}

func (c *controller) settle() {
	for len(c.settling) > 0 && c.settling[0].version <= c.slowest() {
		first := c.settling[0]
		c.settling = c.settling[1:]
		first.done()
	}
}

// slowest is the version that all shards have replayed.
func (c *controller) slowest() int64 {
	least := c.image.Version()
	for _, v := range c.replayed {
		least = min(least, v)
	}
	return least
}
