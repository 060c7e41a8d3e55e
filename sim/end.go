package sim

import (
	"time"

	"odradek/node/env"
	"odradek/node/wire"
)

// end is a machine's end of a connection, whoever dialed.
type end struct {
	p       *process
	box     *mailbox // the machine that owns it
	id      env.ConnID
	line    *line // towards the other side; nil: it was not reached yet
	back    *line // from there
	peer    bool  // the other side is a machine, too
	dialing bool  // the machine was not told yet that the connection stands

	in     *wire.Splitter // frames towards the machine
	held   [][]byte       // pieces that wait for Resume
	paused bool

	slow    time.Duration // the other side takes its answers slowly
	out     []*outgoing   // replies, the first one leaving
	leaving bool
	closing bool
	gone    bool // for the machine
}

// deaf tells whether nobody is there any more.
func (e *end) deaf() bool { return e.gone || e.p.dead }

// receive takes what has arrived. The end of the other side comes through though
// the machine reads nothing for now, and what it has not read is lost.
func (e *end) receive(piece []byte) {
	switch {
	case e.deaf():
		e.refuse(piece)
	case piece == nil:
		e.close()
	case e.paused:
		e.held = append(e.held, piece)
	default:
		e.back.took(len(piece))
		err := e.in.Feed(piece, func(frame []byte) {
			e.back.heard(frame, !e.id.Dialed(), e.line)
			e.box.post(env.Request{Conn: e.id, Frame: frame})
		})
		if err != nil {
			e.reset()
		}
	}
}

// refuse answers bytes for a connection that has ended, once there is a system to
// do so: its sender repeats them. Clients know of the end already.
func (e *end) refuse(piece []byte) {
	if piece == nil || !e.peer || e.line.far.(*end).deaf() {
		return
	}
	w := e.p.n.w
	if e.p.n.dark {
		w.After(w.between(200*time.Millisecond, 2*time.Second), func() { e.refuse(piece) })
		return
	}
	w.After(w.hop(), e.line.far.lost)
}

// end is a connection of the machine; nil: it has ended. Those of others are none
// of its business.
func (b *mailbox) end(id env.ConnID) *end {
	e := b.p.conns[id]
	if e != nil && e.box != b {
		b.p.n.w.fail("machine %d uses connection %d of machine %d", b.index, id, e.box.index)
		return nil
	}
	return e
}

func (b *mailbox) pause(id env.ConnID, pause bool) {
	e := b.end(id)
	if e == nil {
		return
	}
	e.paused = pause
	if pause {
		return
	}
	held := e.held
	e.held = nil
	for _, piece := range held {
		e.receive(piece)
	}
}

func (b *mailbox) closeConn(id env.ConnID) {
	if e := b.end(id); e != nil && !e.closing {
		e.closing = true
		e.leave()
	}
}

// close ends this end; the other side learns of it after what is on its way.
func (e *end) close() {
	if e.gone {
		return
	}
	e.lost()
	if e.line != nil {
		e.line.send(nil)
	}
}

// lost tells the machine of the end.
func (e *end) lost() {
	if e.deaf() {
		return
	}
	e.gone = true
	delete(e.p.conns, e.id)
	e.box.post(env.ConnClosed{Conn: e.id})
}

// reset cuts the connection: what is on its way is lost, both ends learn of it.
func (e *end) reset() {
	w := e.p.n.w
	w.After(w.between(0, 300*time.Microsecond), e.line.far.lost)
	if !e.p.dead {
		e.close()
	}
}

// die is the end of the node's process. Its system says so to the other side; a
// computer without power says nothing, and a peer has to find that out.
func (e *end) die(dark bool) {
	e.gone = true
	if e.line == nil {
		return
	}
	e.back.unheard()
	w := e.p.n.w
	wait := w.between(20*time.Microsecond, time.Millisecond)
	if dark && e.peer && w.Rand.IntN(2) == 0 {
		wait = w.between(100*time.Millisecond, 30*time.Second)
	}
	w.After(wait, func() { e.line.arrive(nil) })
}
