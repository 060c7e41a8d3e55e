//go:build mutants

package storage

import (
	"math"
	"testing"

	"odradek/node/mutant"
)

func wrongBy(t *testing.T, id string) {
	t.Helper()
	if err := mutant.Enable(id); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mutant.Enable("") })
}

func TestMutantD1TakesARetryForAGap(t *testing.T) {
	p := NewProducers()
	appends(t, p, 7, 0, 0, 2)
	wrongBy(t, "D1")
	expect(t, p, sent{id: 7, first: 2, count: 2}, outOfOrder)
}

func TestMutantD2RefusesWhatFollowsTheGreatestSequence(t *testing.T) {
	p := NewProducers()
	appends(t, p, 7, 0, math.MaxInt32-1)
	wrongBy(t, "D2")
	expect(t, p, sent{id: 7, first: 0, count: 2}, outOfOrder)
}

func TestMutantD5ForgetsAProducerWithItsRecords(t *testing.T) {
	p := NewProducers()
	appends(t, p, 7, 0, 0, 2)
	p.DropBefore(3)
	expect(t, p, sent{id: 7, first: 9, count: 2}, outOfOrder)
	p.DropBefore(4)
	expect(t, p, sent{id: 7, first: 9, count: 2}, "")
}

func TestMutantA21LosesEpochZero(t *testing.T) {
	text := epochsOf(0, 0, 1, 10).Encode()
	wrongBy(t, "A21")
	if e, err := ParseEpochs(text); err != nil || e.EpochAt(5) != NoEpoch {
		t.Fatal(err, e)
	}
}

func TestMutantB14TrustsADamagedIndex(t *testing.T) {
	wrongBy(t, "B14")
	if x, err := ParseOffsetIndex(unspaced(t, "00000003 000003e8 00"), 1000); err != nil || x.Lookup(5) != 1000 {
		t.Fatal(err, x)
	}
}

func TestMutantB16LetsAPositionOverflow(t *testing.T) {
	var x OffsetIndex
	x.Append(5, math.MaxInt16+1)
	wrongBy(t, "B16")
	if p := x.Lookup(5); p >= 0 {
		t.Fatal(p)
	}
}
