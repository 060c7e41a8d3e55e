package storage

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var (
	firstPoint  = recoveryPoint{offset: 10, start: 2, position: 700, high: 9}
	secondPoint = recoveryPoint{offset: 1 << 40, start: 1 << 39, position: 1<<31 - 1}
)

func TestTheLastIntactRecoveryPointCounts(t *testing.T) {
	both := slices.Concat(firstPoint.encode(), secondPoint.encode())
	if p, found, damaged := parseRecoveryPoint(both); p != secondPoint || !found || damaged {
		t.Error(p, found, damaged)
	}
	torn := both[:len(both)-1]
	if p, found, damaged := parseRecoveryPoint(torn); p != firstPoint || !found || !damaged {
		t.Error(p, found, damaged)
	}
	flipped := bytes.Clone(both)
	flipped[3] ^= 1 // in the first slot, which no longer matters
	if p, found, damaged := parseRecoveryPoint(flipped); p != secondPoint || !found || !damaged {
		t.Error(p, found, damaged)
	}
}

func TestAFileWithoutARecoveryPointIsNoError(t *testing.T) {
	for _, b := range [][]byte{{1}, make([]byte, slotSize), bytes.Repeat([]byte{0xff}, 100), recoveryPoint{offset: -1}.encode(), recoveryPoint{start: -1}.encode(), recoveryPoint{high: -1}.encode()} {
		if p, found, damaged := parseRecoveryPoint(b); found || !damaged || p != (recoveryPoint{}) {
			t.Errorf("%x: %+v %v %v", b, p, found, damaged)
		}
	}
	if _, found, damaged := parseRecoveryPoint(nil); found || damaged {
		t.Error(found, damaged)
	}
}

func TestATornRecoveryPointLeavesTheOneBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var file []byte
		var points []recoveryPoint
		for range rapid.IntRange(1, 5).Draw(t, "slots") {
			p := recoveryPoint{rapid.Int64Min(0).Draw(t, "offset"), rapid.Int64Min(0).Draw(t, "start"), int64(rapid.Uint32().Draw(t, "position")), rapid.Int64Min(0).Draw(t, "high")}
			points, file = append(points, p), append(file, p.encode()...)
		}
		length := rapid.IntRange(0, len(file)).Draw(t, "written")
		p, found, damaged := parseRecoveryPoint(file[:length])
		whole := length / slotSize
		if found != (whole > 0) || damaged != (length%slotSize != 0) {
			t.Fatal(found, damaged)
		}
		if found && p != points[whole-1] {
			t.Fatalf("%+v, want %+v", p, points[whole-1])
		}
	})
}

func FuzzParseRecoveryPoint(f *testing.F) {
	f.Add(slices.Concat(firstPoint.encode(), secondPoint.encode()))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, found, _ := parseRecoveryPoint(b)
		if again, _, _ := parseRecoveryPoint(p.encode()); found && again != p {
			t.Fatalf("%+v, %+v", p, again)
		}
		if p.offset < 0 || p.start < 0 || p.position < 0 {
			t.Fatalf("%+v", p)
		}
	})
}
