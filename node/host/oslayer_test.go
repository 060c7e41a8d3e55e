package host

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"odradek/node/env"
)

func TestRealFilesAreWrittenSyncedCutAndRead(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, osLayer{}, 2)
	f := b.open(dir + "/f")
	got := b.all(write(f, 0, "abc"), write(f, 3, "def"), syncOf(f), env.Disk{Kind: env.Truncate, File: f, Off: 5},
		env.Disk{Kind: env.Read, File: f, Off: 1, Len: 100}, env.Disk{Kind: env.Read, File: f, Off: 50, Len: 1 << 40},
		env.Disk{Kind: env.SyncDir, Path: dir}, env.Disk{Kind: env.Close, File: f})
	expect(t, outcomes(got), "ok ok ok ok ok ok ok ok")
	expect(t, string(got[4].Data), "bcde")
	if got[5].N != 0 {
		t.Fatalf("%d bytes behind the end", got[5].N)
	}
	again := b.out.NewFile()
	done := b.all(env.Disk{Kind: env.Open, File: again, Path: dir + "/f", Flags: env.ReadOnly}, syncOf(again), write(again, 0, "x"))
	expect(t, outcomes(done), "ok ok io")
	if done[0].Size != 5 {
		t.Fatalf("its size is %d", done[0].Size)
	}
}

func TestRealFilesAreOpenedByTheirFlags(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, osLayer{}, 1)
	open := func(path string, flags int) env.Disk {
		return env.Disk{Kind: env.Open, File: b.out.NewFile(), Path: dir + path, Flags: flags}
	}
	ops := []env.Disk{open("/f", env.Existing), open("/f", env.Create|env.Exclusive), open("/f", env.Create|env.Exclusive),
		open("/f", env.Create), open("/f", env.ReadOnly), open("", env.ReadOnly), open("/f/below", env.Create), open("/no/f", env.Create)}
	var all string
	for _, op := range ops {
		all += outcome(b.all(op)[0].Err) + " "
	}
	expect(t, all, "missing ok exists ok ok io missing missing ")
}

func TestRealNamesAreListedMovedAndRemoved(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, osLayer{}, 1)
	do := func(kind env.DiskKind, path, to string) string {
		done := b.all(env.Disk{Kind: kind, Path: dir + path, To: dir + to})[0]
		if kind == env.List && done.Err == nil {
			return fmt.Sprint(done.Entries)
		}
		return outcome(done.Err)
	}
	b.open(dir + "/z")
	expect(t, outcomes(b.all(write(b.open(dir+"/b"), 0, "four"))), "ok")
	for _, c := range []struct {
		kind     env.DiskKind
		path, to string
		want     string
	}{
		{env.Mkdir, "/a/deep/er", "", "ok"},
		{env.Mkdir, "/a/deep", "", "ok"},
		{env.Mkdir, "/z", "", "exists"},
		{env.Mkdir, "/z/below", "", "exists"},
		{env.List, "", "", "[{a true 0} {b false 4} {z false 0}]"},
		{env.List, "/none", "", "missing"},
		{env.List, "/z", "", "missing"},
		{env.SyncDir, "/none", "", "missing"},
		{env.Rename, "/none", "/z", "missing"},
		{env.Rename, "/b", "/z", "ok"},
		{env.Rename, "/z", "/z", "ok"},
		{env.List, "", "", "[{a true 0} {z false 4}]"},
		{env.Mkdir, "/c/full", "", "ok"},
		{env.Rename, "/a", "/c", "ok"},
		{env.List, "/c", "", "[{deep true 0}]"},
		{env.Rename, "/c", "/z", "ok"},
		{env.Rename, "/z", "/none/z", "missing"},
		{env.List, "", "", "[{z true 0}]"},
		{env.Remove, "/z", "", "ok"},
		{env.Remove, "/z", "", "ok"},
		{env.List, "", "", "[]"},
	} {
		if got := do(c.kind, c.path, c.to); got != c.want {
			t.Fatalf("%v %q %q: %s, want %s", c.kind, c.path, c.to, got, c.want)
		}
	}
}

func TestARemovedFileLivesOnWhileItIsOpen(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, osLayer{}, 1)
	f := b.open(filepath.Join(dir, "f"))
	got := b.all(write(f, 0, "abc"), env.Disk{Kind: env.Nop})
	expect(t, outcomes(got), "ok ok")
	expect(t, outcomes(b.all(env.Disk{Kind: env.Remove, Path: dir + "/f"})), "ok")
	if _, err := os.Stat(dir + "/f"); !os.IsNotExist(err) {
		t.Fatal("its name is still there")
	}
	expect(t, string(b.all(read(f))[0].Data), "abc")
}
