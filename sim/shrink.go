package sim

import (
	"cmp"
	"time"

	"odradek/faults"
)

// Shrinking says how far a Shrink goes.
type Shrinking struct {
	Runs     int                           // at most so many runs; 0: 1,000
	Seeds    int                           // with so many seeds a smaller world is tried, as its draws are others; 0: 4
	Progress func(runs int, least Verdict) // told of each smaller run that fails; nil: nobody is
}

// Shrink makes of a failing run one that is as small as it finds, and fails in the
// same way (Verdict.As): of fewer faults, clients, nodes and partitions, a shorter
// time, and values that are nothing special. It tries, and keeps what fails:
//
//	+--> plain values --> faults, in pieces --> nodes, clients, topics, time --> milder faults --+
//	`------------------------------- until nothing is left to take away -------------------------'
//
// The result has its own seed, knobs and plan, and fails again with them. The same
// verdict always gives the same result.
func Shrink(v Verdict, o RunOptions, how Shrinking) Verdict {
	s := &shrinker{v: v, o: o, how: how}
	s.left, s.seeds = cmp.Or(how.Runs, 1000), cmp.Or(how.Seeds, 4)
	for again := true; again; {
		again = s.plainer() // first: plain runs are short, and less depends on chance
		again = s.pieces(func() int { return len(s.v.Plan) }, s.without) || again
		again = s.fewer() || again
		again = s.milder() || again
	}
	return s.v
}

type shrinker struct {
	v     Verdict // the smallest yet
	o     RunOptions
	how   Shrinking
	left  int // runs
	runs  int // made
	seeds int
}

// try takes other knobs and another plan if a run fails with them as it did, with the
// seed that it had, or one of those that follow.
func (s *shrinker) try(k Knobs, p faults.Plan) bool {
	s.o.Knobs, s.o.Plan = &k, append(faults.Plan{}, p...) // never nil: that would be drawn
	for i := 0; i < s.seeds && s.left > 0; i++ {
		s.left--
		s.runs++
		v := Run(s.v.Seed+uint64(i), s.o)
		if !v.As(s.v) {
			continue
		}
		s.v = v
		if s.how.Progress != nil {
			s.how.Progress(s.runs, v)
		}
		return true
	}
	return false
}

// pieces lets take have all of a list at once, then its halves, and so on down to
// single elements. What was taken the list may lack afterwards.
func (s *shrinker) pieces(length func() int, take func(from, to int) bool) (taken bool) {
	for size := length(); size > 0; size /= 2 {
		for from := 0; from < length(); {
			had, to := length(), min(from+size, length())
			if !take(from, to) {
				from = to
				continue
			}
			if taken = true; length() == had {
				from = to
			}
		}
	}
	return taken
}

func (s *shrinker) without(from, to int) bool {
	return s.try(s.v.Knobs, s.v.Plan.Without(from, to))
}

// milder has faults happen sooner, halves what they last, and rounds their times.
func (s *shrinker) milder() (any bool) {
	for i := range s.v.Plan {
		for _, change := range []func(faults.Fault) (faults.Fault, bool){faults.Fault.Sooner, faults.Fault.Milder} {
			for {
				f, ok := change(s.v.Plan[i])
				if !ok || !s.try(s.v.Knobs, s.v.Plan.With(i, f)) {
					break
				}
				any = true
			}
		}
		for _, unit := range []time.Duration{time.Second, 100 * time.Millisecond, 10 * time.Millisecond, time.Millisecond} {
			f, ok := s.v.Plan[i].Rounded(unit)
			if ok && s.try(s.v.Knobs, s.v.Plan.With(i, f)) {
				any = true
				break
			}
		}
	}
	return any
}
