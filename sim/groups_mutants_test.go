//go:build mutants

package sim_test

import (
	"testing"

	"odradek/node/mutant"
)

func TestMutantsOfLoadsAreFound(t *testing.T) {
	for id, wrong := range map[string]func(*testing.T) string{"F7": servedOffline, "F8": loadsWhole} {
		t.Run(id, func(t *testing.T) {
			if err := mutant.Enable(id); err != nil {
				t.Fatal(err)
			}
			defer mutant.Enable("")
			found := wrong(t)
			if found == "" {
				t.Fatal("it is not found")
			}
			t.Log(found)
		})
	}
}
