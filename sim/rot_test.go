package sim_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"odradek/checker"
	"odradek/faults"
	"odradek/node/env"
	"odradek/sim"
)

// rotting draws a cluster on one node of which bits of records flip, and nothing
// else happens until the end: each range has an intact copy elsewhere, which is in
// sync.
func rotting(seed uint64) (sim.Knobs, faults.Plan) {
	rng := rand.New(rand.NewPCG(seed, 12))
	k := sim.DrawKnobs(env.Stream(seed, 0, "knobs"))
	for k.Nodes < 2 || k.Cluster.Replicas < 2 {
		k = sim.DrawKnobs(rng)
	}
	k.Cluster.Scrub = 100 * time.Millisecond
	k.Length = max(k.Length, 3*time.Second)
	k.Cluster.Lag = 30 * time.Second
	var plan faults.Plan
	node := rng.IntN(k.Nodes)
	for range 1 + rng.IntN(4) {
		at := time.Duration(rng.Int64N(int64(k.Length / 2)))
		plan = append(plan, faults.Fault{Kind: faults.FlipRecord, On: node, At: at, Bit: rng.Uint64()})
	}
	return k, plan
}

// tally counts lines of the nodes' logs.
type tally struct{ text strings.Builder }

func (c *tally) Write(b []byte) (int, error) { return c.text.Write(b) }

func (c *tally) count(what string) int { return strings.Count(c.text.String(), what) }

// rot runs a seed, and adds up what the nodes found and mended.
func rot(t *testing.T, seed uint64, found, mended, marked *int) sim.Verdict {
	k, plan := rotting(seed)
	lines := &tally{}
	v := sim.Run(seed, sim.RunOptions{New: newNode(t), Knobs: &k, Plan: plan, Logs: lines})
	*found += lines.count("are damaged; they are not served")
	*mended += lines.count("are mended from node")
	*marked += lines.count("DAMAGED")
	if v.Outcome != sim.Fine {
		t.Logf("%s", lines.text.String())
	}
	return v
}

// readRot tells whether all that went wrong is that consumers read what had rotted
// and no scrub had found yet: they see that by its checksum or, as that does not
// cover the first offset of a batch, by an offset beyond the high watermark; the
// record is then missed where it was.
func readRot(v sim.Verdict) bool {
	beyond := slices.ContainsFunc(v.Result.Counts, func(n checker.Counts) bool { return n.Name == "past-high-watermark" })
	for _, n := range v.Result.Counts {
		moved := beyond && slices.Contains([]string{"past-high-watermark", "poll-skip", "lost-write"}, n.Name)
		if n.Name != "corrupt-read" && !moved {
			return false
		}
	}
	return v.Outcome == sim.Wrong && !v.Result.Valid()
}

func TestRecordsThatRotOnOneNodeAreMendedFromAnother(t *testing.T) {
	var found, mended, marked int
	for i := range *seeds {
		v := rot(t, *firstSeed+uint64(i), &found, &mended, &marked)
		if v.Outcome != sim.Fine && !readRot(v) {
			t.Errorf("seed %d: %v: %s\nknobs %v\n%v", v.Seed, v.Outcome, v.Reason, v.Knobs, v.Plan)
		}
	}
	t.Logf("%d ranges found by scrubs, %d by loading; %d mended", found, marked, mended)
	if *seeds >= 10 && (found == 0 || marked == 0 || mended == 0) {
		t.Error("some of that never happened")
	}
}
