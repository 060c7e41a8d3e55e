package sim

import (
	"time"

	"odradek/node/env"
)

// mailbox is a machine and the events on their way to it.
type mailbox struct {
	p       *process
	index   int
	machine env.Machine
	out     *env.Outbox
	events  []env.Event
	woken   bool          // draining is scheduled
	stuck   bool          // it was, and the process stands still
	waking  uint64        // the WakeAt in force
	alarm   time.Duration // its time
	armed   bool          // it has not come
}

func (b *mailbox) post(ev env.Event) {
	if b.p.dead {
		return
	}
	b.events = append(b.events, ev)
	if !b.woken {
		b.woken = true
		b.p.n.w.After(b.p.n.w.between(0, 40*time.Microsecond), b.drain)
	}
}

// drain delivers some of the waiting events, and ends the batch.
func (b *mailbox) drain() {
	if b.p.dead {
		return
	}
	if b.stuck = b.p.frozen > 0; b.stuck {
		return
	}
	w := b.p.n.w
	for left := 1 + w.Rand.IntN(32); left > 0 && len(b.events) > 0; left-- {
		ev := b.events[0]
		b.events[0] = nil
		b.events = b.events[1:]
		if !b.deliver(ev) {
			return
		}
	}
	if !b.deliver(env.Drained{}) {
		return
	}
	b.woken = len(b.events) > 0
	if b.woken {
		w.After(w.between(0, 20*time.Microsecond), b.drain)
	}
}

// deliver steps the machine; false if the process or the world ended by it.
func (b *mailbox) deliver(ev env.Event) bool {
	w := b.p.n.w
	w.trace.note(w.now, b.p.n.index, b.index, ev)
	w.steps++
	w.guard(func() { b.machine.Step(b.p.clock(), ev, b.out) })
	if w.crash != nil {
		return false
	}
	for _, e := range b.out.Take() {
		w.trace.note(w.now, b.p.n.index, b.index, e)
		b.p.carryOut(b, e)
		if b.p.dead || w.crash != nil {
			return false
		}
	}
	if w.Watch != nil {
		w.wrong = w.Watch.Stepped(b.p.n, b.machine)
	}
	return w.wrong == nil
}
