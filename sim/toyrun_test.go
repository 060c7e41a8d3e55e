package sim

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"odradek/faults"
	"odradek/node/env"
)

// toyOptions make runs of the toy: its one partition, and no idempotence.
func toyOptions(seed uint64, hasty bool) RunOptions {
	k := DrawKnobs(env.Stream(seed, 0, "knobs"))
	k.Topics, k.Partitions = 1, 1
	k.Nodes, k.Cluster, k.Admin.Replicas, k.Admin.Moves = 1, solitary(1), 1, 0
	k.Admin.Trims, k.Admin.Topics, k.Emptied = 0, 0, false
	k.withoutGroups()
	for i := range k.Producers {
		k.Producers[i].Idempotent = false
	}
	return RunOptions{Knobs: &k, New: func(Knobs, Boot) []env.Machine { return []env.Machine{&toyKafka{hasty: hasty}} }}
}

const toySeeds = 60

func TestAToyThatSyncsBeforeItRepliesIsFoundRight(t *testing.T) {
	struck, boots, acked := 0, 0, 0
	for seed := range uint64(toySeeds) {
		v := Run(seed, toyOptions(seed, false))
		if v.Outcome != Fine {
			t.Errorf("seed %d: %v: %s\n%v", seed, v.Outcome, v.Reason, v.Plan)
		}
		struck, boots, acked = struck+v.Struck, boots+v.Boots, acked+v.Result.Stats.Acked
	}
	if struck < toySeeds || boots < 2*toySeeds || acked < 20*toySeeds {
		t.Errorf("only %d faults, %d boots and %d acknowledgements", struck, boots, acked)
	}
}

// firstWrong is the first seed of the hasty toy with a wrong result.
func firstWrong(t *testing.T) (uint64, Verdict) {
	for seed := range uint64(toySeeds) {
		if v := Run(seed, toyOptions(seed, true)); v.Outcome == Wrong {
			return seed, v
		}
	}
	t.Fatal("no seed finds that it replies before it syncs")
	return 0, Verdict{}
}

func TestAToyThatRepliesBeforeItSyncsIsFoundWrongUnderPowerCuts(t *testing.T) {
	seed, v := firstWrong(t)
	if v.Result.Count("lost-write") == 0 && v.Result.Count("inconsistent-offsets") == 0 && v.Result.Count("append-below-end") == 0 {
		t.Errorf("seed %d: %s", seed, v.Reason)
	}
	calm := toyOptions(seed, true)
	calm.Plan, calm.Knobs.Ending = faults.Plan{}, EndByStop
	if v := Run(seed, calm); v.Outcome != Fine {
		t.Errorf("seed %d without faults: %v", seed, v.Reason)
	}
}

func TestARunHealsWhatLasts(t *testing.T) {
	o := toyOptions(1, false)
	o.Plan = faults.Plan{{Kind: faults.DiskFull, Until: 1000 * time.Hour}}
	if v := Run(1, o); v.Outcome != Fine || v.Struck != 1 || v.Result.Stats.Acked == 0 {
		t.Fatal(v.Outcome, v.Reason)
	}
}

func TestAPanicIsAVerdictWithItsSeed(t *testing.T) {
	o := toyOptions(1, false)
	o.New = func(Knobs, Boot) []env.Machine {
		return []env.Machine{&toy{step: func(env.Time, env.Event, *env.Outbox) { panic("ouch") }}}
	}
	if v := Run(1, o); v.Outcome != Crashed || v.Seed != 1 || !strings.Contains(v.Reason, "ouch") || !strings.Contains(v.Reason, "goroutine") {
		t.Fatal(v.Outcome, v.Reason)
	}
}

func TestANodeThatNeverAnswersHasLostItsLiveness(t *testing.T) {
	o := toyOptions(1, false)
	o.New = func(Knobs, Boot) []env.Machine {
		return []env.Machine{&toy{step: func(_ env.Time, ev env.Event, out *env.Outbox) {
			if _, ok := ev.(env.Started); ok {
				out.Emit(env.Ready{})
			}
		}}}
	}
	if v := Run(1, o); v.Outcome != Lifeless {
		t.Fatal(v.Outcome, v.Reason)
	}
}

func TestAPlanThatWasPrintedPlaysTheSameRun(t *testing.T) {
	seed, v := firstWrong(t)
	o := toyOptions(seed, true)
	plan, err := faults.Parse(v.Plan.String())
	knobs, err2 := ParseKnobs(v.Knobs.String())
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	if plan == nil {
		plan = faults.Plan{}
	}
	o.Plan, o.Knobs = plan, &knobs
	if again := Run(seed, o); again.Hash != v.Hash || again.Reason != v.Reason {
		t.Fatalf("%x and %x", v.Hash, again.Hash)
	}
}

func TestKnobsSurviveTheirTextForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := DrawKnobs(env.Stream(rapid.Uint64().Draw(t, "seed"), 0, "knobs"))
		back, err := ParseKnobs(k.String())
		if err != nil || !reflect.DeepEqual(back, k) {
			t.Fatalf("%v became %v (%v)", k, back, err)
		}
	})
}
