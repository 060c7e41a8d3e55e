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
	"odradek/node/mutant"
	"odradek/sim"
)

// rotting draws a cluster on one node of which bits of records flip: each range has
// an intact copy elsewhere, which is in sync. Disks are slow now and then, connections
// break; the node crashes when what it has was recorded as synced. Either scrubs find them, or all of the log is read again after the end. Until
// then damage may be served, unknowingly: nobody reads.
func rotting(seed uint64) (sim.Knobs, faults.Plan) {
	rng := rand.New(rand.NewPCG(seed, 12))
	k := sim.DrawKnobs(env.Stream(seed, 0, "knobs"))
	for k.Nodes < 2 || k.Cluster.Replicas < 2 {
		k = sim.DrawKnobs(rng)
	}
	k.Cluster.Scrub, k.Cluster.Save, k.Consumers = 100*time.Millisecond, 100*time.Millisecond, nil
	if seed%2 > 0 {
		k.Cluster.Scrub, k.Segment, k.Ending = 0, 1<<20, sim.EndByPowerCut
	}
	k.Length = max(k.Length, 3*time.Second)
	k.Cluster.Lag = 30 * time.Second
	var plan faults.Plan
	node := rng.IntN(k.Nodes)
	for range 1 + rng.IntN(4) {
		at := time.Duration(rng.Int64N(int64(k.Length / 2)))
		plan = append(plan, faults.Fault{Kind: faults.FlipRecord, On: node, At: at, Bit: rng.Uint64()})
	}
	if seed%2 > 0 { // it has not been mended in between when all lose their power at the end
		return k, plan
	}
	other := (node + 1) % k.Nodes
	for range 3 {
		at := time.Duration(rng.Int64N(int64(k.Length)))
		plan = append(plan, faults.Fault{Kind: faults.DiskSlow, On: rng.IntN(k.Nodes), At: at, Until: at + 500*time.Millisecond, Delay: 20 * time.Millisecond})
		plan = append(plan, faults.Fault{Kind: faults.Reset, On: rng.IntN(30), At: at})
	}
	for range 2 {
		at := k.Length/2 + 500*time.Millisecond + time.Duration(rng.Int64N(int64(k.Length/2)))
		plan = append(plan, faults.Fault{Kind: faults.Crash, On: node, At: at, Delay: time.Duration(rng.Int64N(int64(time.Second)))})
		if k.Cluster.MinISR > 1 && k.Cluster.Replicas > 2 {
			plan = append(plan, faults.Fault{Kind: faults.PowerCut, On: other, At: at + 100*time.Millisecond, Delay: time.Duration(rng.Int64N(int64(time.Second)))})
		}
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
	rot := beyond
	for _, n := range v.Result.Counts {
		rot = rot || n.Name == "corrupt-read"
		moved := beyond && slices.Contains([]string{"past-high-watermark", "poll-skip", "lost-write"}, n.Name)
		if n.Name != "corrupt-read" && n.Name != "unseen" && !moved { // unseen: nor did they see it
			return false
		}
	}
	return v.Outcome == sim.Wrong && rot
}

func TestRecordsThatRotOnOneNodeAreMendedFromAnother(t *testing.T) {
	if *bug != "" {
		if err := mutant.Enable(*bug); err != nil {
			t.Fatal(err)
		}
	}
	var found, mended, marked int
	for i := range (*seeds + 1) / 2 {
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
