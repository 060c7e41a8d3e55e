package faults

import (
	"math/rand/v2"
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
	if k.Counted() && b.Ops > 0 && rng.IntN(2) == 0 {
		f.ByOp, f.Op = true, 1+rng.Uint64N(b.Ops)
	} else {
		f.At = upTo(rng, b.Horizon)
	}
	if k.Lasting() {
		f.Until = f.At + time.Microsecond + upTo(rng, b.Horizon/4)
	}
	f.Delay = b.delay(rng, k)
	if k.Flips() {
		f.Bit = rng.Uint64()
	}
	return f
}

func (b Budget) delay(rng *rand.Rand, k Kind) time.Duration {
	switch k {
	case PowerCut, Crash, Stop:
		return time.Microsecond + upTo(rng, b.Down)
	case DiskSlow:
		return time.Microsecond + upTo(rng, 200*time.Millisecond)
	case Clock:
		return upTo(rng, time.Hour) - 30*time.Minute
	}
	return 0
}

// upTo draws a time below d in whole microseconds, which print short.
func upTo(rng *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(rng.Int64N(max(int64(d/time.Microsecond), 1))) * time.Microsecond
}
