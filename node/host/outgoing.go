package host

import (
	"sync"

	"odradek/node/env"
)

// outgoing is one reply on its way, with the files of its ranges.
type outgoing struct {
	parts []env.Part
	size  int
	pins  []*pinned // one per range, in order
}

func (o *outgoing) unpin() {
	for _, f := range o.pins {
		_ = f.unpin() // the closing of a file that was only read
	}
	o.pins = nil
}

// outgoings are the replies of one connection that its writer has not taken.
//
//	running: a writer is at work, and will look again before it ends
//	ending:  nothing is taken on any more; the writer ends this half after the queue
//	ended:   it did, or failed
type outgoings struct {
	mu                     sync.Mutex
	queue, taken           []outgoing
	running, ending, ended bool
}

// add queues a reply. start: the caller has to start a writer. taken is false
// after the end.
func (q *outgoings) add(o outgoing) (start, taken bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ending || q.ended {
		return false, false
	}
	q.queue = append(q.queue, o)
	start = !q.running
	q.running = true
	return start, true
}

// take gives the writer all that is queued, valid until it takes again. Nothing
// taken means that the writer ends, and if last, the connection's half with it.
func (q *outgoings) take() (all []outgoing, last bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.queue) == 0 {
		q.running = false
		last = q.ending && !q.ended
		q.ended = q.ended || q.ending
		return nil, last
	}
	clear(q.taken)
	q.taken, q.queue = q.queue, q.taken[:0]
	return q.taken, false
}

// finish lets what is queued be the last. first is false if it was already so;
// start: the caller has to start a writer.
func (q *outgoings) finish() (first, start bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ending || q.ended {
		return false, false
	}
	q.ending = true
	start = !q.running
	q.running = true
	return true, start
}

// drop ends everything and gives back what was queued.
func (q *outgoings) drop() []outgoing {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.queue
	q.queue, q.ended = nil, true
	return all
}

func (q *outgoings) hasEnded() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.ended
}
