package sim

import (
	"fmt"
	"time"

	"odradek/faults"
	"odradek/node/env"
	"odradek/node/wire"
)

// Conn is one client's connection to a node. Bytes travel in pieces, cut
// anywhere, in order, each with its delay.
type Conn struct {
	w      *World
	p      *process
	box    *mailbox // the machine that owns the server's end
	id     env.ConnID
	number int // of all connections dialed

	in      *wire.Splitter // frames towards the node
	held    [][]byte       // pieces that wait for Resume
	paused  bool
	arrives time.Duration // when the last piece under way arrives

	slow    time.Duration // the client takes its answers slowly
	out     []*outgoing   // replies, the first one leaving
	leaving bool
	closing bool
	back    cutter // frames towards the client
	returns time.Duration

	closed  bool // for the client
	gone    bool // for the node
	OnFrame func(frame []byte)
	OnClose func()
}

// outgoing is a reply on its way; ranges are read as late as they leave.
type outgoing struct {
	parts []env.Part
	sums  []uint32 // of the parts' bytes, which nobody may change
	pins  []*inode // of the parts that are ranges
	part  int
	at    int // in the part
	size  int
}

// Dial connects to a node. The connection may be refused: then OnClose is all
// that comes of it.
func (w *World) Dial(n *Node, onFrame func([]byte), onClose func()) *Conn {
	c := &Conn{w: w, number: w.conns, OnFrame: onFrame, OnClose: onClose,
		in: wire.NewSplitter(wire.DefaultCaps)}
	w.conns++
	if !n.Up() {
		w.After(w.between(50*time.Microsecond, time.Millisecond), c.clientClosed)
		return c
	}
	c.p = n.process
	c.p.last++
	c.id = c.p.last
	c.p.conns[c.id] = c
	c.box = c.p.boxes[0]
	if shards := len(c.p.boxes) - 1; shards > 0 {
		c.box = c.p.boxes[1+c.p.turn%shards]
		c.p.turn++
	}
	c.box.post(env.ConnOpened{Conn: c.id, Listener: "PLAINTEXT", Local: "node:9092", Peer: fmt.Sprintf("client:%d", c.number)})
	if w.SlowReaders > 0 && w.Rand.IntN(w.SlowReaders) == 0 {
		c.slow = w.between(100*time.Microsecond, 3*time.Millisecond)
	}
	for _, at := range w.resets[c.number] {
		w.unhealed(at-w.now, func() {
			w.struck(faults.Fault{Kind: faults.Reset, On: c.number, At: at})
			c.Reset()
		})
	}
	return c
}

// Send sends bytes to the node.
func (c *Conn) Send(b []byte) {
	for len(b) > 0 && !c.closed && c.p != nil {
		n := len(b)
		if c.w.Rand.IntN(4) == 0 {
			n = 1 + c.w.Rand.IntN(len(b))
		}
		piece := b[:n:n]
		b = b[n:]
		c.arrives = max(c.arrives, c.w.now+c.w.between(20*time.Microsecond, 300*time.Microsecond))
		c.w.After(c.arrives-c.w.now, func() { c.arrive(piece) })
	}
}

func (c *Conn) arrive(piece []byte) {
	if c.gone || c.p.dead {
		return
	}
	if c.paused {
		c.held = append(c.held, piece)
		return
	}
	err := c.in.Feed(piece, func(frame []byte) { c.box.post(env.Request{Conn: c.id, Frame: frame}) })
	if err != nil {
		c.Reset()
	}
}

func (p *process) pause(id env.ConnID, pause bool) {
	c := p.conns[id]
	if c == nil {
		return
	}
	c.paused = pause
	if pause {
		return
	}
	held := c.held
	c.held = nil
	for _, piece := range held {
		c.arrive(piece)
	}
}

// reply queues a reply and pins the files that it needs.
func (p *process) reply(r *env.Reply) {
	c := p.conns[r.Conn]
	if c == nil || c.gone || c.closing {
		return
	}
	o := &outgoing{parts: r.Parts, sums: make([]uint32, len(r.Parts)), pins: make([]*inode, len(r.Parts))}
	for i, part := range r.Parts {
		o.size += part.Size()
		if part.Len == 0 {
			o.sums[i] = sum(part.Bytes)
			continue
		}
		h := p.n.disk.files[part.File]
		if h == nil {
			c.Reset()
			return
		}
		o.pins[i] = h.node
	}
	c.out = append(c.out, o)
	c.leave()
}

// leave schedules the next piece of the first reply.
func (c *Conn) leave() {
	if c.leaving || c.gone {
		return
	}
	if len(c.out) == 0 {
		if c.closing {
			c.serverClosed()
		}
		return
	}
	c.leaving = true
	c.w.After(c.takes(), c.sendPiece)
}

// takes draws how long the client lets the next piece wait.
func (c *Conn) takes() time.Duration {
	wait := c.w.between(2*time.Microsecond, 60*time.Microsecond)
	if c.slow == 0 {
		return wait
	}
	if c.w.Rand.IntN(50) == 0 {
		wait += c.w.between(0, 200*time.Millisecond)
	}
	return wait + c.w.between(0, c.slow)
}

func (c *Conn) sendPiece() {
	c.leaving = false
	if c.gone || c.p.dead {
		return
	}
	o := c.out[0]
	piece, whole := o.next(c.w)
	if piece == nil {
		c.Reset() // a file is shorter than was promised
		return
	}
	c.returns = max(c.returns, c.w.now+c.w.between(20*time.Microsecond, 300*time.Microsecond))
	c.w.After(c.returns-c.w.now, func() { c.deliver(piece) })
	if whole {
		c.out = c.out[1:]
		c.box.post(env.Sent{Conn: c.id, Size: o.size})
	}
	c.leave()
}

// next takes an arbitrary number of bytes off the reply.
func (o *outgoing) next(w *World) (piece []byte, whole bool) {
	most := 1 << 16
	if w.Rand.IntN(4) == 0 {
		most = 1 + w.Rand.IntN(2000)
	}
	for o.part < len(o.parts) && len(piece) < most {
		p := o.parts[o.part]
		n := min(p.Size()-o.at, most-len(piece))
		if p.Len > 0 {
			data := o.pins[o.part].read(p.Off+int64(o.at), n)
			if len(data) < n {
				return nil, false
			}
			piece = append(piece, data...)
		} else {
			piece = append(piece, p.Bytes[o.at:o.at+n]...)
		}
		if o.at += n; o.at == p.Size() {
			if p.Len == 0 && sum(p.Bytes) != o.sums[o.part] {
				w.fail("bytes of a reply were changed before they had left")
			}
			o.part, o.at = o.part+1, 0
		}
	}
	return piece, o.part == len(o.parts)
}

func (c *Conn) deliver(piece []byte) {
	c.back.feed(piece, func(frame []byte) {
		if !c.closed {
			c.OnFrame(frame)
		}
	})
}

func (p *process) closeConn(id env.ConnID) {
	if c := p.conns[id]; c != nil && !c.closing {
		c.closing = true
		c.leave()
	}
}

// serverClosed ends the node's end; the client learns of it after what is on
// its way.
func (c *Conn) serverClosed() {
	if c.gone {
		return
	}
	c.gone = true
	delete(c.p.conns, c.id)
	c.box.post(env.ConnClosed{Conn: c.id})
	c.returns = max(c.returns, c.w.now+c.w.between(20*time.Microsecond, 300*time.Microsecond))
	c.w.After(c.returns-c.w.now, c.clientClosed)
}

func (c *Conn) clientClosed() {
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
	if c.p != nil {
		c.w.After(c.w.between(20*time.Microsecond, 300*time.Microsecond), c.serverClosed)
	}
}

// Reset cuts the connection: what is on its way is lost, both ends learn of it.
func (c *Conn) Reset() {
	c.w.After(c.w.between(0, 300*time.Microsecond), c.clientClosed)
	if c.p != nil && !c.p.dead {
		c.serverClosed()
	}
}

// die is Reset when the node's process ends.
func (c *Conn) die() {
	c.gone = true
	c.w.After(c.w.between(20*time.Microsecond, time.Millisecond), c.clientClosed)
}
