package sim

import "odradek/faults"

// Shrink leaves of a failing run's faults only those that it takes to fail in
// the same way, and these for as short as that goes. It runs the seed some ten
// times for each fault.
func Shrink(v Verdict, o RunOptions) Verdict {
	s := &shrinker{v: v, o: o}
	for s.drop() {
	}
	s.shorten()
	return s.v
}

type shrinker struct {
	v Verdict // the smallest yet
	o RunOptions
}

// try takes a plan if the run fails under it as it did.
func (s *shrinker) try(p faults.Plan) bool {
	s.o.Plan = p
	v := Run(s.v.Seed, s.o)
	if v.Outcome != s.v.Outcome {
		return false
	}
	s.v = v
	return true
}

// drop leaves out what can be; true if there was something, since then more may
// be superfluous.
func (s *shrinker) drop() (dropped bool) {
	for i := len(s.v.Plan) - 1; i >= 0; i-- {
		dropped = s.try(s.v.Plan.Without(i)) || dropped
	}
	return dropped
}

func (s *shrinker) shorten() {
	for i := range s.v.Plan {
		for {
			f, ok := s.v.Plan[i].Milder()
			if !ok || !s.try(s.v.Plan.With(i, f)) {
				break
			}
		}
	}
}
