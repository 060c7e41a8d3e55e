package sim

import (
	"fmt"
	"time"

	"odradek/faults"
)

// Conn is one client's connection to a node. Bytes travel in pieces, cut
// anywhere, in order, each with its delay.
type Conn struct {
	w       *World
	number  int   // of all connections dialed
	far     *end  // nil: it did not come about
	line    *line // towards the node
	back    cutter
	closed  bool
	OnFrame func(frame []byte)
	OnClose func()
}

// dialTimeout is how long those who dial try to reach a computer that does not
// answer, node/host's own limit.
const dialTimeout = 10 * time.Second

// Dial connects to a node. The connection may be refused, or not come about in
// time: then OnClose is all that comes of it.
func (w *World) Dial(n *Node, onFrame func([]byte), onClose func()) *Conn {
	c := &Conn{w: w, number: w.dialing(), OnFrame: onFrame, OnClose: onClose}
	if w.net.apart(faults.Clients, n.index) {
		w.After(dialTimeout, c.lost)
		return c
	}
	if !n.Up() {
		w.After(w.between(50*time.Microsecond, time.Millisecond), c.lost)
		return c
	}
	c.far = n.process.accept(Plaintext, fmt.Sprintf("client:%d", c.number))
	c.line, c.far.line = w.join(c, faults.Clients, c.far, n.index)
	c.far.back = c.line
	if w.SlowReaders > 0 && w.Rand.IntN(w.SlowReaders) == 0 {
		c.far.slow = w.between(100*time.Microsecond, 3*time.Millisecond)
	}
	w.armResets(c.number, c.far)
	return c
}

// dialing counts the connections that are dialed.
func (w *World) dialing() (number int) {
	w.conns++
	return w.conns - 1
}

// armResets lets the faults of a connection happen.
func (w *World) armResets(number int, e *end) {
	for _, at := range w.resets[number] {
		w.unhealed(at-w.now, func() {
			w.struck(faults.Fault{Kind: faults.Reset, On: number, At: at})
			e.reset()
		})
	}
}

// Send sends bytes to the node: a frame, as recorders count.
func (c *Conn) Send(b []byte) {
	if c.line != nil {
		c.line.sends()
	}
	for len(b) > 0 && !c.closed && c.far != nil {
		n := len(b)
		if c.w.Rand.IntN(4) == 0 {
			n = 1 + c.w.Rand.IntN(len(b))
		}
		c.line.send(b[:n:n])
		b = b[n:]
	}
}

// receive takes what the node sent.
func (c *Conn) receive(piece []byte) {
	if piece == nil {
		c.lost()
		return
	}
	c.far.line.took(len(piece))
	c.back.feed(piece, func(frame []byte) {
		c.far.line.heard(frame, false, c.line)
		if !c.closed {
			c.OnFrame(frame)
		}
	})
}

// room is nothing to a client: it sends as it likes.
func (c *Conn) room() {}

func (c *Conn) lost() {
	if !c.closed {
		c.closed = true
		c.OnClose()
	}
}

// Close ends the connection from the client's side; OnClose is not called.
func (c *Conn) Close() {
	if c.closed {
		return
	}
	c.closed = true
	if c.far != nil {
		c.w.After(c.w.hop(), func() { c.line.arrive(nil) })
	}
}

// Reset cuts the connection: what is on its way is lost, both ends learn of it.
func (c *Conn) Reset() {
	if c.far != nil {
		c.far.reset()
	}
}
