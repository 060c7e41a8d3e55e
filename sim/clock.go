package sim

import (
	"time"

	"odradek/node/env"
)

// ticking is how a process's monotonic clock follows the world's: since then, in
// the drift of its node.
type ticking struct {
	since time.Duration // of the world
	at    time.Duration // what the clock showed then
}

// clock is what a machine of the process sees of the time.
func (p *process) clock() env.Time {
	return env.Time{Mono: p.mono(), Wall: wallStart + (p.n.w.now + p.n.skew).Milliseconds()}
}

func (p *process) mono() time.Duration {
	d := p.n.w.now - p.ticking.since
	return p.ticking.at + d + scale(d, p.n.rate(), time.Second)
}

// rate is the node's drift: its clock never stands still.
func (n *Node) rate() time.Duration { return max(n.drift, -999*time.Millisecond) }

// scale is d * by / of, below any overflow.
func scale(d, by, of time.Duration) time.Duration { return d/of*by + d%of*by/of }

// setDrift lets the node's monotonic clock go faster or slower from now on.
func (n *Node) setDrift(drift time.Duration) {
	p := n.process
	if p == nil || drift == n.drift {
		n.drift = drift
		return
	}
	p.ticking = ticking{since: n.w.now, at: p.mono()}
	n.drift = drift
	for _, b := range p.boxes {
		if b.armed {
			b.wake(b.alarm)
		}
	}
}

// wake is the effect WakeAt.
func (b *mailbox) wake(at time.Duration) {
	b.waking++
	b.alarm, b.armed = at, true
	mine, wait := b.waking, at-b.p.mono()
	if rate := b.p.n.rate(); rate != 0 && wait > 0 {
		wait = scale(wait, time.Second, time.Second+rate) + 1
	}
	b.p.n.w.After(wait, func() {
		if b.waking == mine {
			b.armed = false
			b.post(env.Wake{})
		}
	})
}
