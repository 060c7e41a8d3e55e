package sim_test

import (
	"testing"
	"time"

	"odradek/sim"
)

// within tries until it is so; in between the world goes on, for so long at most.
func within(t testing.TB, w *sim.World, long, pause time.Duration, what string, so func() bool) {
	t.Helper()
	for range long / pause {
		if so() {
			return
		}
		w.Run(w.Now()+pause, 10_000_000, func() bool { return false })
	}
	t.Fatalf("%s: not within %v; crash: %v", what, long, w.Crash())
}
