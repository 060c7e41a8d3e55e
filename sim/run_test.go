package sim_test

import (
	"flag"
	"os"
	"testing"

	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/sim"
	"odradek/sim/invariant"
)

var (
	firstSeed = flag.Uint64("seed", 0, "first seed of TestSeeds")
	seeds     = flag.Int("seeds", 20, "how many seeds TestSeeds runs")
	bug       = flag.String("mutant", "", "a mutant to switch on (build with -tags mutants)")
	verbose   = flag.Bool("logs", false, "show the nodes' log lines")
)

func newNode(t testing.TB) func(sim.Knobs, sim.Boot) []env.Machine {
	return func(k sim.Knobs, b sim.Boot) []env.Machine {
		c, _, err := config.Load(k.Settings(b.Node), nil)
		if err != nil {
			t.Fatal(err)
		}
		machines, err := broker.New(c, b.Rand)
		if err != nil {
			t.Fatal(err)
		}
		return machines
	}
}

func TestSeedsUnderFaultsShowNothingWrong(t *testing.T) {
	if *bug != "" {
		if err := mutant.Enable(*bug); err != nil {
			t.Fatal(err)
		}
	}
	for i := range *seeds {
		o := sim.RunOptions{New: newNode(t), Watch: invariant.New(false)}
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
