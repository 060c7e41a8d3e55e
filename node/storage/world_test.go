package storage_test

import (
	"errors"
	"math/rand/v2"
	"slices"

	"odradek/node/env"
	"odradek/sim"
)

// world carries out the disk operations of one log in an order drawn from a
// seed: those on one file as they came, the others as After lets them.
//
//	out -> pending --execute--> answers --deliver--> Completed -> out
type world struct {
	rng     *rand.Rand
	disk    *sim.Disk
	out     *env.Outbox
	tasks   *env.Tasks
	now     env.Time
	pending []*env.Disk
	answers []*env.DiskDone
	live    map[env.Op]bool
	failed  map[env.Op]bool
	open    map[env.FileID]string
	struck  bool     // a device error came up since the log was opened
	synced  []string // the files of syncs, in order
	logged  []string // what the operator was told
}

func newWorld(seed uint64) *world {
	rng := rand.New(rand.NewPCG(seed, 1))
	w := &world{rng: rng, disk: sim.NewDisk(rand.New(rand.NewPCG(seed, 2)), "d"), now: env.Time{Wall: 1_700_000_000_000}}
	w.begin()
	return w
}

// begin is a new process.
func (w *world) begin() {
	w.out, w.tasks = env.NewOutbox(0), &env.Tasks{}
	w.pending, w.answers = nil, nil
	w.live, w.failed, w.open = map[env.Op]bool{}, map[env.Op]bool{}, map[env.FileID]string{}
}

func (w *world) gather() {
	for _, e := range w.out.Take() {
		switch e := e.(type) {
		case *env.Disk:
			w.pending = append(w.pending, e)
			w.live[e.Op] = true
		case env.Log:
			w.logged = append(w.logged, e.Text)
		}
	}
}

func onFile(k env.DiskKind) bool {
	switch k {
	case env.Open, env.Close, env.Read, env.Write, env.Sync, env.Truncate, env.Reset:
		return true
	}
	return false
}

// ready are the operations that may be carried out now.
func (w *world) ready() (all []int) {
	busy := map[env.FileID]bool{}
	for i, op := range w.pending {
		if first := !onFile(op.Kind) || !busy[op.File]; first && !w.live[op.After] {
			all = append(all, i)
		}
		busy[op.File] = busy[op.File] || onFile(op.Kind)
	}
	return all
}

// execute carries out one operation; its answer comes later.
func (w *world) execute() bool {
	w.gather()
	ready := w.ready()
	if len(ready) == 0 {
		return false
	}
	i := ready[w.rng.IntN(len(ready))]
	op := w.pending[i]
	w.pending = slices.Delete(w.pending, i, i+1)
	done := w.perform(op)
	delete(w.live, op.Op)
	w.failed[op.Op] = done.Err != nil
	w.answers = append(w.answers, done)
	return true
}

func (w *world) perform(op *env.Disk) *env.DiskDone {
	if w.failed[op.After] {
		return w.disk.Skip(op)
	}
	done := w.disk.Do(op)
	var device *env.IOError
	switch {
	case errors.As(done.Err, &device):
		w.struck = true
	case op.Kind == env.Open && done.Err == nil:
		w.open[op.File] = op.Path
	case op.Kind == env.Sync:
		w.synced = append(w.synced, w.open[op.File])
	case op.Kind == env.Close:
		delete(w.open, op.File)
	}
	return done
}

func (w *world) deliver() bool {
	if len(w.answers) == 0 {
		return false
	}
	done := w.answers[0]
	w.answers = w.answers[1:]
	done.Tag.Completed(w.now, done, w.out)
	w.gather()
	return true
}

// pump lets one thing happen; false: nothing is under way.
func (w *world) pump() bool {
	if w.rng.IntN(2) == 0 {
		return w.deliver() || w.execute()
	}
	return w.execute() || w.deliver()
}

func (w *world) settle() {
	for w.pump() {
	}
}

var errDied = errors.New("the process died first")

// run plays a job to its end, and all else that is under way as chance will.
// It gives up when the process dies, which die says before each operation.
func (w *world) run(job func(*env.Task) error, die func() bool) error {
	ended, failure := false, error(nil)
	w.tasks.Start(w.now, w.out, job, func(_ env.Time, err error, _ *env.Outbox) { ended, failure = true, err })
	for !ended {
		if die != nil && die() {
			return errDied
		}
		if !w.pump() {
			panic("a task waits for nothing")
		}
	}
	return failure
}

// crash ends the process: the page cache lives on, and perhaps a piece of a
// write that was under way.
func (w *world) crash() {
	w.tear()
	w.disk.Crash()
	w.end()
}

// powerCut leaves what is durable and some of the rest.
func (w *world) powerCut() {
	w.tear()
	w.disk.PowerCut()
	w.end()
}

func (w *world) end() {
	w.tasks.Discard()
	w.begin()
}

func (w *world) tear() {
	w.gather()
	for _, i := range w.ready() {
		if op := *w.pending[i]; op.Kind == env.Write && w.rng.IntN(2) == 0 && !w.failed[op.After] {
			op.Data = op.Data[:w.rng.IntN(len(op.Data)+1)]
			w.disk.Do(&op)
			return
		}
	}
}
