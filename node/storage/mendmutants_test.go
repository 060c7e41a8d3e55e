//go:build mutants

package storage_test

import "testing"

func TestMutantB12DropsWhatLiesBehindAFlippedBit(t *testing.T) {
	with(t, "B12")
	for seed := range uint64(50) {
		if err := healing(seed, true); err != nil {
			t.Logf("%.300v", err)
			return
		}
	}
	t.Fatal("nothing is dropped")
}
