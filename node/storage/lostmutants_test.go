//go:build mutants

package storage_test

import (
	"fmt"
	"testing"

	"odradek/node/mutant"
)

// found leads lives until one shows that something is wrong.
func found(most uint64) (seed uint64, err error) {
	for seed = range most {
		if err := oneLife(seed); err != nil {
			return seed, err
		}
	}
	return most, nil
}

func oneLife(seed uint64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return newDriver(seed).live(steps)
}

func TestLivesShowWhatIsWrong(t *testing.T) {
	for _, id := range []string{"A24", "B1", "B3", "B5", "B9", "B10", "B25", "B26", "B28", "B29", "B31", "B32", "D5"} {
		t.Run(id, func(t *testing.T) {
			if err := mutant.Enable(id); err != nil {
				t.Fatal(err)
			}
			defer mutant.Enable("")
			seed, err := found(2 * seeds)
			if err == nil {
				t.Fatalf("%d lives show nothing", 2*seeds)
			}
			t.Logf("seed %d: %.200v", seed, err)
		})
	}
}

func TestMutantB27BringsBackWhatWasDeleted(t *testing.T) {
	with(t, "B27")
	_, gone := deletedAndMade(t)
	if gone.log.End() == 1 {
		t.Fatal("nothing of it comes back")
	}
	t.Logf("it ends at %d, and one record was appended", gone.log.End())
}
