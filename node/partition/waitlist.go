package partition

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Acknowledgements that a producer may ask for.
const (
	AcksAll  = int16(-1)
	AcksNone = int16(0)
)

// Waiter is told once how its wait ended: nil, or a *kerr.Error.
type Waiter interface{ Done(err error) }

// Await makes w wait until the batch that ends at last is safe enough for acks.
// It may be told at once.
func (p *Partition) Await(last int64, acks int16, w Waiter) {
	list, reached, how := &p.local, p.log.Acked(), error(nil)
	if acks == AcksAll {
		list, reached, how = &p.commit, p.hw, p.shortage()
	}
	if last < reached {
		w.Done(how)
		return
	}
	list.add(last, w)
}

// AwaitStart makes w wait until the log of every replica that may come to lead
// begins at or after an offset: those in ISR and ELR, and those that are active
// (KIP-107). It may be told at once.
func (p *Partition) AwaitStart(before int64, w Waiter) {
	if !p.Leads() {
		w.Done(kerr.NotLeaderForPartition)
		return
	}
	p.begins.add(before-1, w)
	p.begins.reach(p.LowWatermark(), nil)
}

// LowWatermark is the least offset at which the log of a replica that may lead
// begins (KIP-107); -1: that of one is not known.
func (p *Partition) LowWatermark() int64 {
	low := p.log.Start()
	for _, f := range p.leading.followers {
		_, active := p.state.broker(f.id)
		if active || slices.Contains(p.state.ISR, f.id) || slices.Contains(p.state.ELR, f.id) {
			low = min(low, f.start)
		}
	}
	return low
}

// waitlist holds waiters by the last offset that they need, ascending. Appends
// come in order, so that adding is nearly always at the end.
type waitlist struct {
	list []waiting
	head int // those before are done
}

type waiting struct {
	last int64
	w    Waiter
}

func (l *waitlist) add(last int64, w Waiter) {
	i := len(l.list)
	for i > l.head && l.list[i-1].last > last {
		i--
	}
	l.list = slices.Insert(l.list, i, waiting{last, w})
}

// reach tells those whose last offset lies below end how it went.
func (l *waitlist) reach(end int64, how error) {
	for l.head < len(l.list) && l.list[l.head].last < end {
		w := l.list[l.head].w
		l.list[l.head] = waiting{}
		l.head++
		w.Done(how)
	}
	if l.head > len(l.list)/2 { // so that it does not grow while there is always someone waiting
		n := copy(l.list, l.list[l.head:])
		clear(l.list[n:])
		l.list, l.head = l.list[:n], 0
	}
}

func (l *waitlist) fail(err error) {
	due := l.list[l.head:]
	l.list, l.head = nil, 0
	for _, x := range due {
		x.w.Done(err)
	}
}
