package sim_test

import (
	"flag"
	"os"
	"testing"

	"odradek/node/mutant"
	"odradek/sim"
	"odradek/sim/invariant"
	"odradek/sim/production"
)

var (
	firstSeed = flag.Uint64("seed", 0, "first seed of TestSeeds")
	seeds     = flag.Int("seeds", 20, "how many seeds TestSeeds runs")
	bug       = flag.String("mutant", "", "a mutant to switch on (build with -tags mutants)")
	verbose   = flag.Bool("logs", false, "show the nodes' log lines")
)

func TestSeedsUnderFaultsShowNothingWrong(t *testing.T) {
	if *bug != "" {
		if err := mutant.Enable(*bug); err != nil {
			t.Fatal(err)
		}
	}
	for i := range *seeds {
		o := sim.RunOptions{New: production.New, Watch: invariant.New(false)}
		if *verbose {
			o.Logs = os.Stderr
		}
		v := sim.Run(*firstSeed+uint64(i), o)
		if v.Outcome != sim.Fine {
			t.Errorf("seed %d: %v: %s\nknobs %v\n%v", v.Seed, v.Outcome, v.Reason, v.Knobs, v.Plan)
		} else {
			t.Logf("seed %d %016x %v %d steps: %v", v.Seed, v.Hash, v.Virtual, v.Steps, v.Result)
		}
	}
}
