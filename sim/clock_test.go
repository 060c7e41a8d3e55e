package sim

import (
	"testing"
	"time"

	"odradek/faults"
	"odradek/node/env"
)

func TestAClockDriftsAndWakeUpsFollowIt(t *testing.T) {
	for _, drift := range []time.Duration{-500 * time.Millisecond, 500 * time.Millisecond} {
		var at, world []time.Duration
		w := NewWorld(1)
		w.AddNode(with(func(now env.Time, ev env.Event, out *env.Outbox) {
			switch ev.(type) {
			case env.Started, env.Wake:
				at, world = append(at, now.Mono), append(world, w.now)
				out.WakeAt(now.Mono + 10*time.Second)
			}
		}), "/d")
		w.Apply(faults.Plan{{Kind: faults.Drift, At: 5 * time.Second, Until: 25 * time.Second, Delay: drift}})
		pass(w, 100*time.Second)
		for i := range at[1:] {
			if took := at[i+1] - at[i]; took < 10*time.Second || took > 10*time.Second+time.Millisecond {
				t.Errorf("drift %v: a wake-up took %v", drift, took)
			}
		}
		gained := at[len(at)-1] - world[len(world)-1]
		if (gained - 20*drift).Abs() > time.Millisecond {
			t.Errorf("drift %v: %v gained", drift, gained)
		}
	}
}
