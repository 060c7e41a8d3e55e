package sim_test

import (
	"testing"

	"odradek/sim"
	"odradek/sim/invariant"
	"odradek/sim/production"
)

func campaign(t *testing.T, c sim.Campaign, seed uint64) sim.Verdict {
	return sim.Run(seed, sim.RunOptions{New: production.New, Campaign: c, Watch: invariant.For(c)})
}

// holds runs seeds of a campaign in which nothing may go wrong.
func holds(t *testing.T, c sim.Campaign, seeds ...uint64) {
	lost := 0
	for _, seed := range seeds {
		v := campaign(t, c, seed)
		lost += v.Lost
		if v.Outcome != sim.Fine || v.Beyond != "" {
			t.Errorf("seed %d: %v: %s %s\nknobs %v\n%v", v.Seed, v.Outcome, v.Reason, v.Beyond, v.Knobs, v.Plan)
		}
	}
	if c.Loses() == (lost == 0) {
		t.Errorf("storage was lost %d times", lost)
	}
}

func TestNothingIsLostWhileAllKeepTheirStorage(t *testing.T) { holds(t, sim.T1, 0, 1, 2, 3) }

func TestNothingIsLostWithFewerDisksThanTheMinimum(t *testing.T) { holds(t, sim.T2, 0, 1, 2, 3) }

func TestNothingIsLostWithAllDisksButOne(t *testing.T) { holds(t, sim.T3, 0, 1, 2, 3) }

func TestNothingIsLostWithAVote(t *testing.T) { holds(t, sim.Voter, 0, 1, 2) }

// At seed 3 a node dies again between finding its loss and telling of it.
func TestNothingIsLostWithTheEndsOfLogs(t *testing.T) { holds(t, sim.Chop, 0, 1, 2, 3) }

func TestMoreThanIsPromisedIsLost(t *testing.T) {
	for _, c := range []sim.Campaign{sim.NTwoDisks, sim.NOutside} {
		found := false
		for seed := range uint64(5) {
			found = found || campaign(t, c, seed).Outcome == sim.Wrong
		}
		if !found {
			t.Errorf("%s: nothing was lost", c)
		}
	}
}

// What clients see is enough to tell.
func TestClientsMissWhatIsLostBeyondThePromises(t *testing.T) {
	for seed := range uint64(5) {
		v := sim.Run(seed, sim.RunOptions{New: production.New, Campaign: sim.NTwoDisks})
		if v.Outcome == sim.Wrong {
			t.Log(v.Result)
			return
		}
		t.Logf("seed %d: %v: %s", seed, v.Outcome, v.Reason)
	}
	t.Error("no client missed anything")
}
