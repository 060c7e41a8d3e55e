package host

import (
	"odradek/node/env"
)

// carryOut does what a machine asks for. None of it waits.
func (r *runner) carryOut(e env.Effect) {
	switch e := e.(type) {
	case *env.Disk:
		r.disk.submit(e)
	case env.Dial:
		r.dial(e)
	case *env.Reply:
		r.reply(e)
	case env.Pause:
		r.onConn(e.Conn, func(c *conn) { c.gate.pause(true) })
	case env.Resume:
		r.onConn(e.Conn, func(c *conn) { c.gate.pause(false) })
	case env.CloseConn:
		r.giveUp(e.Conn)
		r.onConn(e.Conn, func(c *conn) { c.finish(e.Reason) })
	case env.WakeAt:
		r.alarm.set(e.At)
	case env.Send:
		r.host.runners[e.To].box.put(env.Message{From: r.index, Body: e.Body})
	case env.Log:
		r.host.cfg.Log(e.Level, e.Text)
	case env.Ready:
		r.host.ready()
	case env.Stopped:
		r.host.stopped(e.Err)
	}
}

// onConn leaves connections alone that have ended meanwhile.
func (r *runner) onConn(id env.ConnID, do func(*conn)) {
	if c := r.conns[id]; c != nil {
		do(c)
	}
}

// reply pins the files whose ranges it holds before anything emitted later can
// close them. Without one of them the connection ends at this place.
func (r *runner) reply(e *env.Reply) {
	r.host.frames.give(e.Frame)
	c := r.conns[e.Conn]
	if c == nil {
		return
	}
	o := outgoing{parts: e.Parts}
	for _, p := range e.Parts {
		o.size += p.Size()
		if p.Len <= 0 {
			continue
		}
		f := r.host.pin(p.File)
		if f == nil {
			o.unpin()
			c.finish("a reply holds a range of a file that is not open")
			return
		}
		o.pins = append(o.pins, f)
	}
	c.send(o)
}
