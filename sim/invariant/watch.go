package invariant

import (
	"fmt"

	"odradek/node/broker"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/sim"
)

// Watch is told of every step of a world (sim.Watch).
type Watch struct {
	w     *sim.World
	parts map[key]*part
	order []*part // as they were first seen
	nodes []*seen // by the node's place
	steps uint64

	journals map[int]*journals // on disk, by the node's place

	marks map[string]int // reached
	lossy bool           // storage may be lost: one who holds what is committed is enough
	sums  map[int64]uint32
}

// key names a partition.
type key struct {
	topic env.UUID
	index int32
}

// seen is what was last seen of a node's process.
type seen struct {
	version int64 // of its image; -1: none
	highs   map[key]high
	ends    map[key]int64 // of the logs
}

// high is the high watermark of a replica while it led in an epoch.
type high struct {
	epoch int32
	at    int64
}

// For is the watch over the runs of a campaign; nil where it would see what rots, which
// only readers must not.
func For(c sim.Campaign) func(*sim.World) sim.Watch {
	if c == sim.Rot {
		return nil
	}
	return New(c.Loses())
}

// New makes a watch for one world. lossy says that replicas may lose their storage:
// then one member of ISR and ELR that holds a record is enough, otherwise all have to.
func New(lossy bool) func(*sim.World) sim.Watch {
	return func(w *sim.World) sim.Watch {
		return &Watch{w: w, parts: map[key]*part{}, lossy: lossy, marks: map[string]int{}, journals: map[int]*journals{}, sums: map[int64]uint32{}}
	}
}

// often is after how many steps the logs are compared.
const often = 4096

// Stepped looks at the machine that has just made a step.
func (x *Watch) Stepped(n *sim.Node, m env.Machine) error {
	s := x.seen(n)
	var err error
	switch m := m.(type) {
	case interface{ Image() *meta.Image }:
		if im := m.Image(); im.Version() != s.version {
			s.version = im.Version()
			err = x.image(n, im)
		}
	case interface {
		Inspect(func(broker.ReplicaState))
	}:
		m.Inspect(func(r broker.ReplicaState) {
			if err == nil {
				err = x.replica(n, s, &r)
			}
		})
	}
	if x.steps++; err == nil && x.steps%often == 0 {
		err = x.compare()
	}
	return err
}

// Ended forgets what a process knew.
func (x *Watch) Ended(n *sim.Node) {
	*x.seen(n) = seen{version: -1, highs: map[key]high{}, ends: map[key]int64{}}
}

// Version is the newest metadata that any node has replayed.
func (x *Watch) Version() int64 {
	newest := int64(-1)
	for _, s := range x.nodes {
		newest = max(newest, s.version)
	}
	return newest
}

func (x *Watch) seen(n *sim.Node) *seen {
	for len(x.nodes) <= n.Place() {
		x.nodes = append(x.nodes, &seen{version: -1, highs: map[key]high{}, ends: map[key]int64{}})
	}
	return x.nodes[n.Place()]
}

// id is the node id of a node: its place from 1.
func id(n *sim.Node) int32 { return int32(n.Place()) + 1 }

// part is what is known of a partition.
type part struct {
	key
	name      string                    // of its directories
	states    map[int32]*meta.Partition // as committed, by partition epoch
	newest    *meta.Partition
	leaders   map[int32]int32 // who led, by leader epoch
	start     int64           // the highest log start of any replica: what lies below is deleted
	published int64           // the highest high watermark that any replica has had
	batches   map[int64]batch // as they lie below it
	tails     map[place]tail  // of the segments
}

func (p *part) wrong(name, format string, args ...any) error {
	return fmt.Errorf("%s: %s: %s", name, p.name, fmt.Sprintf(format, args...))
}

func (x *Watch) part(k key, name string) *part {
	p := x.parts[k]
	if p == nil {
		p = &part{key: k, name: name, states: map[int32]*meta.Partition{}, leaders: map[int32]int32{}, batches: map[int64]batch{}, tails: map[place]tail{}}
		x.parts[k] = p
		x.order = append(x.order, p)
	}
	return p
}
