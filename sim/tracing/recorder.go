package tracing

import (
	"slices"
	"time"

	"odradek/faults"
	"odradek/node/broker"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/sim"
)

// Recorder records one run.
type Recorder struct {
	sim.Watch // what looks inside the nodes beside it; may be nil

	w     *sim.World
	seed  uint64
	min   int
	nodes []*node
	parts map[key]*part
	order []*part
	known *meta.Image // what is decided, as far as any node has told its shards
}

// key names a partition.
type key struct {
	topic env.UUID
	index int32
}

// node is what is known of a node.
type node struct {
	n           *sim.Node
	incarnation func() env.UUID // of its process
}

// NewRecorder records the run of a seed with these knobs, of which Plain has made what
// can be told.
func NewRecorder(seed uint64, k sim.Knobs) *Recorder {
	return &Recorder{seed: seed, min: k.Cluster.MinISR, parts: map[key]*part{}, known: meta.NewImage()}
}

// Before is sim.RunOptions.Watch for the run: inner is what it would be without the
// recorder, or nil.
func (r *Recorder) Before(inner func(*sim.World) sim.Watch) func(*sim.World) sim.Watch {
	return func(w *sim.World) sim.Watch {
		r.w, w.Recorder = w, r
		if inner != nil {
			r.Watch = inner(w)
		}
		return r
	}
}

// Passed is told of messages, which are no part of a trace.
func (r *Recorder) Passed(sim.Message) {}

// Struck is told of a fault that is about to happen.
func (r *Recorder) Struck(f faults.Fault) {
	if f.Kind != faults.Wipe && f.Kind != faults.WipeLogs {
		return
	}
	for _, p := range r.order {
		if at := p.place(int32(f.On) + 1); at > 0 {
			p.replica(at).wiped = true
			if !p.replica(at).up {
				p.losesStorage(r.w.Now(), at, r.nodes[f.On].incarnation())
			}
		}
	}
}

// Stepped looks at the machine that has just made a step.
func (r *Recorder) Stepped(n *sim.Node, m env.Machine) error {
	if c, ok := m.(*tap); ok {
		r.controller(n, c)
		return r.inner(n, c)
	}
	if s, ok := m.(interface {
		Inspect(func(broker.ReplicaState))
	}); ok {
		s.Inspect(func(x broker.ReplicaState) {
			if p := r.parts[key{x.Topic, x.Index}]; p != nil && p.cut == "" {
				p.observe(r.w.Now(), n, &x)
			}
		})
	}
	return r.inner(n, m)
}

func (r *Recorder) inner(n *sim.Node, m env.Machine) error {
	if r.Watch == nil {
		return nil
	}
	return r.Watch.Stepped(n, m)
}

// Ended is told that a process is gone.
func (r *Recorder) Ended(n *sim.Node) {
	id := int32(n.Place()) + 1
	for _, p := range r.order {
		if at := p.place(id); at > 0 && p.cut == "" {
			p.ended(r.w.Now(), n, at, r.nodes[n.Place()].incarnation())
		}
	}
	if r.Watch != nil {
		r.Watch.Ended(n)
	}
}

// Whole, Version and Reached are the inner Watch's.
func (r *Recorder) Whole() error {
	if r.Watch == nil {
		return nil
	}
	return r.Watch.Whole()
}

// Version is the newest metadata that was decided.
func (r *Recorder) Version() int64 {
	if r.Watch == nil {
		return r.known.Version()
	}
	return r.Watch.Version()
}

// Reached tells what the inner Watch has seen.
func (r *Recorder) Reached() map[string]int {
	if r.Watch == nil {
		return nil
	}
	return r.Watch.Reached()
}

// Traces are those of the partitions that the run's clients used, to the end of the run.
func (r *Recorder) Traces() (all []Trace) {
	for _, p := range r.order {
		all = append(all, p.finish(r.seed, r.min))
	}
	return all
}

func (r *Recorder) node(n *sim.Node) *node {
	for len(r.nodes) <= n.Place() {
		r.nodes = append(r.nodes, &node{})
	}
	x := r.nodes[n.Place()]
	x.n = n
	return x
}

// lives tells whether the process of a broker is the one that is registered.
func (r *Recorder) lives(b *meta.Broker) bool {
	at := int(b.ID) - 1
	if at >= len(r.nodes) || r.nodes[at].n == nil || r.nodes[at].n.Down() {
		return false
	}
	return r.nodes[at].incarnation() == b.Incarnation
}

// step begins a line of a partition.
func (p *part) step(now time.Duration) *line {
	p.lines = append(p.lines, &line{at: now})
	return p.lines[len(p.lines)-1]
}

func sorted(ids []int) []int {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return ids
}
