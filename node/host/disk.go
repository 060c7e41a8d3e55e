package host

import (
	"sync"
	"time"

	"odradek/node/env"
)

// disk carries out the disk operations of one machine. Each open file has a
// lane, a queue from which one worker at a time takes; an operation on a path
// has a lane of its own.
//
//	submit --> lane: [write][write][sync] <-- a worker takes the head (consecutive
//	           lane: [read]                   writes at once), puts DiskDone into the
//	           lane: [rename, After 7] ..     mailbox, then looks at the next head
//	                      `-- rests until operation 7 has completed
//
// Workers are started when a lane is ready and end when none is.
type disk struct {
	layer Layer
	box   *mailbox
	most  int // workers

	mu      sync.Mutex
	lanes   map[env.FileID]*lane
	pending map[env.Op]*job // submitted and not complete
	failed  failures
	ready   fifo
	workers int
	stopped bool
	idle    chan struct{} // closed when stopped and no worker is left
}

func newDisk(layer Layer, box *mailbox, workers int) *disk {
	return &disk{
		layer: layer, box: box, most: workers,
		lanes: map[env.FileID]*lane{}, pending: map[env.Op]*job{}, idle: make(chan struct{}),
	}
}

// submit queues one operation; its completion comes as an event.
func (d *disk) submit(op *env.Disk) {
	if op.Kind == env.Nop && op.After == 0 {
		done := completion(op)
		d.box.put(&done)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	j := &job{op: op, done: completion(op)}
	d.pending[op.Op] = j
	l := d.laneOf(op)
	l.push(j)
	if !l.busy {
		d.advance(l)
	}
}

func (d *disk) laneOf(op *env.Disk) *lane {
	if onPath(op.Kind) {
		return &lane{path: op.Path}
	}
	l := d.lanes[op.File]
	if l == nil {
		l = &lane{id: op.File}
		d.lanes[op.File] = l
	}
	return l
}

// onPath tells operations on names from those on one file, which have an order.
func onPath(k env.DiskKind) bool {
	switch k {
	case env.Nop, env.SyncDir, env.Mkdir, env.Rename, env.Remove, env.List:
		return true
	}
	return false
}

// advance looks at a lane's head: it may be run, or rests until another
// operation has completed.
func (d *disk) advance(l *lane) {
	l.busy = l.head != nil && !d.stopped
	if !l.busy {
		d.forget(l)
		return
	}
	if blocker := d.pending[l.head.op.After]; blocker != nil {
		blocker.resting = append(blocker.resting, l)
		return
	}
	d.ready.push(l)
	if d.workers < d.most {
		d.workers++
		go d.work()
	}
}

// forget drops the lane of a file that is not open; a later operation on it
// gets a new one, and ErrNoFile.
func (d *disk) forget(l *lane) {
	if l.file == nil && d.lanes[l.id] == l {
		delete(d.lanes, l.id)
	}
}

// work runs lanes until none is ready. Completions enter the mailbox before
// anything that they hold back may start, so that their order holds.
func (d *disk) work() {
	var r run
	d.mu.Lock()
	for l := d.ready.pop(); l != nil && !d.stopped; l = d.ready.pop() {
		r.take(l, d)
		d.mu.Unlock()
		r.perform(d)
		d.box.put(r.events...)
		d.mu.Lock()
		d.settle(&r)
		d.advance(l)
	}
	d.workers--
	if d.stopped && d.workers == 0 {
		close(d.idle)
	}
	d.mu.Unlock()
}

// settle lets those go on that waited for what was run.
func (d *disk) settle(r *run) {
	for i, j := range r.jobs {
		delete(d.pending, j.op.Op)
		if r.dones[i].Err != nil {
			d.failed.add(j.op.Op)
		}
		for _, l := range j.resting {
			d.advance(l)
		}
	}
}

// pin keeps a file's inode until unpin; nil if it is not open.
func (d *disk) pin(id env.FileID) *pinned {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.lanes[id]
	if l == nil || l.file == nil {
		return nil
	}
	l.file.refs.Add(1)
	return l.file
}

// stop drops what is queued, waits for the calls under way and closes every
// file. false: a call did not return in time.
func (d *disk) stop(patience time.Duration) bool {
	d.mu.Lock()
	d.stopped = true
	if d.workers == 0 {
		close(d.idle)
	}
	d.mu.Unlock()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-d.idle:
	case <-late.C:
		return false
	}
	for _, l := range d.lanes {
		if l.file != nil {
			_ = l.file.unpin() // nothing unsynced was promised
		}
	}
	return true
}
