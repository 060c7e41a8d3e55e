package story

import (
	"fmt"
	"time"

	"odradek/checker"
	"odradek/faults"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/wire"
	"odradek/sim"
)

// Recorder records one run.
type Recorder struct {
	sim.Watch // what looks inside the nodes beside it; may be nil

	w       *sim.World
	story   checker.Story
	nodes   []*node
	version int64 // of the newest metadata
	parts   map[partition]meta.Partition
}

// partition names one.
type partition struct {
	topic env.UUID
	index int32
}

// Before is sim.RunOptions.Watch for a run that is recorded: inner is what it would be
// without the recorder, or nil.
func (r *Recorder) Before(inner func(*sim.World) sim.Watch) func(*sim.World) sim.Watch {
	return func(w *sim.World) sim.Watch {
		*r = Recorder{w: w, version: -1, parts: map[partition]meta.Partition{}}
		if inner != nil {
			r.Watch = inner(w)
		}
		w.Recorder = r
		return r
	}
}

// now is the virtual time, as a story counts it.
func (r *Recorder) now() int64 { return int64(r.w.Now()) }

// lane is that of a side: the clients' is the first one.
func lane(side int) int { return side + 1 }

// Passed takes a message.
func (r *Recorder) Passed(m sim.Message) {
	a := checker.Arrow{From: lane(m.From), To: lane(m.To), Sent: int64(m.Sent), Arrived: int64(m.Arrived)}
	switch {
	case m.Arrived < 0:
		a.Arrived, a.Text = checker.Unknown, "a message"
	case m.Asked >= 0:
		a.Kind, a.Text = "answer", "answer to "+wire.KeyName(int16(m.Asked))
	case len(m.Frame) >= 2:
		key := int16(m.Frame[0])<<8 | int16(m.Frame[1])
		if a.Text = wire.KeyName(key); key == wire.Raft {
			a.Kind = "raft"
		}
	}
	r.story.Arrows = append(r.story.Arrows, a)
}

// Struck takes a fault.
func (r *Recorder) Struck(f faults.Fault) {
	for _, side := range concerned(f, len(r.w.Nodes())) {
		text := f.Kind.String()
		if f.Kind == faults.Partition {
			text += " " + string(f.Apart)
		}
		if !f.Kind.Lasting() {
			r.story.Points = append(r.story.Points, checker.Point{Lane: lane(side), At: r.now(), Kind: checker.PointFault, Label: text, Text: f.String()})
			continue
		}
		s := checker.Span{Lane: lane(side), From: r.now(), To: int64(f.Until), Kind: checker.SpanFault, Label: text, Text: f.String()}
		if f.Kind == faults.Pause {
			s.Kind, s.Label = checker.SpanPause, "paused"
		}
		r.story.Spans = append(r.story.Spans, s)
	}
}

// concerned are the sides on whose lanes a fault is shown.
func concerned(f faults.Fault, nodes int) []int {
	switch {
	case f.Kind == faults.Reset:
		return []int{faults.Clients} // whose connection it is nobody knows by its number
	case f.Kind == faults.Partition:
		var all []int
		for side := faults.Clients; side < nodes; side++ {
			for other := faults.Clients; other < nodes; other++ {
				if f.Apart.Between(side, other) {
					all = append(all, side)
					break
				}
			}
		}
		return all
	case f.Kind.Linked():
		return []int{f.On, f.To}
	}
	return []int{f.On}
}

// Case is the report's part of a run that was recorded and ended with v.
func (r *Recorder) Case(v sim.Verdict, command string) checker.Case {
	s := r.story
	s.End, s.Lanes = int64(v.Virtual), []string{"clients"}
	for i := range r.w.Nodes() {
		name := fmt.Sprintf("node %d (id %d)", i, i+1)
		if i >= v.Knobs.Nodes {
			name += ", controller"
		}
		s.Lanes = append(s.Lanes, name)
	}
	for _, n := range r.nodes {
		s.Spans = append(s.Spans, n.open(s.End)...)
	}
	c := checker.Case{Title: fmt.Sprintf("Seed %d: %v", v.Seed, v.Outcome), Reason: v.Reason, Command: command, Story: &s}
	for _, f := range v.Plan {
		c.Plan = append(c.Plan, f.String())
	}
	return c
}

// lasts tells whether a time is long enough to be worth a bar.
func lasts(from, to int64) bool { return to-from > int64(time.Microsecond) }
