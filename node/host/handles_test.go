package host

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/env"
)

// TestHandlesDoWhatOpenFilesDo compares files of which one or two are open below
// with files that all are.
func TestHandlesDoWhatOpenFilesDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		few, all := newMemory("d"), newMemory("d")
		fail := failing(rapid.IntRange(0, 20).Draw(t, "failing sync"))
		all.before, few.before = fail.ofFiles(), fail.ofFiles()
		pair := &handlePair{few: newHandles(few, rapid.IntRange(1, 2).Draw(t, "most")), all: all}
		t.Repeat(map[string]func(*rapid.T){
			"open": pair.open, "write": pair.write, "sync": pair.sync, "truncate": pair.truncate, "read": pair.read,
			"close": pair.close, "rename": pair.rename, "remove": pair.remove,
		})
		for _, f := range slices.Clone(pair.files) {
			pair.shut(f)
		}
		if len(pair.few.open) > 0 || len(pair.few.dirs) > 0 {
			t.Fatalf("%d files are left open, %d directories in the list", len(pair.few.open), len(pair.few.dirs))
		}
	})
}

// failing is a name of which every sync fails.
type failing int

func (f failing) ofFiles() func(call, name string) error {
	return func(call, name string) error {
		if call == "sync" && name == fmt.Sprint("d/", int(f)) {
			return syscall.EIO
		}
		return nil
	}
}

type handlePair struct {
	few   *handles
	all   *memory
	files [][2]File
}

func (p *handlePair) one(t *rapid.T) [2]File {
	if len(p.files) == 0 {
		t.Skip("no file is open")
	}
	return rapid.SampledFrom(p.files).Draw(t, "file")
}

func drawName(t *rapid.T) string { return fmt.Sprint("d/", rapid.IntRange(1, 5).Draw(t, "name")) }

func (p *handlePair) open(t *rapid.T) {
	name := drawName(t)
	flags := rapid.SampledFrom([]int{env.Existing, env.Create, env.Create | env.Exclusive, env.ReadOnly}).Draw(t, "flags")
	f, size, err := p.few.Open(name, flags)
	g, want, wantErr := p.all.Open(name, flags)
	if size != want || !errors.Is(err, wantErr) {
		t.Fatalf("opened with %d, %v; want %d, %v", size, err, want, wantErr)
	}
	if err == nil {
		p.files = append(p.files, [2]File{f, g})
	}
	if len(p.few.open) > p.few.most+p.nameless() {
		t.Fatalf("%d files are open below", len(p.few.open))
	}
}

// nameless are those that nobody could open again.
func (p *handlePair) nameless() (n int) {
	for _, f := range p.files {
		if f[0].(*handle).path == "" {
			n++
		}
	}
	return n
}

func (p *handlePair) both(t *rapid.T, do func(File) string) {
	f := p.one(t)
	if got, want := do(f[0]), do(f[1]); got != want {
		t.Fatalf("%s, want %s", got, want)
	}
}

func (p *handlePair) write(t *rapid.T) {
	off, b := int64(rapid.IntRange(0, 9).Draw(t, "off")), []byte(rapid.StringMatching("[a-z]{1,3}").Draw(t, "bytes"))
	p.both(t, func(f File) string { return fmt.Sprint(f.Writev([][]byte{b}, off)) })
}

// sync may tell of a failure that came early, and then of none.
func (p *handlePair) sync(t *rapid.T) {
	f := p.one(t)
	early := f[0].(*handle).early != nil || f[0].(*handle).saved
	if got, want := f[0].Sync(), f[1].Sync(); !errors.Is(got, want) && !early {
		t.Fatalf("%v, want %v", got, want)
	}
}

func (p *handlePair) truncate(t *rapid.T) {
	size := int64(rapid.IntRange(0, 9).Draw(t, "size"))
	p.both(t, func(f File) string { return fmt.Sprint(f.Truncate(size)) })
}

func (p *handlePair) read(t *rapid.T) {
	p.both(t, func(f File) string {
		b := make([]byte, 20)
		n, err := f.ReadAt(b, 0)
		size, _ := f.Size()
		return fmt.Sprint(string(b[:n]), err, size)
	})
}

func (p *handlePair) close(t *rapid.T) { p.shut(p.one(t)) }

func (p *handlePair) shut(f [2]File) {
	_, _ = f[0].Close(), f[1].Close()
	p.files = slices.DeleteFunc(p.files, func(x [2]File) bool { return x == f })
}

func (p *handlePair) rename(t *rapid.T) {
	from, to := drawName(t), drawName(t)
	if from == to {
		t.Skip("the memory loses it")
	}
	if err, want := p.few.Rename(from, to), p.all.Rename(from, to); !errors.Is(err, want) {
		t.Fatalf("renamed with %v, want %v", err, want)
	}
}

func (p *handlePair) remove(t *rapid.T) {
	name := drawName(t)
	if rapid.IntRange(0, 9).Draw(t, "all") == 0 {
		name = "d"
	}
	if err := errors.Join(p.few.Remove(name), p.all.Remove(name)); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsPutAwayIsSyncedFirst(t *testing.T) {
	m := newMemory("d")
	a := newHandles(m, 1)
	f, _, err := a.Open("d/f", env.Create)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Writev([][]byte{[]byte("abc")}, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Open("d/g", env.Create); err != nil {
		t.Fatal(err)
	}
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	expect(t, strings.Join(m.history(), ", "), "open d/f, write*1 d/f, sync d/f, close d/f, open d/g")
}

func TestTheFailureOfAnEarlySyncIsToldOnceByTheNext(t *testing.T) {
	m := newMemory("d")
	m.before = failing(1).ofFiles()
	a := newHandles(m, 1)
	f, _, err := a.Open("d/1", env.Create)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Writev([][]byte{[]byte("abc")}, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Open("d/2", env.Create); err != nil {
		t.Fatal(err)
	}
	m.before = nil
	if err := f.Sync(); !errors.Is(err, syscall.EIO) {
		t.Fatalf("the first sync says %v", err)
	}
	if err := f.Sync(); err != nil {
		t.Fatalf("the second sync says %v", err)
	}
}

// TestADirectoryTakesItsHandlesAlong is with real files, and many users at once.
func TestADirectoryTakesItsHandlesAlong(t *testing.T) {
	dir := t.TempDir()
	a := newHandles(osLayer{}, 2)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := carryAbout(a, filepath.Join(dir, fmt.Sprint("p-", i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(a.open) > 0 || len(a.dirs) > 0 {
		t.Fatalf("%d files, %d directories are left", len(a.open), len(a.dirs))
	}
}

func carryAbout(a *handles, at string) error {
	if err := a.Mkdir(at); err != nil {
		return err
	}
	f, _, err := a.Open(at+"/f", env.Create)
	if err != nil {
		return err
	}
	names := []string{at, at + "-delete"}
	for i := range 50 {
		_, wrong := f.Writev([][]byte{{byte(i)}}, int64(i))
		if err := errors.Join(wrong, a.Rename(names[i%2], names[(i+1)%2]), f.Sync()); err != nil {
			return err
		}
	}
	got, err := io.ReadAll(io.NewSectionReader(f, 0, 100))
	if len(got) != 50 {
		err = fmt.Errorf("%d bytes of 50 are there: %w", len(got), err)
	}
	return errors.Join(err, f.Close())
}
