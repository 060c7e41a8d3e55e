package host

import (
	"bytes"
	"fmt"
	"slices"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/env"
)

// TestEachFileIsAQueue compares the executor with a model that carries out
// one operation after another, in the order of emission.
func TestEachFileIsAQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMemory("d")
		m.short = rapid.IntRange(0, 3).Draw(t, "short")
		box := newMailbox()
		b := &bench{disk: newDisk(m, box, rapid.IntRange(1, 4).Draw(t, "workers")), box: box, out: env.NewOutbox(0)}
		defer b.disk.stop(patience)
		model := newModel(m)
		ops := rapid.SliceOfN(rapid.Custom(model.draw), 1, 60).Draw(t, "ops")
		want := map[env.Op]string{}
		per := map[env.FileID][]env.Op{}
		for i, op := range ops {
			op.After %= env.Op(i + 1) // 0 or an earlier one
			op.Op = b.out.Disk(op)
			b.disk.submit(b.out.Take()[0].(*env.Disk))
			want[op.Op] = model.apply(op)
			per[op.File] = append(per[op.File], op.Op)
		}
		for range ops {
			done := b.next()
			if got := fmt.Sprint(outcome(done.Err), done.N, string(done.Data)); got != want[done.Op] {
				t.Fatalf("operation %d, %v of file %d: %s, want %s", done.Op, done.Kind, done.File, got, want[done.Op])
			}
			if per[done.File][0] != done.Op {
				t.Fatalf("operation %d of file %d came before %d", done.Op, done.File, per[done.File][0])
			}
			per[done.File] = per[done.File][1:]
		}
	})
}

// diskModel has files 1 to 3, each under its own name. Every sync of 2 fails.
type diskModel struct {
	files  map[env.FileID]*modelFile
	failed map[env.Op]bool
}

type modelFile struct {
	open, broken bool
	data         []byte
}

func newModel(m *memory) *diskModel {
	d := &diskModel{files: map[env.FileID]*modelFile{}, failed: map[env.Op]bool{}}
	for id := range env.FileID(3) {
		d.files[id+1] = &modelFile{}
	}
	m.before = func(call, name string) error {
		if call == "sync" && name == "d/2" {
			return syscall.EIO
		}
		return nil
	}
	return d
}

var modelKinds = []env.DiskKind{env.Open, env.Write, env.Write, env.Write, env.Sync, env.Read, env.Truncate, env.Reset, env.Close}

func (d *diskModel) draw(t *rapid.T) env.Disk {
	op := env.Disk{
		Kind: rapid.SampledFrom(modelKinds).Draw(t, "kind"),
		File: env.FileID(rapid.IntRange(1, 3).Draw(t, "file")),
		Off:  int64(rapid.IntRange(0, 12).Draw(t, "off")),
		Len:  rapid.IntRange(0, 20).Draw(t, "len"),
	}
	op.Path, op.Flags = fmt.Sprint("d/", op.File), env.Create
	if op.Kind == env.Write {
		op.Data = bytes.Repeat([]byte{byte(rapid.IntRange('a', 'z').Draw(t, "byte"))}, rapid.IntRange(0, 9).Draw(t, "bytes"))
	}
	if rapid.IntRange(0, 3).Draw(t, "depends") == 0 {
		op.After = env.Op(rapid.IntRange(0, 60).Draw(t, "after"))
	}
	return op
}

// apply gives the outcome, the count and the data.
func (d *diskModel) apply(op env.Disk) string {
	f := d.files[op.File]
	err, n, data := f.do(op, d.failed[op.After])
	if err != "ok" {
		d.failed[op.Op] = true
	}
	return fmt.Sprint(err, n, string(data))
}

func (f *modelFile) do(op env.Disk, dependsOnFailure bool) (err string, n int, data []byte) {
	change := op.Kind == env.Write || op.Kind == env.Sync || op.Kind == env.Truncate
	switch {
	case dependsOnFailure:
		f.broken = f.broken || change && f.open
		return "skipped", 0, nil
	case op.Kind == env.Open && f.open:
		return "io", 0, nil
	case op.Kind == env.Open:
		f.open, f.broken = true, false
	case !f.open:
		return "nofile", 0, nil
	case op.Kind == env.Close:
		f.open = false
	case op.Kind == env.Reset:
		f.broken = false
	case op.Kind == env.Read:
		from := min(int(op.Off), len(f.data))
		data = f.data[from:min(from+op.Len, len(f.data))]
		return "ok", len(data), slices.Clone(data)
	case f.broken:
		return "skipped", 0, nil
	case op.Kind == env.Sync && op.Path == "d/2":
		f.broken = true
		return "io", 0, nil
	case op.Kind == env.Truncate:
		f.resize(int(op.Off))
	case op.Kind == env.Write && len(op.Data) > 0:
		f.resize(max(len(f.data), int(op.Off)+len(op.Data)))
		n = copy(f.data[op.Off:], op.Data)
	}
	return "ok", n, nil
}

func (f *modelFile) resize(size int) {
	f.data = append(f.data[:min(size, len(f.data))], make([]byte, max(0, size-len(f.data)))...)
}
