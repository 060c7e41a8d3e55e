package host

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"odradek/node/env"
)

// bench is an executor with its mailbox, and no machine.
type bench struct {
	t    testing.TB
	disk *disk
	box  *mailbox
	out  *env.Outbox
	left []env.Event
}

func newBench(t testing.TB, layer Layer, workers int) *bench {
	box := newMailbox()
	b := &bench{t: t, disk: newDisk(layer, box, workers), box: box, out: env.NewOutbox(0)}
	t.Cleanup(func() {
		if !b.disk.stop(patience) {
			t.Error("a worker does not return")
		}
		goleak.VerifyNone(t)
	})
	return b
}

// do submits operations and returns their numbers.
func (b *bench) do(ops ...env.Disk) []env.Op {
	var numbers []env.Op
	for _, op := range ops {
		numbers = append(numbers, b.out.Disk(op))
		for _, e := range b.out.Take() {
			b.disk.submit(e.(*env.Disk))
		}
	}
	return numbers
}

// next is the next completion.
func (b *bench) next() *env.DiskDone {
	for len(b.left) == 0 {
		late := time.AfterFunc(patience, b.box.close)
		events, open := b.box.take(nil)
		late.Stop()
		if !open {
			b.t.Fatal("a completion does not come")
		}
		b.left = events
	}
	done := b.left[0].(*env.DiskDone)
	b.left = b.left[1:]
	return done
}

// all are the completions of operations, in the order of the operations.
func (b *bench) all(ops ...env.Disk) []*env.DiskDone {
	b.t.Helper()
	numbers := b.do(ops...)
	results := make([]*env.DiskDone, len(ops))
	for range ops {
		done := b.next()
		i := slices.Index(numbers, done.Op)
		if i < 0 || results[i] != nil {
			b.t.Fatalf("operation %d completed unexpectedly", done.Op)
		}
		results[i] = done
	}
	return results
}

// open makes a file.
func (b *bench) open(path string) env.FileID {
	b.t.Helper()
	id := b.out.NewFile()
	if done := b.all(env.Disk{Kind: env.Open, File: id, Path: path, Flags: env.Create})[0]; done.Err != nil {
		b.t.Fatal(done.Err)
	}
	return id
}

func write(f env.FileID, off int64, text string) env.Disk {
	return env.Disk{Kind: env.Write, File: f, Off: off, Data: []byte(text)}
}

func read(f env.FileID) env.Disk { return env.Disk{Kind: env.Read, File: f, Len: 1 << 20} }

func syncOf(f env.FileID) env.Disk { return env.Disk{Kind: env.Sync, File: f} }

func reset(f env.FileID) env.Disk { return env.Disk{Kind: env.Reset, File: f} }

// outcomes are the errors of completions: "ok", "skipped", "space", ...
func outcomes(dones []*env.DiskDone) string {
	var all []string
	for _, d := range dones {
		all = append(all, outcome(d.Err))
	}
	return strings.Join(all, " ")
}

func outcome(err error) string {
	var io *env.IOError
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &io):
		return "io"
	}
	for name, known := range map[string]error{"skipped": env.ErrSkipped, "space": env.ErrNoSpace,
		"nofile": env.ErrNoFile, "missing": env.ErrNotExist, "exists": env.ErrExist} {
		if err == known {
			return name
		}
	}
	return "strange: " + err.Error()
}

func expect(t testing.TB, got, want string) {
	t.Helper()
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

// failOnce makes the next such call fail.
func failOnce(m *memory, call string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.before = func(c, _ string) error {
		if !strings.HasPrefix(c, call) {
			return nil
		}
		m.mu.Lock()
		m.before = nil
		m.mu.Unlock()
		return err
	}
}

func TestAfterAFailedSyncTheFileIsSkippedUntilItsReset(t *testing.T) {
	m := newMemory("d")
	b := newBench(t, m, 4)
	f, other := b.open("d/f"), b.open("d/other")
	failOnce(m, "sync", syscall.EIO)
	got := b.all(write(f, 0, "abc"), syncOf(f), write(f, 3, "def"), syncOf(f), env.Disk{Kind: env.Truncate, File: f},
		read(f), reset(f), write(f, 3, "xyz"), syncOf(f))
	expect(t, outcomes(got), "ok io skipped skipped skipped ok ok ok ok")
	expect(t, string(got[5].Data), "abc")
	expect(t, got[1].Err.Error(), "sync d/f: input/output error")
	expect(t, outcomes(b.all(write(other, 0, "o"), syncOf(other))), "ok ok")
	expect(t, string(m.powerCut().names["d/f"].cachedOrNil()), "")
}

// cachedOrNil is the content of a file that may be missing.
func (n *inode) cachedOrNil() []byte {
	if n == nil {
		return nil
	}
	return n.cached
}

func TestAFullDiskEndsAWriteInTheMiddleAndThoseBehindItAreSkipped(t *testing.T) {
	m := newMemory("d")
	b := newBench(t, m, 1)
	f := b.open("d/f")
	m.short = 4
	calls := 0
	m.before = func(call, _ string) error {
		if strings.HasPrefix(call, "write") {
			if calls++; calls > 1 {
				return syscall.ENOSPC
			}
		}
		return nil
	}
	got := b.all(write(f, 0, "abcdef"), write(f, 6, "ghi"), syncOf(f))
	expect(t, outcomes(got), "space skipped skipped")
	if got[0].N != 4 || got[1].N != 0 {
		t.Fatalf("counted %d and %d bytes", got[0].N, got[1].N)
	}
	m.before, m.short = nil, 0
	got = b.all(reset(f), env.Disk{Kind: env.Truncate, File: f, Off: 0}, write(f, 0, "again"), syncOf(f), read(f))
	expect(t, outcomes(got), "ok ok ok ok ok")
	expect(t, string(got[4].Data), "again")
}

func TestShortWritesAreGoneOnWith(t *testing.T) {
	m := newMemory("d")
	b := newBench(t, m, 1)
	f := b.open("d/f")
	m.short = 3
	got := b.all(write(f, 0, "abcde"), write(f, 5, ""), write(f, 5, "fghijk"), write(f, 20, "z"), read(f))
	expect(t, outcomes(got), "ok ok ok ok ok")
	expect(t, string(got[4].Data), "abcdefghijk\x00\x00\x00\x00\x00\x00\x00\x00\x00z")
	if got[0].N != 5 || got[1].N != 0 || got[2].N != 6 {
		t.Fatalf("counted %d, %d, %d", got[0].N, got[1].N, got[2].N)
	}
}

func TestConsecutiveWritesThatWaitAreOneCall(t *testing.T) {
	m := newMemory("d")
	b := newBench(t, m, 1)
	f := b.open("d/f")
	held := make(chan struct{})
	m.before = func(call, _ string) error {
		if call == "sync" {
			<-held
		}
		return nil
	}
	b.do(syncOf(f))
	b.do(write(f, 0, "ab"), write(f, 2, "cd"), write(f, 4, "ef"), write(f, 9, "x"), syncOf(f), write(f, 10, "y"))
	close(held)
	for range 7 {
		if done := b.next(); done.Err != nil {
			t.Fatal(done.Err)
		}
	}
	expect(t, fmt.Sprint(m.history()[1:]), "[sync d/f write*3 d/f write*1 d/f sync d/f write*1 d/f]")
}

func TestSyncsOfDifferentFilesRunAtTheSameTime(t *testing.T) {
	m := newMemory("d")
	b := newBench(t, m, 3)
	var files []env.FileID
	for i := range 3 {
		files = append(files, b.open(fmt.Sprint("d/", i)))
	}
	inside, release := make(chan struct{}), make(chan struct{})
	m.before = func(call, _ string) error {
		inside <- struct{}{}
		<-release
		return nil
	}
	b.do(syncOf(files[0]), syncOf(files[1]), syncOf(files[2]))
	for range files {
		soon(t, inside)
	}
	m.mu.Lock()
	m.before = nil
	m.mu.Unlock()
	close(release)
	for range files {
		expect(t, outcome(b.next().Err), "ok")
	}
}

func TestAnOperationWaitsForTheOneItNames(t *testing.T) {
	m := newMemory("d")
	b := newBench(t, m, 4)
	f, g := b.open("d/f"), b.open("d/g")
	held := make(chan struct{})
	m.before = func(call, name string) error {
		if call == "sync" && name == "d/f" {
			<-held
		}
		return nil
	}
	first := b.do(syncOf(f))[0]
	second := b.do(env.Disk{Kind: env.Rename, Path: "d/g", To: "d/h", After: first})[0]
	behind := write(g, 0, "x")
	behind.After = second
	b.do(behind, read(g), env.Disk{Kind: env.Nop, After: second})
	b.do(env.Disk{Kind: env.List, Path: "d"})
	expect(t, b.next().Entries[1].Name, "g")
	close(held)
	var order []string
	for range 5 {
		order = append(order, b.next().Kind.String())
	}
	expect(t, fmt.Sprint(order[:2]), "[sync rename]")
	if slices.Index(order, "write") > slices.Index(order, "read") {
		t.Fatal(order)
	}
}

func TestWhatDependsOnAFailureIsSkipped(t *testing.T) {
	m := newMemory("d")
	b := newBench(t, m, 4)
	f, g := b.open("d/f"), b.open("d/g")
	failOnce(m, "sync", syscall.EIO)
	failed := b.do(syncOf(f))[0]
	expect(t, outcome(b.next().Err), "io")
	after := func(d env.Disk) env.Disk { d.After = failed; return d }
	got := b.all(
		after(env.Disk{Kind: env.Remove, Path: "d/f"}), after(env.Disk{Kind: env.Nop}),
		after(read(g)), write(g, 0, "ok"), after(write(g, 2, "no")), write(g, 4, "hole"), read(g), reset(g), write(g, 2, "!"),
		after(env.Disk{Kind: env.Open, File: b.out.NewFile(), Path: "d/f"}))
	expect(t, outcomes(got), "skipped skipped skipped ok skipped skipped ok ok ok skipped")
	expect(t, string(got[6].Data), "ok")
}

func TestAFileThatIsNotOpenHasNoOperations(t *testing.T) {
	var b *bench
	t.Cleanup(func() {
		if len(b.disk.lanes) != 0 {
			t.Errorf("%d lanes are left", len(b.disk.lanes))
		}
	})
	b = newBench(t, newMemory("d"), 2)
	f := b.open("d/f")
	got := b.all(env.Disk{Kind: env.Close, File: f}, read(f), write(f, 0, "x"), env.Disk{Kind: env.Close, File: f})
	expect(t, outcomes(got), "ok nofile nofile nofile")
	missing := b.out.NewFile()
	got = b.all(env.Disk{Kind: env.Open, File: missing, Path: "d/nothing"}, write(missing, 0, "x"), syncOf(1<<40))
	expect(t, outcomes(got), "missing nofile nofile")
}

func TestAFileIdIsGivenOnce(t *testing.T) {
	b := newBench(t, newMemory("d"), 2)
	f := b.open("d/f")
	got := b.all(env.Disk{Kind: env.Open, File: f, Path: "d/f"}, write(f, 0, "x"))
	expect(t, outcomes(got), "io ok")
}

func TestOldFailuresAreForgotten(t *testing.T) {
	var f failures
	for op := range env.Op(remembered + 10) {
		f.add(op + 1)
	}
	if f.has(10) || !f.has(11) || !f.has(remembered+10) || len(f.known) != remembered {
		t.Fatalf("%d are known", len(f.known))
	}
}
