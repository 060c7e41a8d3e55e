package sim

import (
	"math/rand/v2"
	"slices"
	"time"

	"odradek/faults"
)

// Campaign names what knobs and faults are drawn for. "" is the swarm.
type Campaign string

// The campaigns. T1, T2 and T3 are theorems of DESIGN.md, and their faults all that
// these allow; nothing may go wrong.
//
//	T1     a cluster; no storage is lost
//	T2     min.insync.replicas - 1 nodes lose their log directories at one time
//	T3     all but one do, while every ISR has all replicas, and the last one has no fault
//	Chop   as T2, but what is lost is the end of one log at a time
//	Voter  as T2, and one node loses its vote with the rest of its disk
//	Rot    bits of records flip on one node, and other replicas have them intact
//
// What begins with N- is beyond what is promised, and records have to be lost:
//
//	N-two-disks  N=3, min.insync.replicas=2: one replica is out of the ISR, and the others are lost
//	N-outside    any N and minimum that let records be committed without one replica; the rest is lost
const (
	T1        Campaign = "T1"
	T2        Campaign = "T2"
	T3        Campaign = "T3"
	Chop      Campaign = "chop"
	Voter     Campaign = "voter"
	Rot       Campaign = "rot"
	NTwoDisks Campaign = "N-two-disks"
	NOutside  Campaign = "N-outside"
)

// Campaigns are all of them.
var Campaigns = []Campaign{T1, T2, T3, Chop, Voter, Rot, NTwoDisks, NOutside}

// Loses tells whether storage is lost in the campaign.
func (c Campaign) Loses() bool { return c != "" && c != T1 && c != Rot }

// Negative tells whether the campaign goes beyond what is promised.
func (c Campaign) Negative() bool { return c == NTwoDisks || c == NOutside }

// Losses is how much storage the nodes of a run may lose. Nodes are counted by their
// places from 1; 0 is none.
type Losses struct {
	Most    int  // nodes that may lose storage before all ISRs are full again
	Spared  int  // has no fault of its own, and the others lose theirs only while all ISRs are full
	Outside int  // is out of every ISR when the others lose their storage
	Only    int  // no other one loses any
	Apart   bool // the metadata log has a directory of its own, which stays
}

// dirs are the directories of a node.
func (k Knobs) dirs() []string {
	if k.Losses.Apart {
		return []string{DataDir, MetadataDir}
	}
	return []string{DataDir}
}

// DrawCampaign draws the knobs of a seed of a campaign.
func DrawCampaign(rng *rand.Rand, c Campaign) Knobs {
	k := DrawKnobs(rng)
	if c == "" {
		return k
	}
	for !c.suits(k) {
		k = DrawKnobs(rng)
	}
	k.Campaign = c
	k.withoutGroups()
	if c == Rot {
		k.rots(rng)
	}
	if !c.Loses() {
		return k
	}
	k.Losses = Losses{Most: k.Nodes - 1, Apart: c != Voter}
	k.Admin.Fixed, k.Faults, k.Retention = true, true, 0
	k.Admin.Trims = 0 // a replica that begins anew takes the low watermark back, as in Kafka
	k.Producers[0].Acks = -1
	k.Length += 2 * time.Second
	switch c {
	case T2, Chop, Voter:
		k.Cluster.MinISR = 2 + rng.IntN(int(k.Cluster.Replicas)-1)
		k.Losses.Most = k.Cluster.MinISR - 1
		if c == T2 && rng.IntN(2) == 0 {
			k.Cluster.Session = 300 * time.Millisecond // who comes back is let in soon
		}
		if c == Chop {
			k.Cluster.Save = 100 * time.Millisecond // the marks are near the ends
		}
		if c == Voter {
			k.Losses.Most, k.Losses.Only = 1, 1+rng.IntN(k.Nodes)
		}
	case T3:
		k.Losses.Spared = 1 + rng.IntN(k.Nodes)
		k.Cluster.Session, k.Cluster.Lag = max(k.Cluster.Session, 2*time.Second), 30*time.Second
	default:
		k.negative(rng)
	}
	return k
}

// suits tells whether a campaign can be made of what the swarm has drawn.
func (c Campaign) suits(k Knobs) bool {
	all := int(k.Cluster.Replicas) == k.Nodes
	switch c {
	case T1:
		return k.Nodes > 1
	case Voter:
		return k.Nodes > 2 && all && k.Controllers == 0
	case T3, NOutside:
		return k.Nodes > 1 && all
	case NTwoDisks:
		return k.Nodes == 3 && all
	}
	return k.Cluster.Replicas > 1
}

// negative has records committed by all but one replica, which is out of the ISR.
func (k *Knobs) negative(rng *rand.Rand) {
	k.Losses.Outside = 1 + rng.IntN(k.Nodes)
	k.Cluster.MinISR = 2
	if k.Campaign == NOutside {
		k.Cluster.MinISR = 1 + rng.IntN(k.Nodes-1)
	}
	k.Cluster.Session = min(k.Cluster.Session, 600*time.Millisecond)
	k.Admin.Moves = 0
}

// drawCampaignPlan draws the faults of a campaign. Those that lose storage wait in
// the run until the budget allows for them.
func drawCampaignPlan(rng *rand.Rand, k Knobs) faults.Plan {
	switch {
	case k.Campaign.Negative():
		return negativePlan(rng, k)
	case k.Campaign == Rot:
		return rotPlan(rng, k)
	}
	plan := faults.Draw(rng, clusterBudget(k))
	if k.Losses.Spared > 0 {
		plan = slices.DeleteFunc(plan, func(f faults.Fault) bool { return concerns(f, k.Losses.Spared-1) })
	}
	if !k.Campaign.Loses() {
		return plan
	}
	for range 1 + rng.IntN(4) {
		some := losing(rng, k, k.Length/8+upTo(rng, k.Length*5/8))
		plan = append(plan, some...)
		if k.Campaign == T2 && rng.IntN(2) == 0 {
			plan = append(plan, haunted(rng, k, some[0])...)
		}
	}
	return plan
}

// haunted has what a node sent before it lost its storage arrive when it is back, and
// the node lose it once more while it is being filled.
func haunted(rng *rand.Rand, k Knobs, f faults.Fault) faults.Plan {
	late := faults.Fault{Kind: faults.DelayLink, On: f.On, To: (f.On + 1 + rng.IntN(k.Nodes-1)) % k.Nodes}
	late.At, late.Until = f.At-200*time.Millisecond, f.At+time.Millisecond
	late.Delay = 300*time.Millisecond + upTo(rng, 600*time.Millisecond)
	again := f
	again.At, again.Delay = f.At+f.Delay+upTo(rng, time.Second), time.Millisecond+upTo(rng, 20*time.Millisecond)
	return faults.Plan{late, again}
}

// concerns tells whether a fault is one of a node or of its connections. It is not
// known whose a connection is by its number.
func concerns(f faults.Fault, node int) bool {
	switch {
	case f.Kind == faults.Partition, f.Kind == faults.Reset:
		return true
	case f.Kind.Linked() && f.To == node:
		return true
	}
	return f.On == node
}

// losing has nodes lose their storage at one time.
func losing(rng *rand.Rand, k Knobs, at time.Duration) (plan faults.Plan) {
	kind := faults.WipeLogs
	switch k.Campaign {
	case Chop:
		kind = faults.Chop
	case Voter:
		kind = faults.Wipe
	}
	most := k.Losses.Most
	if k.Losses.Spared == 0 {
		most = 1 + rng.IntN(most)
	}
	for _, node := range rng.Perm(k.Nodes) {
		if only := k.Losses.Only; only > 0 {
			node = only - 1
		}
		if node != k.Losses.Spared-1 && node != k.Losses.Outside-1 && len(plan) < most {
			f := faults.Fault{Kind: kind, On: node, At: at}
			if kind.Delayed() {
				f.Delay = time.Millisecond + upTo(rng, 500*time.Millisecond)
			}
			if kind.Flips() {
				f.Bit = rng.Uint64()
			}
			plan = append(plan, f)
		}
	}
	return plan
}

// negativePlan has one node down for the whole workload, and the others lose all.
func negativePlan(rng *rand.Rand, k Knobs) faults.Plan {
	first := 50*time.Millisecond + upTo(rng, 300*time.Millisecond)
	plan := faults.Plan{{Kind: faults.Crash, On: k.Losses.Outside - 1, At: first, Delay: 10 * k.Length}}
	return append(plan, losing(rng, Knobs{Nodes: k.Nodes, Losses: Losses{Most: k.Nodes, Spared: k.Losses.Outside}}, k.Length/2)...)
}

// upTo draws a time below d in whole microseconds.
func upTo(rng *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(rng.Int64N(max(int64(d/time.Microsecond), 1))) * time.Microsecond
}
