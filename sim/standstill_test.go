package sim

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"odradek/faults"
	"odradek/node/env"
)

func TestAPausedNodeStandsStillAndThenDoesEverything(t *testing.T) {
	w, nodes, b := pair(t, 1)
	w.Apply(slices.Concat(
		lasting(w, 2*time.Second, faults.Fault{Kind: faults.Pause, On: 0}),
		lasting(w, time.Second, faults.Fault{Kind: faults.Pause, On: 1}),
	))
	pass(w, time.Microsecond)
	steps := w.Steps()
	if !silent(w, b, 900*time.Millisecond) || w.Steps() != steps {
		t.Fatalf("%d steps were made", w.Steps()-steps)
	}
	if pass(w, 500*time.Millisecond); w.Steps() == steps || len(nodes[0].process.boxes[1].events) == 0 {
		t.Fatal("the second one does not go on, or what it sends is not kept")
	}
	if !goesOn(w, b, time.Second) || b.ended > 0 {
		t.Fatalf("%+v", *b)
	}
}

func TestADiskStandsStillWithItsNodeButForWhatIsUnderWay(t *testing.T) {
	w := NewWorld(1)
	n := w.AddNode(with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Started); ok {
			for range 5000 {
				out.Disk(env.Disk{Kind: env.SyncDir, Path: "/d"})
			}
		}
	}), "/d")
	pass(w, 2*time.Millisecond)
	w.Apply(lasting(w, time.Second, faults.Fault{Kind: faults.Pause}))
	pass(w, 100*time.Millisecond)
	ops := n.ops
	pass(w, 100*time.Millisecond)
	if n.ops != ops {
		t.Error("a frozen process began an operation")
	}
	pass(w, time.Second)
	if n.ops == ops {
		t.Error("it does not go on")
	}
}

func TestAWipedNodeStartsWithAnEmptyDisk(t *testing.T) {
	w, n := alone(1, with(func(now env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Started); ok {
			out.Disk(env.Disk{Kind: env.Open, File: out.NewFile(), Path: "/d/file", Flags: env.Create})
			out.Disk(env.Disk{Kind: env.SyncDir, Path: "/d"})
		}
		echo(now, ev, out)
	}))
	written := n.Disk().Summary()
	n.make = with(echo)
	w.Apply(faults.Plan{{Kind: faults.Wipe, At: w.now, Delay: time.Millisecond}})
	if pass(w, time.Second); n.Disk().Summary() == written || n.Disk().Summary() != NewDisk(rand.New(rand.NewPCG(1, 1)), "/d").Summary() || !n.Up() {
		t.Fatalf("%q", n.Disk().Summary())
	}
}
