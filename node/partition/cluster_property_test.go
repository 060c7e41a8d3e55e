package partition_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// guarded turns what went wrong into an error.
func guarded(life func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case wrong:
			err = fmt.Errorf("%s", string(r))
		default:
			panic(r)
		}
	}()
	life()
	return nil
}

// live runs a cluster for some steps and heals it.
func live(steps int, seed uint64, draw func(int, string) int, reached map[string]int) error {
	return guarded(func() {
		n := []int{1, 2, 2, 3, 3, 3, 5}[draw(7, "replicas")]
		c := newCluster(n, min(1+draw(2, "min.insync.replicas"), n), seed, draw)
		c.reached = reached
		for range steps {
			c.step()
		}
		c.heal()
	})
}

// drawnFrom lets a seed decide.
func drawnFrom(seed uint64) func(int, string) int {
	rng := rand.New(rand.NewPCG(seed, 77))
	return func(n int, _ string) int { return rng.IntN(n) }
}

func TestWhatIsPublishedIsOnEveryDiskOfTheISR(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(n int, what string) int { return rapid.IntRange(0, n-1).Draw(t, what) }
		if err := live(rapid.IntRange(0, 200).Draw(t, "steps"), rapid.Uint64().Draw(t, "seed"), draw, map[string]int{}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestManyLives(t *testing.T) {
	reached := map[string]int{}
	for seed := range uint64(60) {
		if err := live(400, seed, drawnFrom(seed), reached); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	for _, mark := range []string{
		"acknowledged", "expanded", "shrunk", "no answer to a proposal", "stale response", "truncated", "began anew", "elected of the ELR",
	} {
		if reached[mark] == 0 {
			t.Errorf("never %s: %v", mark, reached)
		}
	}
}
