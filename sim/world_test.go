package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"odradek/faults"
	"odradek/node/env"
)

func TestABatchOfEventsEndsWithDrained(t *testing.T) {
	var got []string
	alone(1, with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		got = append(got, fmt.Sprintf("%T", ev))
		if _, ok := ev.(env.Started); ok {
			out.Send(0, "to itself")
		}
	}))
	want := []string{"env.Started", "env.Drained", "env.Message", "env.Drained"}
	if !slices.Equal(got, want) {
		t.Fatal(got)
	}
}

func TestMessagesOfOneMachineToAnotherKeepTheirOrder(t *testing.T) {
	mixed := false
	for seed := range uint64(20) {
		var got []int
		send := func(first int) func(env.Time, env.Event, *env.Outbox) {
			return func(_ env.Time, ev env.Event, out *env.Outbox) {
				for i := range 50 {
					if _, ok := ev.(env.Started); ok {
						out.Send(0, first+i)
					}
				}
			}
		}
		alone(seed, with(func(_ env.Time, ev env.Event, _ *env.Outbox) {
			if m, ok := ev.(env.Message); ok {
				got = append(got, m.Body.(int))
			}
		}, send(100), send(200)))
		of := func(low int) []int {
			return slices.DeleteFunc(slices.Clone(got), func(x int) bool { return x < low || x >= low+100 })
		}
		if len(got) != 100 || !slices.IsSorted(of(100)) || !slices.IsSorted(of(200)) {
			t.Fatalf("seed %d: %v", seed, got)
		}
		mixed = mixed || !slices.IsSorted(got) && got[0] < 200 && got[99] < 200
	}
	if !mixed {
		t.Error("the messages of two machines were never mixed")
	}
}

func TestAWakeUpReplacesTheEarlierOne(t *testing.T) {
	var at []time.Duration
	alone(1, with(func(now env.Time, ev env.Event, out *env.Outbox) {
		switch ev.(type) {
		case env.Started:
			out.WakeAt(10 * time.Millisecond)
			out.WakeAt(20 * time.Millisecond)
		case env.Wake:
			at = append(at, now.Mono.Truncate(time.Millisecond))
		}
	}))
	if !slices.Equal(at, []time.Duration{20 * time.Millisecond}) {
		t.Fatal(at)
	}
}

func TestAPanicIsACrashWithItsStack(t *testing.T) {
	w, _ := alone(1, with(func(env.Time, env.Event, *env.Outbox) { panic("a broken invariant") }))
	if err := w.Crash(); err == nil || !strings.Contains(err.Error(), "a broken invariant") || !strings.Contains(err.Error(), "world_test.go") {
		t.Fatal(err)
	}
}

func TestAMachineThatKeepsItselfBusyUsesUpTheEvents(t *testing.T) {
	w := NewWorld(1)
	w.AddNode(with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Drained); !ok {
			out.Send(0, 0)
		}
	}))
	if w.Run(time.Hour, 1000, func() bool { return false }) || w.Now() >= time.Hour {
		t.Fatalf("it went on until %v", w.Now())
	}
}

func TestAMessageToNobodyEndsTheWorld(t *testing.T) {
	w, _ := alone(1, with(func(_ env.Time, _ env.Event, out *env.Outbox) { out.Send(7, 0) }))
	if w.Crash() == nil {
		t.Fatal("nobody noticed")
	}
}

// busy writes, syncs and sends in all directions.
func busy(_ env.Time, ev env.Event, out *env.Outbox) {
	switch ev := ev.(type) {
	case env.Started:
		file := out.NewFile()
		out.Disk(env.Disk{Kind: env.Open, File: file, Path: fmt.Sprintf("/d/%d", file), Flags: env.Create})
		out.Disk(env.Disk{Kind: env.Write, File: file, Data: []byte("hello")})
		out.Disk(env.Disk{Kind: env.Sync, File: file})
		out.WakeAt(time.Millisecond)
	case *env.DiskDone:
		out.Send(int(ev.Op)%2, ev.N)
		if ev.Kind == env.Sync {
			out.Disk(env.Disk{Kind: env.Write, File: ev.File, Off: 5, Data: []byte("world")})
		}
	}
}

func TestASeedFixesEverything(t *testing.T) {
	hash := func(seed uint64) uint64 { w, _ := alone(seed, with(busy, busy)); return w.Hash() }
	first, again, other := hash(1), hash(1), hash(2)
	if first != again || first == other {
		t.Fatalf("%x %x %x", first, again, other)
	}
}

func TestToStopAndGoOnChangesNothing(t *testing.T) {
	play := func(slice time.Duration) uint64 {
		w := NewWorld(5)
		n := w.AddNode(with(echo), "/d")
		pass(w, time.Second)
		c := w.Dial(n, func([]byte) {}, func() {})
		for range 50 {
			c.Send(frame(strings.Repeat("x", 300)))
		}
		for w.Now() < 2*time.Second {
			pass(w, slice)
		}
		return w.Hash()
	}
	if a, b := play(time.Second), play(10*time.Microsecond); a != b {
		t.Fatalf("%x and %x", a, b)
	}
}

func TestTheWallClockJumpsAndTheMonotonicDoesNot(t *testing.T) {
	var walls []int64
	var monos []time.Duration
	w, _ := alone(1, with(func(now env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Drained); !ok {
			walls, monos = append(walls, now.Wall), append(monos, now.Mono)
			out.WakeAt(now.Mono + 10*time.Millisecond)
		}
	}))
	w.Apply(faults.Plan{{Kind: faults.Clock, At: w.Now(), Delay: -time.Hour}})
	pass(w, 100*time.Millisecond)
	if slices.IsSorted(walls) || !slices.IsSorted(monos) {
		t.Fatal(walls, monos)
	}
}

func TestACrashedProcessIsDiscardedAndHearsNothingMore(t *testing.T) {
	var boots []*toy
	w := NewWorld(1)
	n := w.AddNode(func(b Boot) []env.Machine {
		m := &toy{}
		m.step = func(_ env.Time, ev env.Event, out *env.Outbox) {
			if m.discarded > 0 {
				t.Errorf("incarnation %d was told of %T after its end", b.Incarnation, ev)
			}
			if b.Incarnation != len(boots)-1 {
				t.Errorf("incarnation %d is the %dth", b.Incarnation, len(boots))
			}
			busy(env.Time{}, ev, out)
		}
		boots = append(boots, m)
		return []env.Machine{m, &toy{step: func(env.Time, env.Event, *env.Outbox) {}}}
	}, "/d")
	w.Apply(faults.Plan{
		{Kind: faults.Crash, ByOp: true, Op: 2, Delay: time.Millisecond},
		{Kind: faults.PowerCut, ByOp: true, Op: 4, Delay: time.Millisecond},
	})
	pass(w, time.Second)
	if len(boots) != 3 || n.Incarnation() != 2 || boots[0].discarded != 1 || boots[1].discarded != 1 || boots[2].discarded != 0 {
		t.Fatalf("%d boots, %d ended", len(boots), n.Incarnation())
	}
	if w.End(); boots[2].discarded != 1 {
		t.Error("the end of the world left a machine alone")
	}
}

func TestAStoppedNodeEndsByItselfAndComesBackLater(t *testing.T) {
	ended := time.Duration(0)
	w := NewWorld(1)
	n := w.AddNode(with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev.(type) {
		case env.Started:
			out.Emit(env.Ready{})
		case env.Shutdown:
			out.Emit(env.Stopped{})
			ended = w.Now()
		}
	}))
	w.Apply(faults.Plan{{Kind: faults.Stop, At: time.Millisecond, Delay: 50 * time.Millisecond}})
	w.Run(time.Second, 10_000, n.Down)
	down := w.Now()
	if !w.Run(time.Second, 10_000, n.Up) || ended == 0 || w.Now() < down+50*time.Millisecond {
		t.Fatalf("it ended at %v and was up at %v", ended, w.Now())
	}
}

func TestANodeThatGivesUpIsStartedAgainOrItsOwnerIsTold(t *testing.T) {
	w, n := alone(1, with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Started); ok {
			out.Emit(env.Stopped{Err: errDevice})
		}
	}))
	if pass(w, 5*time.Second); n.Incarnation() < 3 {
		t.Fatalf("it was started %d times", n.Incarnation())
	}
	var told error
	n.Stopped = func(err error) { told = err }
	if pass(w, 5*time.Second); !errors.Is(told, errDevice) {
		t.Fatal(told)
	}
}

func TestHealingCallsOffWhatWasToCome(t *testing.T) {
	w, n := alone(1, with(busy, busy))
	var struck []faults.Kind
	w.Suffered = func(f faults.Fault) { struck = append(struck, f.Kind) }
	now := w.Now()
	w.Apply(faults.Plan{
		{Kind: faults.DiskSlow, At: now, Until: now + time.Hour, Delay: time.Second},
		{Kind: faults.DiskFull, At: now, Until: now + time.Hour},
		{Kind: faults.DiskFull, At: now, Until: now + time.Millisecond},
		{Kind: faults.PowerCut, At: now + time.Second, Delay: time.Second},
		{Kind: faults.Crash, ByOp: true, Op: n.ops + 1},
	})
	pass(w, 100*time.Millisecond)
	if !n.disk.full {
		t.Error("the end of one full disk ended the other")
	}
	w.Heal()
	pass(w, 2*time.Hour)
	if n.disk.full || n.slow != 0 || n.Incarnation() != 0 || len(struck) != 3 {
		t.Fatalf("full %v, slow %v, %d processes ended, faults %v", n.disk.full, n.slow, n.Incarnation(), struck)
	}
}
