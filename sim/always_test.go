package sim_test

import (
	"slices"
	"testing"

	"odradek/sim"
	"odradek/sim/production"
)

// always runs a seed with what every seed is to have.
func always(t *testing.T, seed uint64, a sim.Always) sim.Verdict {
	v := sim.Run(seed, sim.RunOptions{New: production.New, Always: a})
	if v.Outcome != sim.Fine {
		t.Fatalf("seed %d: %v: %s", seed, v.Outcome, v.Reason)
	}
	return v
}

func TestEverySeedHasWhatIsAskedFor(t *testing.T) {
	lacked := 0
	for seed := range uint64(6) {
		plain, full := always(t, seed, sim.Always{}), always(t, seed, sim.Always{Groups: true, Journal: true})
		if len(full.Knobs.Groups) == 0 || full.Knobs.Offsets == 0 || full.Knobs.Journal.Bytes == 0 {
			t.Errorf("seed %d: %v", seed, full.Knobs)
		}
		if len(plain.Knobs.Groups) == 0 {
			lacked++
			full.Knobs.Groups, full.Knobs.Offsets, full.Knobs.Loners, full.Knobs.LoadBuffer = nil, 0, 0, 0
		}
		full.Knobs.Journal = plain.Knobs.Journal
		if full.Knobs.String() != plain.Knobs.String() || !slices.Equal(full.Plan, plain.Plan) {
			t.Errorf("seed %d: its other draws are\n%v\n%v and not\n%v\n%v", seed, full.Knobs, full.Plan, plain.Knobs, plain.Plan)
		}
	}
	if lacked == 0 {
		t.Error("every seed had groups")
	}
}
