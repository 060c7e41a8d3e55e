package main

import (
	"fmt"
	"strings"
	"time"

	"odradek/node/mutant"
	"odradek/sim"
	"odradek/sim/invariant"
)

// mutantsCmd switches on one historical bug after the other and looks how soon
// the swarm finds it.
type mutantsCmd struct {
	Seeds int      `help:"Give up on a mutant after so many seeds." default:"200"`
	Only  []string `help:"Only these mutants." placeholder:"ID"`
	Blind bool     `help:"Judge by what clients see alone, and do not look inside the nodes."`
}

// expected are the mutants that the swarm of one node has to find.
var expected = []string{"B1", "B3", "B5", "B9", "B10", "B14", "B18", "B19", "B23", "B25", "B26", "D1", "D2", "D5"}

// elsewhere are the mutants that the swarm of one node does not find, and why.
var elsewhere = []struct{ id, why string }{
	{"B16", "needs a segment of 2 GiB"},
	{"B30", "tells other replicas that storage was lost, and there are none yet"},
}

// Run runs.
func (c *mutantsCmd) Run() error {
	ids := c.Only
	if len(ids) == 0 {
		ids = expected
	}
	missed := 0
	fmt.Printf("%-7s %6s %8s  %s\n", "mutant", "seeds", "seconds", "found by")
	for _, id := range ids {
		found, err := c.hunt(id)
		if err != nil {
			return err
		}
		if !found {
			missed++
		}
	}
	fmt.Printf("%d of %d found\n", len(ids)-missed, len(ids))
	for _, m := range elsewhere {
		fmt.Printf("%-7s not hunted here: %s\n", m.id, m.why)
	}
	if missed > 0 {
		return exitCode{1, fmt.Sprintf("%d mutants were not found", missed)}
	}
	return nil
}

func (c *mutantsCmd) hunt(id string) (found bool, err error) {
	if err := mutant.Enable(id); err != nil {
		return false, err
	}
	o := sim.RunOptions{New: simNode, Watch: invariant.New(false)}
	if c.Blind {
		o.Watch = nil
	}
	begun := time.Now()
	for seed := range c.Seeds {
		v := sim.Run(uint64(seed), o)
		if v.Outcome != sim.Fine {
			fmt.Printf("%-7s %6d %8.1f  %s\n", id, seed+1, time.Since(begun).Seconds(), foundBy(v))
			return true, nil
		}
	}
	fmt.Printf("%-7s %6s %8.1f  NOT FOUND in %d seeds\n", id, "-", time.Since(begun).Seconds(), c.Seeds)
	return false, nil
}

// foundBy names what told the mutant: anomalies, a crash, or lost liveness.
func foundBy(v sim.Verdict) string {
	if v.Inside {
		_, what, _ := strings.Cut(v.Reason, "seen inside: ")
		name, _, _ := strings.Cut(what, ":")
		return name + " (seen inside)"
	}
	if v.Outcome != sim.Wrong {
		return v.Outcome.String()
	}
	if v.Result.Valid() {
		return "a client's complaint"
	}
	var names []string
	for _, n := range v.Result.Counts {
		names = append(names, n.Name)
	}
	return strings.Join(names, ", ")
}
