package env

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// complete plays the world for the disk operations in the outbox, one by one.
func complete(out *Outbox, answer func(*Disk) *DiskDone) {
	for {
		effects := append([]Effect(nil), out.Take()...)
		if len(effects) == 0 {
			return
		}
		for _, e := range effects {
			if d, ok := e.(*Disk); ok {
				done := answer(d)
				done.Op, done.Kind, done.File = d.Op, d.Kind, d.File
				d.Tag.Completed(Time{}, done, out)
			}
		}
	}
}

func TestATaskIsResumedByEachCompletionAndEndsOnce(t *testing.T) {
	var tasks Tasks
	out := NewOutbox(0)
	ended := 0
	var sizes []int64
	tasks.Start(Time{}, out, func(t *Task) error {
		for range 3 {
			sizes = append(sizes, t.Do(Disk{Kind: Open, Path: "x"}).Size)
		}
		return errors.New("the end")
	}, func(_ Time, err error, _ *Outbox) {
		ended++
		if err == nil || err.Error() != "the end" {
			t.Errorf("the job's error was %v", err)
		}
	})
	n := int64(0)
	complete(out, func(*Disk) *DiskDone { n++; return &DiskDone{Size: n} })
	if ended != 1 || tasks.Len() != 0 || len(sizes) != 3 || sizes[2] != 3 {
		t.Fatalf("ended %d times, %d live, sizes %v", ended, tasks.Len(), sizes)
	}
}

func TestATaskWaitsForAllOfSeveralOperationsInAnyOrder(t *testing.T) {
	var tasks Tasks
	out := NewOutbox(0)
	var got []int64
	tasks.Start(Time{}, out, func(t *Task) error {
		for _, d := range t.All([]Disk{{Off: 7}, {Off: 8}, {Off: 9}}) {
			got = append(got, d.Size)
		}
		return nil
	}, nil)
	ops := append([]Effect(nil), out.Take()...)
	for i := len(ops) - 1; i >= 0; i-- {
		d := ops[i].(*Disk)
		d.Tag.Completed(Time{}, &DiskDone{Op: d.Op, Size: d.Off}, out)
	}
	if len(got) != 3 || got[0] != 7 || got[2] != 9 {
		t.Fatalf("results %v", got)
	}
}

func TestACancelledTaskLeavesNothingBehind(t *testing.T) {
	var tasks Tasks
	out := NewOutbox(0)
	var last error
	tasks.Start(Time{}, out, func(t *Task) error {
		for last == nil {
			last = t.Do(Disk{Kind: Nop}).Err
		}
		return last
	}, func(Time, error, *Outbox) { t.Error("done was called") })
	tasks.Discard()
	if !errors.Is(last, ErrCancelled) || tasks.Len() != 0 {
		t.Fatalf("last error %v, %d live", last, tasks.Len())
	}
	complete(out, func(*Disk) *DiskDone { return &DiskDone{} })
}

func TestTimersFireInOrderOfTimeThenOfSetting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var timers Timers[int]
		at := map[int]time.Duration{}
		for range rapid.IntRange(0, 50).Draw(t, "sets") {
			k := rapid.IntRange(0, 9).Draw(t, "key")
			if rapid.Bool().Draw(t, "cancel") {
				timers.Cancel(k)
				delete(at, k)
				continue
			}
			at[k] = time.Duration(rapid.IntRange(0, 20).Draw(t, "at"))
			timers.Set(k, at[k])
		}
		last := time.Duration(-1)
		for range len(at) {
			next, _ := timers.Next()
			k, ok := timers.Pop(100)
			if !ok || at[k] != next || next < last {
				t.Fatalf("popped %d at %v after %v", k, next, last)
			}
			last = next
		}
		if _, ok := timers.Pop(100); ok {
			t.Fatal("a timer too many")
		}
	})
}

func TestStreamsOfOneSeedAreTheSameAndOfTwoPurposesDiffer(t *testing.T) {
	a, b, c := Stream(1, 2, "a"), Stream(1, 2, "a"), Stream(1, 2, "b")
	x, y, z := a.Uint64(), b.Uint64(), c.Uint64()
	if x != y || x == z {
		t.Fatalf("%x %x %x", x, y, z)
	}
}

func TestAnIdSurvivesItsTextForm(t *testing.T) {
	u := NewUUID(Stream(3, 0, "id"))
	back, err := ParseUUID(u.String())
	if err != nil || back != u {
		t.Fatalf("%v became %v (%v)", u, back, err)
	}
	if _, err := ParseUUID("short"); err == nil {
		t.Fatal("a short id was taken")
	}
}

func TestConnectionsThatMachinesDialClashWithNoOthers(t *testing.T) {
	seen := map[ConnID]bool{}
	for machine := range 3 {
		out := NewOutbox(machine)
		for range 3 {
			id := out.Dial("node1:9093")
			if seen[id] || !id.Dialed() || id>>48 != ConnID(machine) {
				t.Errorf("machine %d named %x", machine, id)
			}
			seen[id] = true
		}
	}
	if ConnID(1).Dialed() {
		t.Error("an accepted connection counts as dialed")
	}
}
