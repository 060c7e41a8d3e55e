package host

import (
	"sync/atomic"

	"odradek/node/env"
)

// Bounds of consecutive writes gathered into one call.
const (
	gatherWrites = 64
	gatherBytes  = 4 << 20
)

// lane is the queue of one file, or of one operation on a path. It is busy
// while it is ready, run, or at rest; only its worker then touches file.
type lane struct {
	id         env.FileID
	path       string
	file       *pinned // nil: not open; changed under disk.mu
	broken     bool    // until Reset
	busy       bool
	head, tail *job
	next       *lane // in fifo
}

// job is one operation that is not complete.
type job struct {
	op      *env.Disk
	done    env.DiskDone // of which the machine is told
	next    *job
	resting []*lane // whose head waits for this operation
}

func (l *lane) push(j *job) {
	if l.head == nil {
		l.head = j
	} else {
		l.tail.next = j
	}
	l.tail = j
}

func (l *lane) pop() *job {
	j := l.head
	l.head, j.next = j.next, nil
	return j
}

// follows tells whether a write goes on where the last one ends.
func (j *job) follows(last *job) bool {
	return j != nil && j.op.Kind == env.Write && j.op.Off == last.op.Off+int64(len(last.op.Data))
}

// pinned is an open file, kept by its lane and by those who send ranges of it.
type pinned struct {
	File
	refs atomic.Int32
}

// unpin closes the file when nobody is left who needs it.
func (p *pinned) unpin() error {
	if p.refs.Add(-1) > 0 {
		return nil
	}
	return p.Close()
}

// fifo are the lanes that are ready to be run.
type fifo struct{ first, last *lane }

func (q *fifo) push(l *lane) {
	l.next = nil
	if q.first == nil {
		q.first = l
	} else {
		q.last.next = l
	}
	q.last = l
}

func (q *fifo) pop() *lane {
	l := q.first
	if l != nil {
		q.first = l.next
	}
	return l
}
