package host

import (
	"context"
	"time"

	"odradek/node/env"
)

// batchMost is the number of events after which Drained comes even though more
// wait: effects are carried out, and syncs emitted, only then.
const batchMost = 128

// runner is the one goroutine that steps a machine.
type runner struct {
	host    *host
	index   int
	machine env.Machine
	box     *mailbox
	out     *env.Outbox
	disk    *disk
	conns   map[env.ConnID]*conn
	dialing map[env.ConnID]context.CancelFunc // gives up
	alarm   alarm
}

func newRunner(h *host, index int, m env.Machine) *runner {
	box := newMailbox()
	box.put(env.Started{})
	return &runner{
		host: h, index: index, machine: m, box: box,
		out:     env.NewOutbox(index),
		disk:    newDisk(h.cfg.Layer, box, h.cfg.DiskWorkers),
		conns:   map[env.ConnID]*conn{},
		dialing: map[env.ConnID]context.CancelFunc{},
		alarm:   alarm{box: box},
	}
}

// Events of the host's own. Their place in the mailbox is what matters.
type (
	// opened brings the connection along.
	opened struct {
		env.ConnOpened
		conn *conn
	}
	// reached brings along the connection that was dialed.
	reached struct {
		env.Dialed
		conn *conn
	}
	// hungUp follows the last request of a connection that is read no more.
	hungUp struct {
		env.ConnClosed
		conn *conn
	}
)

// run steps the machine until its mailbox is closed.
func (r *runner) run() {
	defer r.machine.Discard()
	defer r.alarm.stop()
	var events []env.Event
	for open := true; ; {
		if events, open = r.box.take(events); !open {
			return
		}
		for rest := events; len(rest) > 0; {
			n := min(batchMost, len(rest))
			r.batch(rest[:n])
			rest = rest[n:]
		}
	}
}

func (r *runner) batch(events []env.Event) {
	var ended []*conn
	for _, ev := range events {
		if h, ok := ev.(hungUp); ok {
			ended = append(ended, h.conn)
			continue
		}
		r.deliver(ev)
	}
	r.step(env.Drained{})
	effects := r.out.Take()
	for i, e := range effects {
		r.carryOut(e)
		effects[i] = nil
	}
	r.alarm.arm(r.host.now().Mono)
	for _, c := range ended {
		c.finish("")
	}
}

func (r *runner) step(ev env.Event) { r.machine.Step(r.host.now(), ev, r.out) }

// deliver steps the machine with one event, and keeps account of connections.
func (r *runner) deliver(ev env.Event) {
	switch ev := ev.(type) {
	case opened:
		r.conns[ev.Conn] = ev.conn
		r.step(ev.ConnOpened)
		return
	case reached:
		r.stands(ev)
		return
	case env.Request:
		r.conns[ev.Conn].gate.taken(len(ev.Frame))
	case env.ConnClosed:
		delete(r.conns, ev.Conn)
		delete(r.dialing, ev.Conn)
	case env.Wake:
		r.alarm.armed = false
	}
	r.step(ev)
}

// alarm is the one pending wake-up of a machine.
type alarm struct {
	box    *mailbox
	timer  *time.Timer
	wanted time.Duration // the machine's last WakeAt
	moved  bool          // and the timer does not know it yet
	armed  bool          // no Wake came since the timer was set
}

func (a *alarm) set(at time.Duration) {
	a.moved = a.moved || at != a.wanted || !a.armed
	a.wanted = at
}

func (a *alarm) arm(now time.Duration) {
	if !a.moved {
		return
	}
	a.moved, a.armed = false, true
	wait := max(a.wanted-now, 0)
	if a.timer == nil {
		a.timer = time.AfterFunc(wait, func() { a.box.put(env.Wake{}) })
		return
	}
	a.timer.Reset(wait)
}

func (a *alarm) stop() {
	if a.timer != nil {
		a.timer.Stop()
	}
}
