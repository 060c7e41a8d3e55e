package env

import (
	"container/heap"
	"time"
)

// Timers are a machine's keyed deadlines. They live inside the machine: the
// world is asked for one wake-up, that of the earliest. Equal times fire in the
// order in which they were set.
type Timers[K comparable] struct {
	heap timerHeap[K]
	live map[K]*timer[K]
	free []*timer[K] // to be used again
	seq  uint64
}

type timer[K comparable] struct {
	key   K
	at    time.Duration
	seq   uint64
	index int
}

// Set arms a key, replacing its earlier deadline.
func (t *Timers[K]) Set(key K, at time.Duration) {
	if t.live == nil {
		t.live = map[K]*timer[K]{}
	}
	t.seq++
	if old := t.live[key]; old != nil {
		old.at, old.seq = at, t.seq
		heap.Fix(&t.heap, old.index)
		return
	}
	n := t.take()
	n.key, n.at, n.seq = key, at, t.seq
	t.live[key] = n
	heap.Push(&t.heap, n)
}

// keptTimers is how many disarmed timers are kept to be armed again.
const keptTimers = 1024

func (t *Timers[K]) take() *timer[K] {
	if len(t.free) == 0 {
		return &timer[K]{}
	}
	last := len(t.free) - 1
	n := t.free[last]
	t.free = t.free[:last]
	return n
}

// give takes back a timer that is in no heap.
func (t *Timers[K]) give(n *timer[K]) {
	if len(t.free) < keptTimers {
		*n = timer[K]{}
		t.free = append(t.free, n)
	}
}

// Cancel disarms a key; an unarmed key is fine.
func (t *Timers[K]) Cancel(key K) {
	if old := t.live[key]; old != nil {
		heap.Remove(&t.heap, old.index)
		delete(t.live, key)
		t.give(old)
	}
}

// Pop disarms and returns the earliest key that is due at now.
func (t *Timers[K]) Pop(now time.Duration) (key K, due bool) {
	if len(t.heap) == 0 || t.heap[0].at > now {
		return key, false
	}
	first := heap.Pop(&t.heap).(*timer[K])
	key = first.key
	delete(t.live, key)
	t.give(first)
	return key, true
}

// Next is the earliest deadline.
func (t *Timers[K]) Next() (at time.Duration, any bool) {
	if len(t.heap) == 0 {
		return 0, false
	}
	return t.heap[0].at, true
}

type timerHeap[K comparable] []*timer[K]

func (h timerHeap[K]) Len() int { return len(h) }
func (h timerHeap[K]) Less(i, j int) bool {
	if h[i].at != h[j].at {
		return h[i].at < h[j].at
	}
	return h[i].seq < h[j].seq
}
func (h timerHeap[K]) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *timerHeap[K]) Push(x any) {
	n := x.(*timer[K])
	n.index = len(*h)
	*h = append(*h, n)
}
func (h *timerHeap[K]) Pop() any {
	last := len(*h) - 1
	n := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return n
}
