package faults

import (
	"slices"
	"strings"
	"time"
)

// Line is the plan on one line, with semicolons: an argument of a command.
func (p Plan) Line() string {
	return strings.Join(strings.Split(strings.TrimSuffix(p.String(), "\n"), "\n"), "; ")
}

// Without is the plan without its faults from one number up to another, the latter
// not included: the step of a minimizer. It is not nil.
func (p Plan) Without(from, to int) Plan { return append(append(Plan{}, p[:from]...), p[to:]...) }

// With is the plan with another i-th fault.
func (p Plan) With(i int, f Fault) Plan {
	other := slices.Clone(p)
	other[i] = f
	return other
}

// WithoutNode is the plan for a world that lacks a node: its own faults and those of
// its links are gone, and the nodes behind it have moved up.
func (p Plan) WithoutNode(node int) Plan {
	fewer := Plan{}
	for _, f := range p {
		if f, left := f.withoutNode(node); left {
			fewer = append(fewer, f)
		}
	}
	return fewer
}

func (f Fault) withoutNode(node int) (Fault, bool) {
	switch {
	case f.Kind == Reset:
		return f, true // connections have numbers of their own
	case f.Kind == Partition:
		f.Apart = f.Apart.without(node)
		return f, strings.Contains(string(f.Apart), "|")
	case f.On == node || f.Kind.Linked() && f.To == node:
		return f, false
	}
	f.On = movedUp(f.On, node)
	if f.Kind.Linked() {
		f.To = movedUp(f.To, node)
	}
	return f, true
}

// movedUp is the number of a side when a node before it may be gone.
func movedUp(a, gone int) int {
	if a > gone {
		return a - 1
	}
	return a
}

// without is the groups without a node; a single one may be left, or none.
func (g Groups) without(node int) Groups {
	var left [][]int
	for group := range strings.SplitSeq(string(g), "|") {
		var members []int
		for name := range strings.SplitSeq(group, ",") {
			if w := (words{}); name != side(node) {
				members = append(members, movedUp(w.side(name), node))
			}
		}
		if len(members) > 0 {
			left = append(left, members)
		}
	}
	return groupsOf(left)
}

// Milder is the fault for half as long (a clock jumps half as far): the other
// step of a minimizer. false: below a millisecond nothing is gained.
func (f Fault) Milder() (Fault, bool) {
	was := f
	if f.Kind.Lasting() {
		f.Until = f.At + halve(f.Until-f.At)
	}
	f.Delay = halve(f.Delay)
	return f, f != was
}

// Sooner is the fault in half the time, or at half the operations: what comes after it
// need not happen. false: it happens nearly at once.
func (f Fault) Sooner() (Fault, bool) {
	was := f
	f.Op -= f.Op / 2
	f.At = halve(f.At)
	f.Until -= was.At - f.At
	if !f.Kind.Lasting() {
		f.Until = 0
	}
	return f, f != was
}

// halve leaves whole microseconds, as Draw does.
func halve(d time.Duration) time.Duration {
	if d.Abs() < time.Millisecond {
		return d
	}
	return (d / 2).Truncate(time.Microsecond)
}

// Rounded is the fault with its times in multiples of a unit, those that would
// vanish excepted: it reads better. false: it is that already, or would last longer.
func (f Fault) Rounded(unit time.Duration) (Fault, bool) {
	was := f
	f.At, f.Until, f.Delay = round(f.At, unit), round(f.Until, unit), round(f.Delay, unit)
	if f.Kind.Lasting() && (f.Until <= f.At || f.Until-f.At > was.Until-was.At) {
		return was, false
	}
	return f, f != was
}

func round(d, unit time.Duration) time.Duration {
	if d.Abs() < unit {
		return d
	}
	return d.Truncate(unit)
}
