package env

import (
	"errors"
	"iter"
)

// ErrCancelled is what a cancelled task's operations return.
var ErrCancelled = errors.New("task cancelled")

// Task is a straight-line job over disk operations (recovery, loading, an index
// lookup): a coroutine that is suspended at each operation and resumed by its
// completion. It runs inside Step only, so it needs no lock; after each Do the
// state of its owner may have changed and must be looked at again.
type Task struct {
	set       *Tasks
	next      func() (step, bool)
	stop      func()
	yield     func(step) bool
	result    *DiskDone
	now       Time
	out       *Outbox
	err       error
	done      func(now Time, err error, out *Outbox)
	cancelled bool
	slot      int
}

// step is what a job yields: an operation to emit, or (park) nothing, because
// the operations that it waits for are out already.
type step struct {
	disk Disk
	park bool
}

// Tasks are the live tasks of one machine.
type Tasks struct{ live []*Task }

// Len is the number of live tasks.
func (s *Tasks) Len() int { return len(s.live) }

// Start runs a job until its first operation. When it has returned, done is
// called once with its error, unless the task was cancelled.
func (s *Tasks) Start(now Time, out *Outbox, run func(*Task) error, done func(Time, error, *Outbox)) *Task {
	t := &Task{set: s, done: done, slot: len(s.live)}
	s.live = append(s.live, t)
	t.next, t.stop = iter.Pull(func(yield func(step) bool) {
		t.yield = yield
		t.err = run(t)
	})
	t.resume(now, out)
	return t
}

// Discard cancels every task.
func (s *Tasks) Discard() {
	for len(s.live) > 0 {
		s.live[len(s.live)-1].Cancel()
	}
}

// Completed resumes the task with the result of its operation.
func (t *Task) Completed(now Time, done *DiskDone, out *Outbox) {
	if t.cancelled {
		return
	}
	t.result = done
	t.resume(now, out)
}

func (t *Task) resume(now Time, out *Outbox) {
	t.now, t.out = now, out
	s, more := t.next()
	t.out = nil
	if t.cancelled || more && s.park {
		return
	}
	if more {
		s.disk.Tag = t
		out.Disk(s.disk)
		return
	}
	t.unlink()
	if t.done != nil {
		t.done(now, t.err, out)
	}
}

// Cancel ends the task: its pending operation returns ErrCancelled, and so does
// every later one. Its done function is not called.
func (t *Task) Cancel() {
	if t.cancelled {
		return
	}
	t.cancelled = true
	t.unlink()
	t.out = NewOutbox(0) // what the job still emits on its way out goes nowhere
	t.stop()
	t.out = nil
}

func (t *Task) unlink() {
	s := t.set
	if s == nil {
		return
	}
	last := len(s.live) - 1
	s.live[t.slot] = s.live[last]
	s.live[t.slot].slot = t.slot
	s.live[last] = nil
	s.live = s.live[:last]
	t.set = nil
}

// Do carries out one disk operation and waits for it. Only the task's own job
// calls it.
func (t *Task) Do(d Disk) *DiskDone {
	if t.cancelled || !t.yield(step{disk: d}) {
		return &DiskDone{Kind: d.Kind, File: d.File, Err: ErrCancelled}
	}
	return t.result
}

// Pause lets other events in: a long job calls it now and then.
func (t *Task) Pause() error { return t.Do(Disk{Kind: Nop}).Err }

// Now is the time of the current step.
func (t *Task) Now() Time { return t.now }

// Out is the outbox of the current step. It must not be kept across Do.
func (t *Task) Out() *Outbox { return t.out }

// All carries out several operations at once and waits for the last of them.
// The results are in the order of ops.
func (t *Task) All(ops []Disk) []*DiskDone {
	g := &gather{task: t, left: len(ops), at: make(map[Op]int, len(ops)), results: make([]*DiskDone, len(ops))}
	if t.cancelled {
		return cancelled(ops)
	}
	for i, d := range ops {
		d.Tag = g
		g.at[t.out.Disk(d)] = i
	}
	if g.left > 0 && !t.yield(step{park: true}) {
		return cancelled(ops)
	}
	return g.results
}

// cancelled are the results of operations that nobody waits for any more, those
// included that came before.
func cancelled(ops []Disk) []*DiskDone {
	results := make([]*DiskDone, len(ops))
	for i, d := range ops {
		results[i] = &DiskDone{Kind: d.Kind, File: d.File, Err: ErrCancelled}
	}
	return results
}

// gather resumes its task when the last of several operations is complete.
type gather struct {
	task    *Task
	left    int
	at      map[Op]int
	results []*DiskDone
}

// Completed takes one of the operations' results.
func (g *gather) Completed(now Time, done *DiskDone, out *Outbox) {
	if g.task.cancelled {
		return
	}
	g.results[g.at[done.Op]] = done
	if g.left--; g.left == 0 {
		g.task.resume(now, out)
	}
}
