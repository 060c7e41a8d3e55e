package sim

import (
	"container/heap"
	"time"
)

// queue orders what is to happen by (time, sequence).
type queue struct {
	items itemHeap
	seq   uint64
}

type item struct {
	at  time.Duration
	seq uint64
	do  func()
}

func (q *queue) push(at time.Duration, do func()) {
	q.seq++
	heap.Push(&q.items, item{at, q.seq, do})
}

// pop takes the first item that is due until a time. What is due later keeps
// its place: pieces of one stream often have the same time.
func (q *queue) pop(until time.Duration) (item, bool) {
	if len(q.items) == 0 || q.items[0].at > until {
		return item{}, false
	}
	return heap.Pop(&q.items).(item), true
}

type itemHeap []item

func (h itemHeap) Len() int { return len(h) }
func (h itemHeap) Less(i, j int) bool {
	if h[i].at != h[j].at {
		return h[i].at < h[j].at
	}
	return h[i].seq < h[j].seq
}
func (h itemHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *itemHeap) Push(x any)   { *h = append(*h, x.(item)) }
func (h *itemHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	(*h)[last] = item{}
	*h = (*h)[:last]
	return x
}
