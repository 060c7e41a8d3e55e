package faults

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// Budget bounds what Draw may do: at most Most[k] faults of kind k. What is
// survivable is for its caller to say; a zero Budget gives the empty plan.
type Budget struct {
	Nodes   int
	Conns   int           // connections expected to be dialed
	Ops     uint64        // disk operations expected per node
	Horizon time.Duration // faults begin before this time
	Down    time.Duration // longest time down
	Last    time.Duration // longest of a lasting fault; 0: a quarter of Horizon
	Most    map[Kind]int
}

// Draw makes a plan. It is a swarm draw: each kind is left out altogether half
// of the time, so that faults which mask each other also come alone.
func Draw(rng *rand.Rand, b Budget) Plan {
	var p Plan
	for k := range kinds {
		use, most := rng.IntN(2) == 0, b.Most[k]
		if !use || most <= 0 {
			continue
		}
		for range 1 + rng.IntN(most) {
			p = append(p, b.draw(rng, k))
		}
	}
	return p
}

func (b Budget) draw(rng *rand.Rand, k Kind) Fault {
	f := Fault{Kind: k, On: rng.IntN(max(b.Nodes, 1))}
	if k == Reset {
		f.On = rng.IntN(max(b.Conns, 1))
	}
	if k.Linked() {
		f.On, f.To = b.link(rng)
	}
	if k == Partition {
		f.On, f.Apart = 0, b.groups(rng)
	}
	if k.Counted() && b.Ops > 0 && rng.IntN(2) == 0 {
		f.ByOp, f.Op = true, 1+rng.Uint64N(b.Ops)
	} else {
		f.At = upTo(rng, b.Horizon)
	}
	if k.Lasting() {
		f.Until = f.At + time.Microsecond + upTo(rng, cmp.Or(b.Last, b.Horizon/4))
	}
	f.Delay = b.delay(rng, k)
	if k.Flips() {
		f.Bit = rng.Uint64()
	}
	return f
}

// link draws two sides, mostly nodes if there are two.
func (b Budget) link(rng *rand.Rand) (from, to int) {
	sides := max(b.Nodes, 1)
	if sides == 1 || rng.IntN(4) == 0 {
		sides++ // the last one is the clients
	}
	from = rng.IntN(sides)
	to = (from + 1 + rng.IntN(sides-1)) % sides
	return b.sideOf(from), b.sideOf(to)
}

func (b Budget) sideOf(i int) int {
	if i == max(b.Nodes, 1) {
		return Clients
	}
	return i
}

// groups draws a partition: into halves, a majority and a rest, many parts, and
// now and then with a side that reaches all the others.
func (b Budget) groups(rng *rand.Rand) Groups {
	sides := max(b.Nodes, 1)
	if sides == 1 || rng.IntN(4) == 0 {
		sides++
	}
	for {
		drawn := make([][]int, 2+rng.IntN(sides-1))
		for i := range sides {
			if rng.IntN(8) > 0 {
				at := rng.IntN(len(drawn))
				drawn[at] = append(drawn[at], b.sideOf(i))
			}
		}
		drawn = slices.DeleteFunc(drawn, func(group []int) bool { return len(group) == 0 })
		if len(drawn) > 1 {
			return groupsOf(drawn)
		}
	}
}

func (b Budget) delay(rng *rand.Rand, k Kind) time.Duration {
	switch k {
	case PowerCut, Crash, Stop, Wipe, WipeLogs:
		return time.Microsecond + upTo(rng, b.Down)
	case DiskSlow:
		return time.Microsecond + upTo(rng, 200*time.Millisecond)
	case DelayLink:
		return time.Microsecond + upTo(rng, 500*time.Millisecond)
	case ClogLink:
		return time.Microsecond + upTo(rng, 50*time.Millisecond)
	case Drift:
		return upTo(rng, 100*time.Millisecond) - 50*time.Millisecond
	case Clock:
		return upTo(rng, time.Hour) - 30*time.Minute
	}
	return 0
}

// upTo draws a time below d in whole microseconds, which print short.
func upTo(rng *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(rng.Int64N(max(int64(d/time.Microsecond), 1))) * time.Microsecond
}
