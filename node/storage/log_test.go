package storage_test

import (
	"fmt"
	"testing"
)

// seeds is how many lives a log is led through, and steps how long each is.
const (
	seeds = 400
	steps = 400
)

func TestWhatWasAcknowledgedSurvivesWhateverHappens(t *testing.T) {
	n := uint64(seeds)
	if testing.Short() {
		n /= 8
	}
	for seed := range n {
		if err := newDriver(seed).live(steps); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func TestOneSeedIsAlwaysTheSameLife(t *testing.T) {
	a, b := newDriver(7), newDriver(7)
	if err := a.live(steps); err != nil {
		t.Fatal(err)
	}
	if err := b.live(steps); err != nil {
		t.Fatal(err)
	}
	if x, y := fmt.Sprint(a.trace, a.disk.Summary()), fmt.Sprint(b.trace, b.disk.Summary()); x != y {
		t.Fatal("the two differ")
	}
}
