package tracing

import (
	"odradek/node/broker"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/sim"
)

// controller is machine 0 of a node.
type controller interface {
	env.Machine
	Image() *meta.Image
	Incarnation() env.UUID
}

// tap is machine 0, whose words to its shards are overheard: they hold one decision
// each, where its image may have taken several in one step.
type tap struct {
	controller
	heard []decision
}

// decision is what a controller has written at once.
type decision struct {
	first   int64
	records []meta.Record
}

// Tap wraps the machines of a node's process.
func (r *Recorder) Tap(b sim.Boot, machines []env.Machine) []env.Machine {
	c := machines[0].(controller)
	for len(r.nodes) <= b.Node {
		r.nodes = append(r.nodes, &node{})
	}
	r.nodes[b.Node].incarnation = c.Incarnation
	machines[0] = &tap{controller: c}
	return machines
}

// Step makes the machine's step, and listens.
func (t *tap) Step(now env.Time, ev env.Event, out *env.Outbox) {
	t.heard = t.heard[:0]
	t.controller.Step(now, ev, out)
	for _, e := range out.Effects {
		s, ok := e.(env.Send)
		if !ok {
			continue
		}
		first, records, ok := broker.Decided(s.Body)
		if last := len(t.heard) - 1; ok && (last < 0 || t.heard[last].first < first) {
			t.heard = append(t.heard, decision{first, records})
		}
	}
}

// controller takes what a node's machine 0 has just told its shards, or has replayed
// without a word because they were not there yet.
func (r *Recorder) controller(n *sim.Node, c *tap) {
	r.node(n)
	for _, d := range c.heard {
		if d.first > r.known.Version() {
			r.decided(d)
		}
	}
	if im := c.Image(); im.Version() > r.known.Version() {
		r.caughtUp(im)
	}
}

// decided replays a decision.
func (r *Recorder) decided(d decision) {
	was := r.brokers()
	for i, rec := range d.records {
		if err := r.known.Replay(d.first+int64(i), rec); err != nil {
			panic("tracing: " + err.Error())
		}
	}
	r.follow(was)
}

// caughtUp takes all that an image holds as one decision.
func (r *Recorder) caughtUp(im *meta.Image) {
	was := r.brokers()
	fresh, first := meta.NewImage(), im.Version()
	var records []meta.Record
	for rec := range im.Records() {
		records = append(records, rec)
	}
	for i, rec := range records {
		if err := fresh.Replay(first-int64(len(records)-1-i), rec); err != nil {
			panic("tracing: " + err.Error())
		}
	}
	r.known = fresh
	r.follow(was)
}
