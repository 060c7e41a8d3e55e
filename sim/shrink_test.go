package sim

import (
	"testing"

	"odradek/faults"
	"odradek/node/env"
)

// wrongUnderFaults is a seed of the hasty toy that fails under four faults or more.
func wrongUnderFaults(t *testing.T) (Verdict, RunOptions) {
	for seed := range uint64(toySeeds) {
		o := toyOptions(seed, true)
		o.Knobs.Ending = ""
		if v := Run(seed, o); v.Outcome == Wrong && len(v.Plan) >= 4 && len(v.Knobs.Producers) > 1 {
			return v, o
		}
	}
	t.Fatal("no seed failed under four faults")
	return Verdict{}, RunOptions{}
}

func TestShrinkingLeavesWhatMatters(t *testing.T) {
	v, o := wrongUnderFaults(t)
	runs := 0
	small := Shrink(v, o, Shrinking{Progress: func(n int, least Verdict) {
		if runs = n; !least.As(v) {
			t.Errorf("%v is another failure than %v", least.Names(), v.Names())
		}
	}})
	k := small.Knobs
	if !small.As(v) || len(small.Plan) != 1 || len(k.Producers)+len(k.Consumers) > 2 || k.Length >= v.Knobs.Length/2 || k.Admin.Pause > 0 {
		t.Errorf("%v with\n%v%v\nis left of\n%v%v", small.Names(), small.Plan, k, v.Plan, v.Knobs)
	}
	if runs > 400 {
		t.Errorf("it took %d runs", runs)
	}
	o.Knobs, o.Plan = &k, small.Plan.Without(0, 1)
	if Run(small.Seed, o).Outcome != Fine {
		t.Errorf("the fault is superfluous: %v", small.Plan)
	}
}

func TestShrinkingGivesTheSameEachTimeWithinItsBound(t *testing.T) {
	v, o := wrongUnderFaults(t)
	runs := 0
	make := o.New
	o.New = func(k Knobs, b Boot) []env.Machine {
		if b.Incarnation == 0 {
			runs++
		}
		return make(k, b)
	}
	one, other := Shrink(v, o, Shrinking{Runs: 60}), Shrink(v, o, Shrinking{Runs: 60})
	if one.Hash != other.Hash || one.Knobs.String() != other.Knobs.String() || one.Plan.String() != other.Plan.String() {
		t.Errorf("seed %d %v%v and\nseed %d %v%v", one.Seed, one.Knobs, one.Plan, other.Seed, other.Knobs, other.Plan)
	}
	if runs > 120 {
		t.Errorf("%d runs", runs)
	}
}

func TestWhatIsLeftFailsAgainByItsTextForm(t *testing.T) {
	v, o := wrongUnderFaults(t)
	small := Shrink(v, o, Shrinking{Runs: 60})
	k, err := ParseKnobs(small.Knobs.String())
	plan, err2 := faults.Parse(small.Plan.Line())
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	o.Knobs, o.Plan = &k, plan
	if again := Run(small.Seed, o); again.Hash != small.Hash || again.Reason != small.Reason {
		t.Errorf("%x and %x", small.Hash, again.Hash)
	}
}
