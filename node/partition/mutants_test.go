//go:build mutants

package partition_test

import (
	"fmt"
	"testing"

	"odradek/node/mutant"
)

// killers are the wrongs that lives of a cluster show by themselves.
var killers = []string{
	"A1", "A2", "A3", "A4", "A6", "A8", "A10", "A11", "A13", "A15", "A16", "A18", "A19", "A22", "A25", "A30", "A31", "A32", "A33", "A35", "B5", "B33", "D4", "G7",
}

// found leads lives until one goes wrong.
func found(most uint64) (seed uint64, err error) {
	for seed = range most {
		if err := survived(seed); err != nil {
			return seed, err
		}
	}
	return most, nil
}

func survived(seed uint64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return live(400, seed, drawnFrom(seed), map[string]int{})
}

func TestScriptsShowWhatIsWrong(t *testing.T) {
	for id, script := range scripts {
		t.Run(id, func(t *testing.T) {
			if err := mutant.Enable(id); err != nil {
				t.Fatal(err)
			}
			defer mutant.Enable("")
			err := played(script)
			if err == nil {
				t.Fatal("the script shows nothing")
			}
			t.Logf("%.150v", err)
		})
	}
}

func TestLivesShowWhatIsWrong(t *testing.T) {
	for _, id := range killers {
		t.Run(id, func(t *testing.T) {
			if err := mutant.Enable(id); err != nil {
				t.Fatal(err)
			}
			defer mutant.Enable("")
			seed, err := found(3000)
			if err == nil {
				t.Fatalf("lives show nothing")
			}
			t.Logf("seed %d: %.150v", seed, err)
		})
	}
}
