package tracing

import (
	"slices"

	"odradek/faults"
	"odradek/sim"
)

// Plain leaves out of a run what the specification abstracts from: retention and
// deletion, reassignment, other values of min.insync.replicas.
func Plain(k sim.Knobs) sim.Knobs {
	k.Retention, k.Emptied = 0, false
	k.Admin.Trims, k.Admin.Topics, k.Admin.Moves, k.Admin.Fixed = 0, 0, 0, true
	return k
}

// PlainPlan leaves out faults of which the specification knows nothing: of disks that
// fail or are full, and bits that flip.
func PlainPlan(p faults.Plan) faults.Plan {
	unknown := []faults.Kind{faults.EIOSync, faults.EIOWrite, faults.EIORead, faults.DiskFull, faults.Flip, faults.FlipIndex, faults.FlipRecord}
	kept := slices.DeleteFunc(slices.Clone(p), func(f faults.Fault) bool { return slices.Contains(unknown, f.Kind) })
	return append(faults.Plan{}, kept...)
}
