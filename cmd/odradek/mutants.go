package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"odradek/node/mutant"
	"odradek/sim"
	"odradek/sim/invariant"
	"odradek/sim/production"
)

// mutantsCmd switches on one historical bug after the other and looks how soon
// the swarm finds it.
type mutantsCmd struct {
	Campaign string   `help:"Hunt in this campaign; nothing: in each mutant's own." enum:",T1,T2,T3,chop,voter,rot" default:""`
	Seeds    int      `help:"Give up on a mutant after so many seeds." default:"200"`
	Only     []string `help:"Only these mutants." placeholder:"ID"`
	Blind    bool     `help:"Judge by what clients see alone, and do not look inside the nodes."`
}

// expected are the mutants that the swarm has to find.
var expected = []string{
	"A1", "A8", "A11", "A15", "A19", "A22", "A32", "A35",
	"B1", "B3", "B5", "B8", "B9", "B10", "B14", "B16", "B18", "B19", "B20", "B23", "B25", "B26",
	"B27", "B28", "B29", "B31", "B32", "D1", "D2", "D4", "D5", "D9",
	"F1", "F2", "F3", "F5", "F8", "F9", "F10", "G2", "G5", "G7",
}

// campaigns are where mutants are hunted that the swarm cannot find, as it loses no
// storage.
var campaigns = []struct {
	id string
	in sim.Campaign
}{{"A9", sim.T2}, {"A29", sim.Voter}, {"B30", sim.Chop}, {"B12", sim.Rot}, {"B24", sim.Rot}}

// elsewhere are the mutants that the swarm does not find, and why.
var elsewhere = []struct{ id, why string }{
	{"A2", "needs leaders of three epochs, none of whom has the others' tails; not in 200 seeds"},
	{"A3", "a replica replays every epoch, and misses one only by a snapshot"},
	{"A4", "a fetch says the epoch of its last record, and logs that part are found by that"},
	{"A6", "as A4"},
	{"A10", "not in 60 seeds each of T2 and T3: a join under way must be decided after its broker came back empty"},
	{"A33", "not in 60 seeds each of T2 and T3: a fetch must arrive after its sender was registered again, empty"},
	{"A34", "needs all members of ISR and ELR lost, where losses are expected (N-two-disks); T2 and T3 never come to that"},
	{"A13", joining}, {"A30", joining},
	{"A16", "the slice that is read is bounded by a high watermark taken once; the property of node/partition shows it"},
	{"A24", "a truncation and a sync of the same file have to overlap; the property of node/storage shows it"},
	{"A28", "cannot be expressed: without unclean elections nothing is cut off that a consumer was shown, and our own consumer is franz-go's"},
	{"B13", "cannot be expressed: no partition's directory is deleted but by a record that says so, and a damaged snapshot stops the voter"},
	{"A18", "logs are cut by leader epochs: a follower's late high watermark loses nothing"},
	{"A21", "epochs are found in the records only if their file was damaged"},
	{"A31", "needs a response to overtake the records that it is about, and a change of min.insync.replicas in between"},
	{"A23", "not in 200 seeds"},
	{"A25", "not in 200 seeds"},
	{"F11", "members of the swarm that were fenced have another id; the property of node/group shows it"},
	{"G3", "needs a voter whose committed records differ"},
	{"G4", "costs time until all is healed; what a zombie decides is never committed"},
	{"G9", "not in 200 seeds"},
	{"G12", "not in 200 seeds: a voter has to vote, and restart, within one election"},
}

const joining = "a follower that is about to join is waited for all the same, until it lags for replica.lag.time.max.ms"

// Run runs.
func (c *mutantsCmd) Run() error {
	ids := c.Only
	if len(ids) == 0 {
		ids = slices.Clone(expected)
		for _, m := range campaigns {
			ids = append(ids, m.id)
		}
	}
	collectLess()
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
	in := c.where(id)
	o := sim.RunOptions{New: production.New, Campaign: in, Watch: invariant.For(in)}
	if c.Blind {
		o.Watch = nil
	}
	begun := time.Now()
	for seed := range c.Seeds {
		v := sim.Run(uint64(seed), o)
		if v.Outcome != sim.Fine {
			fmt.Printf("%-7s %6d %8.1f  %s%s\n", id, seed+1, time.Since(begun).Seconds(), foundBy(v), during(in))
			return true, nil
		}
	}
	fmt.Printf("%-7s %6s %8.1f  NOT FOUND in %d seeds%s\n", id, "-", time.Since(begun).Seconds(), c.Seeds, during(in))
	return false, nil
}

// where is the campaign in which a mutant is hunted.
func (c *mutantsCmd) where(id string) sim.Campaign {
	in := sim.Campaign(c.Campaign)
	for _, m := range campaigns {
		if in == "" && m.id == id {
			in = m.in
		}
	}
	return in
}

func during(c sim.Campaign) string {
	if c == "" {
		return ""
	}
	return ", in campaign " + string(c)
}

// foundBy names what told the mutant: anomalies, a crash, or lost liveness.
func foundBy(v sim.Verdict) string {
	switch names := strings.Join(v.Names(), ", "); {
	case v.Inside:
		return names + " (seen inside)"
	case v.Outcome != sim.Wrong:
		return v.Outcome.String()
	default:
		return names
	}
}
