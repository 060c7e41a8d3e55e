package sim

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"odradek/faults"
	"odradek/node/env"
)

// played runs a machine's operations and returns the completions in their order.
func played(t *testing.T, seed uint64, begin func(out *env.Outbox)) []*env.DiskDone {
	t.Helper()
	var done []*env.DiskDone
	w, _ := alone(seed, with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			begin(out)
		case *env.DiskDone:
			done = append(done, ev)
		}
	}))
	if w.Crash() != nil {
		t.Fatal(w.Crash())
	}
	return done
}

func TestOperationsOnOneFileCompleteInTheirOrderOthersInAny(t *testing.T) {
	mixed := false
	for seed := range uint64(30) {
		var order []env.FileID
		of := map[env.FileID][]env.Op{}
		for _, d := range played(t, seed, func(out *env.Outbox) {
			for range 2 {
				f := out.NewFile()
				out.Disk(env.Disk{Kind: env.Open, File: f, Path: "/d/" + string(rune('a'+f)), Flags: env.Create})
				for i := range int64(10) {
					out.Disk(env.Disk{Kind: env.Write, File: f, Off: i, Data: []byte("x")})
				}
			}
		}) {
			order = append(order, d.File)
			of[d.File] = append(of[d.File], d.Op)
		}
		if len(order) != 22 || !slices.IsSorted(of[1]) || !slices.IsSorted(of[2]) {
			t.Fatalf("seed %d: %v", seed, of)
		}
		mixed = mixed || !slices.IsSorted(order)
	}
	if !mixed {
		t.Error("two files never overtook each other")
	}
}

func TestAnOperationWaitsForTheOneThatItComesAfter(t *testing.T) {
	for seed := range uint64(30) {
		done := played(t, seed, func(out *env.Outbox) {
			f := out.NewFile()
			out.Disk(env.Disk{Kind: env.Open, File: f, Path: "/d/f", Flags: env.Create})
			out.Disk(env.Disk{Kind: env.Write, File: f, Data: []byte("x")})
			s := out.Disk(env.Disk{Kind: env.Sync, File: f})
			r := out.Disk(env.Disk{Kind: env.Rename, Path: "/d/f", To: "/d/g", After: s})
			out.Disk(env.Disk{Kind: env.SyncDir, Path: "/d", After: r})
		})
		if len(done) != 5 || !slices.IsSortedFunc(done, func(a, b *env.DiskDone) int { return int(a.Op) - int(b.Op) }) {
			t.Fatalf("seed %d: %v", seed, done)
		}
	}
}

func TestWhatComesAfterAFailureIsSkippedToTheEndOfTheChain(t *testing.T) {
	done := played(t, 1, func(out *env.Outbox) {
		a := out.Disk(env.Disk{Kind: env.Rename, Path: "/d/none", To: "/d/g"})
		b := out.Disk(env.Disk{Kind: env.SyncDir, Path: "/d", After: a})
		out.Disk(env.Disk{Kind: env.Nop, After: b})
	})
	want := []error{env.ErrNotExist, env.ErrSkipped, env.ErrSkipped}
	for i, d := range done {
		if !errors.Is(d.Err, want[i]) {
			t.Errorf("operation %d: %v", d.Op, d.Err)
		}
	}
}

func TestNothingCompletesInTheStepThatAskedForIt(t *testing.T) {
	stepping, inside := false, false
	alone(1, with(func(now env.Time, ev env.Event, out *env.Outbox) {
		inside = inside || stepping
		stepping = true
		if _, ok := ev.(env.Started); ok {
			out.Disk(env.Disk{Kind: env.Nop, Tag: tag(func(*env.DiskDone, *env.Outbox) { inside = true })})
		}
		stepping = false
	}))
	if inside {
		t.Fatal("it did")
	}
}

func TestBytesThatChangeWhileTheyAreWrittenEndTheWorld(t *testing.T) {
	data := []byte("hello")
	w, _ := alone(1, with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev.(type) {
		case env.Started:
			f := out.NewFile()
			out.Disk(env.Disk{Kind: env.Open, File: f, Path: "/d/f", Flags: env.Create})
			out.Disk(env.Disk{Kind: env.Write, File: f, Data: data})
		case env.Drained:
			data[0]++
		}
	}))
	if err := w.Crash(); err == nil || !strings.Contains(err.Error(), "being written") {
		t.Fatal(err)
	}
}

func TestASlowDiskIsSlowUntilItsTimeIsOver(t *testing.T) {
	var took []time.Duration
	var began time.Duration
	w := NewWorld(1)
	w.AddNode(with(func(now env.Time, ev env.Event, out *env.Outbox) {
		switch ev.(type) {
		case env.Started, *env.DiskDone:
			took = append(took, now.Mono-began)
			began = now.Mono
			out.Disk(env.Disk{Kind: env.List, Path: "/d"})
		}
	}), "/d")
	w.Apply(faults.Plan{{Kind: faults.DiskSlow, At: 0, Until: 100 * time.Millisecond, Delay: 10 * time.Millisecond}})
	pass(w, 200*time.Millisecond)
	slow := 0
	for _, d := range took {
		if d >= 10*time.Millisecond {
			slow++
		}
	}
	if slow < 8 || slow > 10 {
		t.Fatalf("%d of %d operations were slow", slow, len(took))
	}
}

func TestFaultsOfTheDiskHappenAtTheirOperation(t *testing.T) {
	var failed []env.Op
	w := NewWorld(1)
	w.AddNode(with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			f := out.NewFile()
			out.Disk(env.Disk{Kind: env.Open, File: f, Path: "/d/f", Flags: env.Create})
			for range 5 {
				out.Disk(env.Disk{Kind: env.Read, File: f, Len: 1})
			}
		case *env.DiskDone:
			if ev.Err != nil {
				failed = append(failed, ev.Op)
			}
		}
	}), "/d")
	w.Apply(faults.Plan{{Kind: faults.EIORead, ByOp: true, Op: 4}})
	pass(w, time.Second)
	if !slices.Equal(failed, []env.Op{4}) {
		t.Fatal(failed)
	}
}
