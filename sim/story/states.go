package story

import (
	"fmt"
	"slices"

	"odradek/checker"
	"odradek/faults"
	"odradek/node/broker"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/sim"
)

// node is what was last seen of one.
type node struct {
	lane     int
	alive    bool
	since    int64 // when its last process ended
	replicas map[string]*replica
	order    []string
}

// replica is what was last seen of one on a node.
type replica struct {
	lane  int
	row   string
	leads bool
	epoch int32
	since int64
	high  int64
	on    any   // the shard that has it
	seen  int64 // when that last told of it
}

// Stepped looks at a machine that has made a step.
func (r *Recorder) Stepped(n *sim.Node, m env.Machine) error {
	x := r.node(n)
	if !x.alive {
		x.alive = true
		if n.Incarnation() > 0 {
			r.span(checker.Span{Lane: x.lane, From: x.since, To: r.now(), Kind: checker.SpanDown, Label: "down", Text: "no process"})
		}
	}
	switch m := m.(type) {
	case interface{ Image() *meta.Image }:
		r.image(m.Image())
	case interface {
		Inspect(func(broker.ReplicaState))
	}:
		m.Inspect(func(s broker.ReplicaState) { r.replica(x, m, &s) })
		r.forget(x, m)
	}
	if r.Watch == nil {
		return nil
	}
	return r.Watch.Stepped(n, m)
}

// Ended is the end of a process.
func (r *Recorder) Ended(n *sim.Node) {
	x := r.node(n)
	x.alive, x.since = false, r.now()
	for _, s := range x.roles(x.since) {
		r.span(s)
	}
	x.replicas, x.order = map[string]*replica{}, nil
	if r.Watch != nil {
		r.Watch.Ended(n)
	}
}

func (r *Recorder) span(s checker.Span) {
	if lasts(s.From, s.To) {
		r.story.Spans = append(r.story.Spans, s)
	}
}

func (r *Recorder) node(n *sim.Node) *node {
	for len(r.nodes) <= n.Place() {
		r.nodes = append(r.nodes, &node{lane: lane(len(r.nodes)), replicas: map[string]*replica{}})
	}
	return r.nodes[n.Place()]
}

// replica notes its role and its high watermark where they change.
func (r *Recorder) replica(x *node, on any, s *broker.ReplicaState) {
	if !s.Loaded {
		return
	}
	name := s.Name
	was := x.replicas[name]
	if was == nil {
		was = &replica{lane: x.lane, row: name, since: r.now(), leads: s.Leads, epoch: s.State.LeaderEpoch, high: checker.Unknown}
		x.replicas[name], x.order = was, append(x.order, name)
	}
	was.on, was.seen = on, r.now()
	if was.leads != s.Leads || was.epoch != s.State.LeaderEpoch {
		r.span(was.role(r.now()))
		was.leads, was.epoch, was.since = s.Leads, s.State.LeaderEpoch, r.now()
	}
	if was.high != s.High {
		was.high = s.High
		r.story.Points = append(r.story.Points, checker.Point{Lane: x.lane, Row: name, At: r.now(), Kind: checker.PointHigh,
			Label: fmt.Sprint(s.High), Text: fmt.Sprintf("high watermark %d", s.High)})
	}
}

// forget ends the roles of replicas that a shard no longer has.
func (r *Recorder) forget(x *node, on any) {
	x.order = slices.DeleteFunc(x.order, func(name string) bool {
		was := x.replicas[name]
		gone := was.on == on && was.seen != r.now()
		if gone {
			r.span(was.role(r.now()))
			delete(x.replicas, name)
		}
		return gone
	})
}

// role is the role of a replica until now.
func (x *replica) role(now int64) checker.Span {
	s := checker.Span{Lane: x.lane, Row: x.row, From: x.since, To: now, Kind: checker.SpanTails, Label: fmt.Sprintf("follows, epoch %d", x.epoch)}
	if x.leads {
		s.Kind, s.Label = checker.SpanLeads, fmt.Sprintf("leads, epoch %d", x.epoch)
	}
	s.Text = x.row + " " + s.Label
	return s
}

// roles are those of a node's replicas until now.
func (x *node) roles(now int64) (spans []checker.Span) {
	for _, name := range x.order {
		spans = append(spans, x.replicas[name].role(now))
	}
	return spans
}

// open is what has not ended at the end of the run.
func (x *node) open(end int64) []checker.Span {
	spans := x.roles(end)
	if !x.alive && lasts(x.since, end) {
		spans = append(spans, checker.Span{Lane: x.lane, From: x.since, To: end, Kind: checker.SpanDown, Label: "down", Text: "no process"})
	}
	return spans
}

// image notes the elections and changes of ISR that the newest metadata shows.
func (r *Recorder) image(im *meta.Image) {
	if im.Version() <= r.version {
		return
	}
	r.version = im.Version()
	for t := range im.Topics() {
		for i := range t.Partitions {
			p := &t.Partitions[i]
			r.partition(fmt.Sprintf("%s-%d", t.Name, p.Index), t.ID, p)
		}
	}
}

func (r *Recorder) partition(name string, topic env.UUID, p *meta.Partition) {
	key := partition{topic, p.Index}
	was := r.parts[key]
	if was.PartitionEpoch == p.PartitionEpoch && was.Replicas != nil {
		return
	}
	r.parts[key] = *p
	x := checker.Point{Lane: lane(int(p.Leader) - 1), Row: name, At: r.now(), Kind: checker.PointChange,
		Text: fmt.Sprintf("%s: leader %d, leader epoch %d, ISR %v, ELR %v", name, p.Leader, p.LeaderEpoch, p.ISR, p.ELR)}
	if p.Leader < 0 {
		x.Lane, x.Row = lane(faults.Clients), ""
	}
	if was.LeaderEpoch != p.LeaderEpoch {
		x.Kind, x.Row, x.Label = checker.PointElected, "", fmt.Sprintf("%s epoch %d", name, p.LeaderEpoch)
	}
	r.story.Points = append(r.story.Points, x)
}

// The rest of sim.Watch, for runs that nothing else looks at.

// Whole is the inner one's.
func (r *Recorder) Whole() error {
	if r.Watch == nil {
		return nil
	}
	return r.Watch.Whole()
}

// Version is the inner one's: a run must not depend on the recorder.
func (r *Recorder) Version() int64 {
	if r.Watch == nil {
		return 0
	}
	return r.Watch.Version()
}

// Reached is the inner one's.
func (r *Recorder) Reached() map[string]int {
	if r.Watch == nil {
		return nil
	}
	return r.Watch.Reached()
}
