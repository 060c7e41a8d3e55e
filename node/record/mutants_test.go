//go:build mutants

package record_test

import (
	"math"
	"testing"

	"odradek/node/mutant"
	"odradek/node/record"
)

func with(t *testing.T, id string) {
	t.Helper()
	if err := mutant.Enable(id); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mutant.Enable("") })
}

func TestMutantB18LetsTheClientChooseItsOffset(t *testing.T) {
	b := forge(plain(t, 2, nil), put(6, 1))
	with(t, "B18")
	v, err := record.Validate(b, record.DefaultRules(now))
	if err != nil {
		t.Fatal(err)
	}
	if v.Assign(5, 0); v.Batch.BaseOffset() != 256 {
		t.Fatal(v.Batch.BaseOffset())
	}
}

func TestMutantB19LeavesTheOffsetBehind(t *testing.T) {
	with(t, "B19")
	m := record.NoMark()
	m.Observe(1, 0)
	m.Observe(2, 1)
	if m != (record.TimeMark{Timestamp: 2, Offset: 0}) {
		t.Fatal(m)
	}
}

func TestMutantD2OverflowsTheSequence(t *testing.T) {
	with(t, "D2")
	if got := record.NextSequence(math.MaxInt32, 1); got != math.MinInt32 {
		t.Fatal(got)
	}
}
