package sim

import "time"

// queue orders what is to happen by (time, sequence): a heap, its earliest item first.
// It is not container/heap, which would put every item into an interface.
type queue struct {
	items []item
	seq   uint64
}

type item struct {
	at  time.Duration
	seq uint64
	do  func()
}

func (x *item) before(y *item) bool { return x.at < y.at || x.at == y.at && x.seq < y.seq }

func (q *queue) push(at time.Duration, do func()) {
	q.seq++
	x := item{at, q.seq, do}
	q.items = append(q.items, x)
	i := len(q.items) - 1
	for i > 0 && x.before(&q.items[(i-1)/2]) {
		q.items[i] = q.items[(i-1)/2]
		i = (i - 1) / 2
	}
	q.items[i] = x
}

// pop takes the first item that is due until a time. What is due later keeps
// its place: pieces of one stream often have the same time.
func (q *queue) pop(until time.Duration) (item, bool) {
	if len(q.items) == 0 || q.items[0].at > until {
		return item{}, false
	}
	first, last := q.items[0], len(q.items)-1
	x := q.items[last]
	q.items[last] = item{}
	if q.items = q.items[:last]; last > 0 {
		q.sink(x)
	}
	return first, true
}

// sink puts an item into the place of the first one, and on to where it belongs.
func (q *queue) sink(x item) {
	i := 0
	for child := 1; child < len(q.items); child = 2*i + 1 {
		if next := child + 1; next < len(q.items) && q.items[next].before(&q.items[child]) {
			child = next
		}
		if !q.items[child].before(&x) {
			break
		}
		q.items[i] = q.items[child]
		i = child
	}
	q.items[i] = x
}
