package main

import (
	"math/rand/v2"
	"slices"

	"odradek/sim/tracing"
)

// variant is a trace that is wrong at one line.
type variant struct {
	trace, line int // from 0
	kind        kind
	instead     tracing.Line
}

// kind is how a trace is made wrong.
type kind string

const (
	dropped kind = "one step dropped"
	raised  kind = "one high watermark raised"
	moved   kind = "one epoch changed"
	joined  kind = "one ISR member added"
)

var kinds = []kind{dropped, raised, moved, joined}

// form is the kind's name in IsrTraces.tla.
func (k kind) form() string {
	if k == dropped {
		return "drop"
	}
	return "replace"
}

// drawVariants makes so many of each kind of the traces.
func drawVariants(rng *rand.Rand, traces []tracing.Trace, each int) (all []variant) {
	for _, k := range kinds {
		var may []variant
		for i := range traces {
			for j := range traces[i].Lines {
				if instead, ok := k.make(&traces[i], j); ok {
					may = append(may, variant{i, j, k, instead})
				}
			}
		}
		rng.Shuffle(len(may), func(i, j int) { may[i], may[j] = may[j], may[i] })
		all = append(all, may[:min(each, len(may))]...)
	}
	return all
}

// make makes a line wrong: what is recorded, and what the action says of it.
func (k kind) make(t *tracing.Trace, at int) (tracing.Line, bool) {
	l := copied(t.Lines[at])
	switch k {
	case dropped: // the last line has none behind it that could show it
		return l, at+1 < len(t.Lines)
	case raised:
		return l, raise(&l)
	case moved:
		return l, move(&l)
	}
	return l, join(&l, len(t.Brokers))
}

func copied(l tracing.Line) tracing.Line {
	l.Acts, l.After = slices.Clone(l.Acts), slices.Clone(l.After)
	for i := range l.Acts {
		l.Acts[i].Args, l.Acts[i].Set = slices.Clone(l.Acts[i].Args), slices.Clone(l.Acts[i].Set)
	}
	return l
}

// raise has a replica's high watermark one batch higher than it was. What a process that is
// killed leaves of it may be any up to it: that would be nothing wrong.
func raise(l *tracing.Line) bool {
	if slices.ContainsFunc(l.Acts, func(a tracing.Act) bool { return a.Name == "Crash" }) {
		return false
	}
	for i := range l.After {
		c := &l.After[i]
		if c.Var != "hw" {
			continue
		}
		c.N++
		for j := range l.Acts {
			if a := &l.Acts[j]; a.Replica == c.Replica && (a.Name == "AdvanceHW" || a.Name == "LearnHW") && a.Args[0] == c.N-1 {
				a.Args[0]++
			}
		}
		return true
	}
	return false
}

// move has the leader epoch of a new state of the partition, or the partition epoch
// that a replica applies, one higher.
func move(l *tracing.Line) bool {
	for i := range l.After {
		switch c := &l.After[i]; {
		case c.Var == "metalog":
			c.Entry.LeaderEpoch++
			return true
		case c.Var == "applied" && c.N > 0:
			c.N++
			l.Acts = append([]tracing.Act{{Name: "Apply", Replica: c.Replica}}, l.Acts...)
			return true
		}
	}
	return false
}

// join has a replica in an ISR that was not.
func join(l *tracing.Line, replicas int) bool {
	for i := range l.After {
		c := &l.After[i]
		if c.Var != "metalog" && c.Var != "view" {
			continue
		}
		for r := 1; r <= replicas; r++ {
			if !slices.Contains(c.Entry.ISR, r) {
				c.Entry.ISR = append(slices.Clone(c.Entry.ISR), r)
				slices.Sort(c.Entry.ISR)
				return true
			}
		}
	}
	return false
}
