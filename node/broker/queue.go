package broker

// queue is first in, first out, and keeps its memory.
//
//	| done ... | head ... waiting ... |
type queue[T any] struct {
	list []T
	head int
}

func (q *queue[T]) len() int { return len(q.list) - q.head }

// waiting are the elements, the first one first.
func (q *queue[T]) waiting() []T { return q.list[q.head:] }

func (q *queue[T]) push(x T) { q.list = append(q.list, x) }

// pop takes the first element; there has to be one.
func (q *queue[T]) pop() T {
	var none T
	x := q.list[q.head]
	q.list[q.head] = none
	if q.head++; 2*q.head >= len(q.list) {
		n := copy(q.list, q.list[q.head:])
		clear(q.list[n:])
		q.list, q.head = q.list[:n], 0
	}
	return x
}
