//go:build mutants

package meta

import (
	"testing"

	"pgregory.net/rapid"

	"odradek/node/mutant/witness"
)

func TestTheLawOfClustersFailsUnderEveryMutant(t *testing.T) {
	witness.Thorough(t)
	for _, id := range []string{"A8", "A9", "A10", "A11", "A34", "G5", "G7", "G9"} {
		t.Run(id, func(t *testing.T) {
			witness.Notice(t, id, func(t testing.TB) { rapid.Check(t, inCluster) })
		})
	}
}
