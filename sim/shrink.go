package sim

import "odradek/faults"

// Shrink leaves of a failing run's faults only those that it takes to fail in
// the same way: it drops one after the other as long as that works.
func Shrink(v Verdict, o RunOptions) Verdict {
	for i := 0; i < len(v.Plan); {
		o.Plan = v.Plan.Without(i)
		if len(o.Plan) == 0 {
			o.Plan = faults.Plan{}
		}
		if shorter := Run(v.Seed, o); shorter.Outcome == v.Outcome {
			v, i = shorter, 0
		} else {
			i++
		}
	}
	return v
}
