package harness

import (
	"container/heap"
	"io"
	"sync"
	"time"
)

// inbox are the messages on their way to one node, ordered by when they are due.
type inbox struct {
	mu      sync.Mutex
	letters letters
	last    uint64
	changed chan struct{} // has a place for one
}

type letter struct {
	from string
	line []byte
	due  time.Time
	seq  uint64
}

func newInbox() *inbox { return &inbox{changed: make(chan struct{}, 1)} }

func (b *inbox) put(l letter) {
	b.mu.Lock()
	b.last++
	l.seq = b.last
	heap.Push(&b.letters, l)
	b.mu.Unlock()
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

// next is what is due, or how long it takes until something may be.
func (b *inbox) next() (letter, time.Duration, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.letters) == 0 {
		return letter{}, time.Hour, false
	}
	if wait := time.Until(b.letters[0].due); wait > 0 {
		return letter{}, wait, false
	}
	return heap.Pop(&b.letters).(letter), 0, true
}

// deliver writes what is due, if it is to be heard, until stop is closed or the node
// reads no more.
func (b *inbox) deliver(w io.Writer, hears func(from string) bool, stop <-chan struct{}) {
	for {
		l, wait, due := b.next()
		if due {
			if hears(l.from) {
				if _, err := w.Write(append(l.line, '\n')); err != nil {
					return
				}
			}
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-b.changed:
		case <-t.C:
		case <-stop:
			t.Stop()
			return
		}
		t.Stop()
	}
}

type letters []letter

func (l letters) Len() int { return len(l) }
func (l letters) Less(i, j int) bool {
	if !l[i].due.Equal(l[j].due) {
		return l[i].due.Before(l[j].due)
	}
	return l[i].seq < l[j].seq
}
func (l letters) Swap(i, j int) { l[i], l[j] = l[j], l[i] }
func (l *letters) Push(x any)   { *l = append(*l, x.(letter)) }
func (l *letters) Pop() any {
	last := len(*l) - 1
	x := (*l)[last]
	*l = (*l)[:last]
	return x
}
