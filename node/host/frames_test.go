package host

import (
	"testing"

	"pgregory.net/rapid"
)

func TestABufferHasRoomForWhatWasAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f frames
		n := rapid.IntRange(0, 4<<20).Draw(t, "bytes")
		buf := f.take(n)
		if len(buf) != 0 || cap(buf) < n {
			t.Fatalf("%d bytes were asked for: length %d, room for %d", n, len(buf), cap(buf))
		}
		if most := max(2*n, smallestKept) + n/8; cap(buf) > most {
			t.Fatalf("%d bytes were asked for: room for %d is a waste", n, cap(buf))
		}
		f.give(buf)
		if again := f.take(n); len(again) != 0 || cap(again) < n {
			t.Fatalf("again: length %d, room for %d", len(again), cap(again))
		}
	})
}

func TestABufferThatWasNotTakenHereIsNotKept(t *testing.T) {
	var f frames
	f.give(make([]byte, smallestKept+1))
	f.give(nil)
	for n := range 2 {
		if buf := f.take(2*smallestKept - n); cap(buf) != 2*smallestKept {
			t.Fatalf("a foreign buffer with room for %d came back", cap(buf))
		}
	}
}

func TestKeepingABufferCostsNoAllocation(t *testing.T) {
	var f frames
	frame := f.take(70 << 10)
	cost := testing.AllocsPerRun(1000, func() {
		f.give(frame)
		frame = f.take(66 << 10)
	})
	if cost > 0.5 { // a collection of garbage may come between
		t.Fatalf("%v allocations each time", cost)
	}
}
