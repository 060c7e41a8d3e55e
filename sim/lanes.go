package sim

import (
	"time"

	"odradek/node/env"
)

// lanes carry out the disk operations of one process: those on one file in the
// order in which they came, the others in any; each takes its time.
//
//	add -> [After done?] -> [head of its file's queue?] -> [room?] -> under way -> done, as an event
type lanes struct {
	p       *process
	width   int // operations under way at one time
	ready   []*diskOp
	files   map[fileKey][]*diskOp
	waiting map[env.Op][]*diskOp // for the operation with this number
	live    map[env.Op]bool      // not complete
	failed  map[env.Op]bool
	running []*diskOp // under way, in order of their start
}

type fileKey struct {
	machine int
	file    env.FileID
}

type diskOp struct {
	box   *mailbox
	op    *env.Disk
	sum   uint32 // of the bytes to write, which nobody may change
	began bool
}

func newLanes(p *process) *lanes {
	width := []int{1, 2, 4, 16, 64}[p.n.w.Rand.IntN(5)]
	return &lanes{p: p, width: width, files: map[fileKey][]*diskOp{}, waiting: map[env.Op][]*diskOp{}, live: map[env.Op]bool{}, failed: map[env.Op]bool{}}
}

// onFile tells whether an operation belongs to a file's queue.
func onFile(k env.DiskKind) bool {
	switch k {
	case env.Open, env.Close, env.Read, env.Write, env.Sync, env.Truncate, env.Reset:
		return true
	}
	return false
}

func (d *diskOp) key() fileKey { return fileKey{d.box.index, d.op.File} }

func (l *lanes) add(b *mailbox, op *env.Disk) {
	d := &diskOp{box: b, op: op, sum: sum(op.Data)}
	l.live[op.Op] = true
	if onFile(op.Kind) {
		l.files[d.key()] = append(l.files[d.key()], d)
	}
	if op.After != 0 && l.live[op.After] {
		l.waiting[op.After] = append(l.waiting[op.After], d)
		return
	}
	l.begin(d)
}

// begin starts an operation whose turn has come.
func (l *lanes) begin(d *diskOp) {
	if d.began || d.op.After != 0 && l.live[d.op.After] {
		return
	}
	if onFile(d.op.Kind) && l.files[d.key()][0] != d {
		return
	}
	d.began = true
	l.ready = append(l.ready, d)
	l.fill()
}

// fill takes what is ready under way, as far as there is room.
func (l *lanes) fill() {
	for l.p.frozen == 0 && len(l.ready) > 0 && len(l.running) < l.width {
		d := l.ready[0]
		l.ready = l.ready[1:]
		l.running = append(l.running, d)
		l.p.n.w.After(l.takes(d.op), func() { l.finish(d) })
	}
}

// takes draws how long an operation takes: mostly little, sometimes much.
func (l *lanes) takes(op *env.Disk) time.Duration {
	w, slow := l.p.n.w, l.p.n.slow
	switch op.Kind {
	case env.Nop:
		return w.between(0, 2*time.Microsecond)
	case env.Sync, env.SyncDir:
		if w.Rand.IntN(50) == 0 {
			return slow + w.between(time.Millisecond, 30*time.Millisecond)
		}
		return slow + w.between(50*time.Microsecond, 800*time.Microsecond)
	}
	return slow + w.between(2*time.Microsecond, 60*time.Microsecond)
}

func (l *lanes) finish(d *diskOp) {
	if l.p.dead {
		return
	}
	n := l.p.n
	for i, r := range l.running {
		if r == d {
			l.running = append(l.running[:i], l.running[i+1:]...)
			break
		}
	}
	n.ops++
	due := n.atOp[n.ops]
	delete(n.atOp, n.ops)
	for _, fault := range due {
		if fault(); l.p.dead {
			return
		}
	}
	l.complete(d)
	l.fill()
}

func (l *lanes) complete(d *diskOp) {
	if sum(d.op.Data) != d.sum {
		l.p.n.w.fail("bytes were changed while they were being written: operation %d", d.op.Op)
	}
	var done *env.DiskDone
	if d.op.After != 0 && l.failed[d.op.After] {
		done = l.p.n.disk.Skip(d.op)
	} else {
		done = l.p.n.disk.Do(d.op)
	}
	delete(l.live, d.op.Op)
	if done.Err != nil {
		l.failed[d.op.Op] = true
	}
	d.box.post(done)
	l.next(d)
}

// next lets those begin that waited for this operation.
func (l *lanes) next(d *diskOp) {
	if onFile(d.op.Kind) {
		key := d.key()
		rest := l.files[key][1:]
		if len(rest) == 0 {
			delete(l.files, key)
		} else {
			l.files[key] = rest
			l.begin(rest[0])
		}
	}
	for _, x := range l.waiting[d.op.Op] {
		l.begin(x)
	}
	delete(l.waiting, d.op.Op)
}

// tear leaves of the writes under way what a dying process leaves.
func (l *lanes) tear() {
	for _, d := range l.running {
		if d.op.Kind == env.Write {
			l.p.n.disk.tearWrite(d.op)
		}
	}
}
