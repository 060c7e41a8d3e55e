package sim

import (
	"math/rand/v2"
	"slices"
	"time"

	"odradek/checker"
	"odradek/faults"
)

// rots has a cluster read nothing before its end: what rots may be served, unknowingly,
// until it is found. Scrubs find it, or all of the log is read again after the end, or
// else those who read it at last.
func (k *Knobs) rots(rng *rand.Rand) {
	k.Faults, k.Consumers = true, nil
	k.Cluster.Scrub, k.Cluster.Save, k.Cluster.Lag = 100*time.Millisecond, 100*time.Millisecond, 30*time.Second
	k.Length = max(k.Length, 3*time.Second)
	switch rng.IntN(3) {
	case 0:
		k.Cluster.Scrub, k.Segment, k.Ending = 0, 1<<20, EndByPowerCut
	case 1:
		k.Cluster.Scrub, k.Ending = 0, ""
	}
}

// rotPlan has bits of records flip on one node: each range has an intact copy
// elsewhere, which is in sync. Disks are slow now and then, connections break; the
// node crashes when what it has was recorded as synced.
func rotPlan(rng *rand.Rand, k Knobs) (plan faults.Plan) {
	node := rng.IntN(k.Nodes)
	for range 1 + rng.IntN(4) {
		plan = append(plan, faults.Fault{Kind: faults.FlipRecord, On: node, At: upTo(rng, k.Length/2), Bit: rng.Uint64()})
	}
	if k.Cluster.Scrub == 0 { // it has not been mended in between when all lose their power at the end
		return plan
	}
	for range 3 {
		at := upTo(rng, k.Length)
		plan = append(plan, faults.Fault{Kind: faults.DiskSlow, On: rng.IntN(k.Nodes), At: at, Until: at + 500*time.Millisecond, Delay: 20 * time.Millisecond})
		plan = append(plan, faults.Fault{Kind: faults.Reset, On: rng.IntN(30), At: at})
	}
	for range 2 {
		at := k.Length/2 + 500*time.Millisecond + upTo(rng, k.Length/2)
		plan = append(plan, faults.Fault{Kind: faults.Crash, On: node, At: at, Delay: upTo(rng, time.Second)})
		if k.Cluster.MinISR > 1 && k.Cluster.Replicas > 2 {
			other := (node + 1) % k.Nodes
			plan = append(plan, faults.Fault{Kind: faults.PowerCut, On: other, At: at + 100*time.Millisecond, Delay: upTo(rng, time.Second)})
		}
	}
	return plan
}

// readRot tells whether all that went wrong is that consumers read what had rotted
// and no scrub had found yet: they see that by its checksum or, as that does not
// cover the first offset of a batch, by an offset beyond the high watermark; the
// record is then missed where it was.
func readRot(r *checker.Result) bool {
	beyond := slices.ContainsFunc(r.Counts, func(n checker.Counts) bool { return n.Name == "past-high-watermark" })
	rot := beyond
	for _, n := range r.Counts {
		rot = rot || n.Name == "corrupt-read"
		moved := beyond && slices.Contains([]string{"past-high-watermark", "poll-skip", "lost-write"}, n.Name)
		if n.Name != "corrupt-read" && n.Name != "unseen" && !moved { // unseen: nor did they see it
			return false
		}
	}
	return rot
}
