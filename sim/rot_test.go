package sim_test

import (
	"strings"
	"testing"

	"odradek/node/mutant"
	"odradek/sim"
	"odradek/sim/invariant"
	"odradek/sim/production"
)

// tally counts lines of the nodes' logs.
type tally struct{ text strings.Builder }

func (c *tally) Write(b []byte) (int, error) { return c.text.Write(b) }

func (c *tally) count(what string) int { return strings.Count(c.text.String(), what) }

// rot runs a seed, and adds up what the nodes found and mended.
func rot(t *testing.T, seed uint64, found, mended, marked *int) sim.Verdict {
	lines := &tally{}
	v := sim.Run(seed, sim.RunOptions{New: production.New, Campaign: sim.Rot, Watch: invariant.For(sim.Rot), Logs: lines})
	*found += lines.count("are damaged; they are not served")
	*mended += lines.count("are mended from node")
	*marked += lines.count("DAMAGED")
	if v.Outcome != sim.Fine {
		t.Logf("%s", lines.text.String())
	}
	return v
}

func TestRecordsThatRotOnOneNodeAreMendedFromAnother(t *testing.T) {
	if *bug != "" {
		if err := mutant.Enable(*bug); err != nil {
			t.Fatal(err)
		}
	}
	var found, mended, marked int
	for i := range *seeds {
		v := rot(t, *firstSeed+uint64(i), &found, &mended, &marked)
		if v.Outcome != sim.Fine {
			t.Errorf("seed %d: %v: %s\nknobs %v\n%v", v.Seed, v.Outcome, v.Reason, v.Knobs, v.Plan)
		}
	}
	t.Logf("%d ranges found by scrubs, %d by loading; %d mended", found, marked, mended)
	if *seeds >= 10 && (found == 0 || marked == 0 || mended == 0) {
		t.Error("some of that never happened")
	}
}
