package partition_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// live runs a cluster for some steps and heals it; the error is what went wrong.
func live(steps int, seed uint64, draw func(int, string) int) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case wrong:
			err = fmt.Errorf("%s", string(r))
		default:
			panic(r)
		}
	}()
	n := []int{1, 2, 2, 3, 3, 3, 5}[draw(7, "replicas")]
	c := newCluster(n, min(1+draw(2, "min.insync.replicas"), n), seed, draw)
	for range steps {
		c.step()
	}
	c.heal()
	return nil
}

// drawnFrom lets a seed decide.
func drawnFrom(seed uint64) func(int, string) int {
	rng := rand.New(rand.NewPCG(seed, 77))
	return func(n int, _ string) int { return rng.IntN(n) }
}

func TestWhatIsPublishedIsOnEveryDiskOfTheISR(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(n int, what string) int { return rapid.IntRange(0, n-1).Draw(t, what) }
		if err := live(rapid.IntRange(0, 200).Draw(t, "steps"), rapid.Uint64().Draw(t, "seed"), draw); err != nil {
			t.Fatal(err)
		}
	})
}

func TestManyLives(t *testing.T) {
	for seed := range uint64(60) {
		if err := live(400, seed, drawnFrom(seed)); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
