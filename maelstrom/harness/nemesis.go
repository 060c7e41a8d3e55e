package harness

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"odradek/checker"
)

// nemesis cuts the network and heals it, again and again, until ctx is done; then it
// heals it. It returns what it did.
func nemesis(ctx context.Context, n *Net, names []string, every time.Duration, rng *rand.Rand, clock func() int64) []checker.Mark {
	var marks []checker.Mark
	cut := false
	for {
		wait := time.NewTimer(every/2 + time.Duration(rng.Int64N(int64(every))))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			n.Cut(nil)
			return append(marks, checker.Mark{At: clock(), Kind: checker.Heal, Text: "the end"})
		}
		cut = !cut
		mark := checker.Mark{At: clock(), Kind: checker.Heal}
		var ways []way
		if cut {
			mark.Kind = checker.Fault
			ways, mark.Text = shape(names, rng)
		}
		n.Cut(ways)
		marks = append(marks, mark)
	}
}

// shape draws a partition.
func shape(names []string, rng *rand.Rand) (ways []way, text string) {
	names = slices.Clone(names)
	rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	half := names[:len(names)/2]
	switch rng.IntN(4) {
	case 0:
		return between(names[:1], names[1:], true), names[0] + " alone"
	case 1:
		return between(half, names[len(half):], true), strings.Join(half, " ") + " apart"
	case 2: // of whom one talks to all
		return between(half, names[len(half)+1:], true), fmt.Sprintf("%s between %s and the others", names[len(half)], strings.Join(half, " "))
	}
	return between(names[:1], names[1:], false), names[0] + " is not heard"
}

// between are the ways from some nodes to others, and back.
func between(some, others []string, back bool) (ways []way) {
	for _, a := range some {
		for _, b := range others {
			ways = append(ways, way{a, b})
			if back {
				ways = append(ways, way{b, a})
			}
		}
	}
	return ways
}
