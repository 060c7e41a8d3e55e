package partition_test

import (
	"math/rand/v2"

	"odradek/node/env"
	"odradek/node/partition"
	"odradek/node/storage"
	"odradek/sim"
)

// world is a partition with its log on a disk that does one thing at a time.
type world struct {
	disk    *sim.Disk
	out     *env.Outbox
	tasks   env.Tasks
	pending []*env.Disk
	failed  map[env.Op]bool
	p       *partition.Partition
	now     env.Time
}

func newWorld(seed uint64) *world {
	w := &world{disk: sim.NewDisk(rand.New(rand.NewPCG(seed, 0)), "d"), out: env.NewOutbox(0), failed: map[env.Op]bool{}, p: partition.New(1)}
	return w
}

// open opens the log, as its own partition's owner, and attaches it.
func (w *world) open(config *storage.Config) {
	o := storage.Options{Dir: "d/t-0", Config: config, Owner: w.p, Tasks: &w.tasks}
	w.tasks.Start(env.Time{}, w.out, func(t *env.Task) error {
		l, _, err := storage.Open(t, o)
		if err != nil {
			return err
		}
		w.p.Attach(t.Now(), l)
		return nil
	}, nil)
	w.settle()
}

// pump carries out one operation and tells of it; false: there is none.
func (w *world) pump() bool {
	for _, e := range w.out.Take() {
		if d, ok := e.(*env.Disk); ok {
			w.pending = append(w.pending, d)
		}
	}
	if len(w.pending) == 0 {
		return false
	}
	op := w.pending[0]
	w.pending = w.pending[1:]
	var done *env.DiskDone
	if w.failed[op.After] {
		done = w.disk.Skip(op)
	} else {
		done = w.disk.Do(op)
	}
	w.failed[op.Op] = done.Err != nil
	done.Tag.Completed(w.now, done, w.out)
	return true
}

func (w *world) settle() {
	for w.pump() {
	}
}
