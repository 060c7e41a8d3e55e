package sim

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"odradek/faults"
	"odradek/node/env"
)

// bench is a disk with one open file, /d/f.
type bench struct {
	*Disk
	t *testing.T
}

func newBench(t *testing.T, seed uint64) bench {
	b := bench{NewDisk(rand.New(rand.NewPCG(seed, 0)), "/d"), t}
	b.fine(env.Disk{Kind: env.Open, File: 1, Path: "/d/f", Flags: env.Create})
	return b
}

func (b bench) do(op env.Disk) *env.DiskDone { return b.Do(&op) }

func (b bench) fine(op env.Disk) *env.DiskDone {
	b.t.Helper()
	done := b.do(op)
	if done.Err != nil {
		b.t.Fatalf("%v: %v", op.Kind, done.Err)
	}
	return done
}

func (b bench) fails(want error, op env.Disk) *env.DiskDone {
	b.t.Helper()
	done := b.do(op)
	if !errors.Is(done.Err, want) {
		b.t.Fatalf("%v: %v instead of %v", op.Kind, done.Err, want)
	}
	return done
}

func (b bench) write(off int64, data string) {
	b.t.Helper()
	b.fine(env.Disk{Kind: env.Write, File: 1, Off: off, Data: []byte(data)})
}

func (b bench) sync() {
	b.t.Helper()
	b.fine(env.Disk{Kind: env.Sync, File: 1})
	b.fine(env.Disk{Kind: env.SyncDir, Path: "/d"})
}

func (b bench) holds(want string) {
	b.t.Helper()
	if got, ok := b.Cached("/d/f"); !ok || string(got) != want {
		b.t.Fatalf("the file holds %q (%v) instead of %q", got, ok, want)
	}
}

func TestWhatWasSyncedSurvivesAPowerCut(t *testing.T) {
	for seed := range uint64(50) {
		b := newBench(t, seed)
		b.write(0, "hello")
		b.sync()
		b.PowerCut()
		b.holds("hello")
	}
}

func TestAFileWhoseFolderWasNotSyncedMayVanish(t *testing.T) {
	vanished := 0
	for seed := range uint64(50) {
		b := newBench(t, seed)
		b.write(0, "hello")
		b.fine(env.Disk{Kind: env.Sync, File: 1})
		b.PowerCut()
		if _, ok := b.Cached("/d/f"); !ok {
			vanished++
		} else {
			b.holds("hello")
		}
	}
	if vanished == 0 || vanished == 50 {
		t.Fatalf("it vanished %d times of 50", vanished)
	}
}

func TestACrashKeepsThePageCacheAndClosesTheFiles(t *testing.T) {
	b := newBench(t, 1)
	b.write(0, "hello")
	b.Crash()
	b.holds("hello")
	b.fails(env.ErrNoFile, env.Disk{Kind: env.Read, File: 1, Len: 5})
}

func TestAnUnsyncedWriteIsKeptLostTornOrFullOfZeros(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(400) {
		b := newBench(t, seed)
		b.write(0, "ab")
		b.sync()
		b.write(2, "cdef")
		b.PowerCut()
		got, _ := b.Cached("/d/f")
		if !bytes.HasPrefix(got, []byte("ab")) {
			t.Fatalf("seed %d left %q", seed, got)
		}
		seen[string(got)] = true
	}
	for _, want := range []string{"ab", "abc", "abcdef", "abcd\x00\x00"} {
		if !seen[want] {
			t.Errorf("no seed left %q", want)
		}
	}
}

func TestOverwrittenDurableBytesAreTheOldOrTheNewNeverZeros(t *testing.T) {
	for seed := range uint64(400) {
		b := newBench(t, seed)
		b.write(0, "abcd")
		b.sync()
		b.write(0, "ABCD")
		b.PowerCut()
		got, _ := b.Cached("/d/f")
		if len(got) != 4 || strings.ToLower(string(got)) != "abcd" {
			t.Fatalf("seed %d left %q", seed, got)
		}
	}
}

func TestOfTwoUnsyncedWritesTheLaterAloneMaySurvive(t *testing.T) {
	for seed := range uint64(400) {
		b := newBench(t, seed)
		b.sync()
		b.write(0, "aa")
		b.write(2, "bb")
		b.PowerCut()
		if got, _ := b.Cached("/d/f"); string(got) == "\x00\x00bb" {
			return
		}
	}
	t.Fatal("no seed kept the later write without the earlier one")
}

func TestAfterAFailedSyncTheBytesAreReadButNeverSaved(t *testing.T) {
	lost := 0
	for seed := range uint64(100) {
		b := newBench(t, seed)
		b.sync()
		b.write(0, "hello")
		b.Arm(faults.EIOSync)
		var eio *env.IOError
		if done := b.do(env.Disk{Kind: env.Sync, File: 1}); !errors.As(done.Err, &eio) {
			t.Fatalf("the sync returned %v", done.Err)
		}
		b.fine(env.Disk{Kind: env.Reset, File: 1})
		b.fine(env.Disk{Kind: env.Sync, File: 1})
		b.holds("hello")
		b.PowerCut()
		if got, _ := b.Cached("/d/f"); string(got) != "hello" {
			lost++
		}
	}
	if lost == 0 {
		t.Fatal("the second sync saved the bytes every time")
	}
}

func TestAfterAFailureChangesAreSkippedUntilReset(t *testing.T) {
	b := newBench(t, 1)
	b.write(0, "ab")
	b.Arm(faults.EIOWrite)
	done := b.do(env.Disk{Kind: env.Write, File: 1, Off: 2, Data: []byte("cd")})
	if done.Err == nil || done.N > 2 {
		t.Fatalf("%d bytes, %v", done.N, done.Err)
	}
	if got, _ := b.Cached("/d/f"); string(got) != "abcd"[:2+done.N] {
		t.Fatalf("%d bytes of cd were written to %q", done.N, got)
	}
	b.fails(env.ErrSkipped, env.Disk{Kind: env.Write, File: 1, Off: 4, Data: []byte("ef")})
	b.fails(env.ErrSkipped, env.Disk{Kind: env.Sync, File: 1})
	b.fails(env.ErrSkipped, env.Disk{Kind: env.Truncate, File: 1})
	if got := b.fine(env.Disk{Kind: env.Read, File: 1, Len: 2}); string(got.Data) != "ab" {
		t.Fatalf("read %q", got.Data)
	}
	b.fine(env.Disk{Kind: env.Reset, File: 1})
	b.fine(env.Disk{Kind: env.Truncate, File: 1, Off: 2})
	b.write(2, "ef")
	b.holds("abef")
}

func TestAFullDiskTakesAPrefixAndOverwritesAllTheSame(t *testing.T) {
	lengths := map[int]bool{}
	for seed := range uint64(50) {
		b := newBench(t, seed)
		b.SetFull(true)
		lengths[b.fails(env.ErrNoSpace, env.Disk{Kind: env.Write, File: 1, Data: []byte("ab")}).N] = true
	}
	if len(lengths) != 3 {
		t.Fatalf("bytes of 2 that were written: %v", lengths)
	}
	b := newBench(t, 3)
	b.write(0, "abcd")
	b.SetFull(true)
	b.write(0, "ABCD")
	b.fails(env.ErrNoSpace, env.Disk{Kind: env.Open, File: 2, Path: "/d/g", Flags: env.Create})
	b.fails(env.ErrNoSpace, env.Disk{Kind: env.Mkdir, Path: "/d/e"})
	b.SetFull(false)
	b.fine(env.Disk{Kind: env.Reset, File: 1})
	b.fine(env.Disk{Kind: env.Mkdir, Path: "/d/e"})
}

func TestARenameIsKeptOrLostAsAWhole(t *testing.T) {
	for seed := range uint64(100) {
		b := newBench(t, seed)
		b.write(0, "old")
		b.sync()
		b.fine(env.Disk{Kind: env.Open, File: 2, Path: "/d/tmp", Flags: env.Create})
		b.fine(env.Disk{Kind: env.Write, File: 2, Data: []byte("new")})
		b.fine(env.Disk{Kind: env.Sync, File: 2})
		b.fine(env.Disk{Kind: env.Rename, Path: "/d/tmp", To: "/d/f"})
		b.PowerCut()
		got, ok := b.Cached("/d/f")
		if !ok || string(got) != "old" && string(got) != "new" {
			t.Fatalf("seed %d left %q (%v)", seed, got, ok)
		}
	}
}

func TestAFileMovedBetweenFoldersIsNeverInBoth(t *testing.T) {
	for seed := range uint64(100) {
		b := newBench(t, seed)
		b.fine(env.Disk{Kind: env.Mkdir, Path: "/d/a"})
		b.fine(env.Disk{Kind: env.Mkdir, Path: "/d/b"})
		b.fine(env.Disk{Kind: env.SyncDir, Path: "/d"})
		b.fine(env.Disk{Kind: env.Open, File: 2, Path: "/d/a/x", Flags: env.Create})
		b.fine(env.Disk{Kind: env.Rename, Path: "/d/a/x", To: "/d/b/x"})
		b.fine(env.Disk{Kind: env.SyncDir, Path: "/d/b"})
		b.PowerCut()
		_, inA := b.Cached("/d/a/x")
		_, inB := b.Cached("/d/b/x")
		if inA || !inB {
			t.Fatalf("seed %d: in the old folder %v, in the new one %v", seed, inA, inB)
		}
	}
}

func TestWhatAPowerCutTookDoesNotComeBack(t *testing.T) {
	for seed := range uint64(50) {
		b := newBench(t, seed)
		b.PowerCut()
		_, before := b.Cached("/d/f")
		b.fine(env.Disk{Kind: env.SyncDir, Path: "/d"})
		b.PowerCut()
		if _, after := b.Cached("/d/f"); before != after {
			t.Fatalf("seed %d: there %v after one, %v after another", seed, before, after)
		}
	}
}

func TestARemovedFileIsReadThroughWhatIsOpen(t *testing.T) {
	b := newBench(t, 1)
	b.write(0, "hello")
	b.fine(env.Disk{Kind: env.Remove, Path: "/d/f"})
	b.fails(env.ErrNotExist, env.Disk{Kind: env.Open, File: 2, Path: "/d/f"})
	if got := b.fine(env.Disk{Kind: env.Read, File: 1, Off: 1, Len: 9}); string(got.Data) != "ello" {
		t.Fatalf("read %q", got.Data)
	}
}

func TestOpeningSaysWhatIsWrong(t *testing.T) {
	b := newBench(t, 1)
	b.fails(env.ErrNotExist, env.Disk{Kind: env.Open, File: 2, Path: "/d/none"})
	b.fails(env.ErrNotExist, env.Disk{Kind: env.Open, File: 2, Path: "/none/f", Flags: env.Create})
	b.fails(env.ErrExist, env.Disk{Kind: env.Open, File: 2, Path: "/d/f", Flags: env.Create | env.Exclusive})
	var io *env.IOError
	if done := b.do(env.Disk{Kind: env.Open, File: 2, Path: "/d"}); !errors.As(done.Err, &io) {
		t.Fatalf("a folder was opened: %v", done.Err)
	}
	b.fine(env.Disk{Kind: env.Open, File: 2, Path: "/d/f", Flags: env.ReadOnly})
	if done := b.do(env.Disk{Kind: env.Write, File: 2, Data: []byte("x")}); !errors.As(done.Err, &io) {
		t.Fatalf("a file opened to read only was written: %v", done.Err)
	}
}

func TestAListIsSortedAndTellsSizes(t *testing.T) {
	b := newBench(t, 1)
	b.write(0, "hello")
	b.fine(env.Disk{Kind: env.Mkdir, Path: "/d/e/deep"})
	got := b.fine(env.Disk{Kind: env.List, Path: "/d"}).Entries
	want := []env.Entry{{Name: "e", Dir: true}, {Name: "f", Size: 5}}
	if !slices.Equal(got, want) {
		t.Fatalf("%v", got)
	}
}

func TestAFlippedBitIsDurableAndSeen(t *testing.T) {
	b := newBench(t, 1)
	b.write(0, "a")
	b.sync()
	if where := b.Flip(8+1, func(string) bool { return true }); where != "d/f" { // bit 1 of the only byte
		t.Fatalf("it flipped in %q", where)
	}
	b.holds("c")
	b.PowerCut()
	b.holds("c")
}

func TestATornWriteLeavesAPrefixInThePageCache(t *testing.T) {
	seen := map[int]bool{}
	for seed := range uint64(100) {
		b := newBench(t, seed)
		b.tearWrite(&env.Disk{Kind: env.Write, File: 1, Data: []byte("abc")})
		got, _ := b.Cached("/d/f")
		if !strings.HasPrefix("abc", string(got)) {
			t.Fatalf("it left %q", got)
		}
		seen[len(got)] = true
	}
	if len(seen) != 4 {
		t.Fatalf("lengths seen: %v", seen)
	}
}
