package sim

import (
	"fmt"
	"time"

	"odradek/node/env"
	"odradek/node/wire"
)

// The listeners of every node, at ports of their own.
const (
	Plaintext  = "PLAINTEXT"  // port 9092: clients, and followers of partitions
	Controller = "CONTROLLER" // port 9093: controllers, from the start of a process
)

// address is where a node is reached.
type address struct {
	n        *Node
	listener string
}

// Addr is where other nodes dial this one: "node0:9092" for the first node's
// Plaintext listener.
func (n *Node) Addr(listener string) string {
	port := 9092
	if listener == Controller {
		port = 9093
	}
	return fmt.Sprintf("node%d:%d", n.index, port)
}

// accept gives a connection to the next shard in turn, or to machine 0 if it is
// the only one or a controller called.
func (p *process) accept(listener, caller string) *end {
	p.last++
	caps := wire.DefaultCaps
	if listener == Controller {
		caps = wire.ControllerCaps
	}
	e := &end{p: p, id: p.last, box: p.boxes[0], in: wire.NewSplitter(caps)}
	p.conns[e.id] = e
	if shards := len(p.boxes) - 1; shards > 0 && listener != Controller {
		e.box = p.boxes[1+p.turn%shards]
		p.turn++
	}
	e.box.post(env.ConnOpened{Conn: e.id, Listener: listener, Local: p.n.Addr(listener), Peer: caller})
	return e
}

// lets tells whether a process takes connections at a listener.
func (p *process) lets(listener string) bool {
	return p != nil && (p.ready || listener == Controller)
}

// call is a dial under way. A computer that does not answer is asked again after
// 1, 2 and 4 s, as systems do.
type call struct {
	e      *end
	number int
	to     address
	until  time.Duration
}

// dial is the effect.
func (p *process) dial(b *mailbox, d env.Dial) {
	w := p.n.w
	if !d.Conn.Dialed() || p.conns[d.Conn] != nil {
		w.fail("machine %d dials connection %d, which is not a new one", b.index, d.Conn)
		return
	}
	e := &end{p: p, id: d.Conn, box: b, in: wire.NewResponseSplitter(), peer: true, dialing: true}
	p.conns[e.id] = e
	c := &call{e: e, number: w.dialing(), to: w.addrs[d.Addr], until: w.now + dialTimeout}
	wait := w.hop()
	if c.to.n != nil {
		wait += w.net.delays[link{p.n.index, c.to.n.index}]
	}
	w.After(wait, func() { c.knock(time.Second) })
}

func (c *call) knock(again time.Duration) {
	w, n := c.e.p.n.w, c.to.n
	switch {
	case c.e.deaf():
	case n == nil:
		c.e.lost()
	case n.dark || w.net.apart(c.e.p.n.index, n.index):
		if w.now+again >= c.until {
			w.After(c.until-w.now, c.e.lost)
			return
		}
		w.After(again, func() { c.knock(2 * again) })
	case !n.process.lets(c.to.listener):
		w.After(w.hop(), c.e.lost)
	default:
		c.answered()
	}
}

// answered joins the two ends. Nothing that comes back is earlier than Dialed.
func (c *call) answered() {
	near, n := c.e, c.to.n
	w, from := n.w, near.p.n
	far := n.process.accept(c.to.listener, fmt.Sprintf("node%d:%d", from.index, c.number))
	far.peer = true
	near.line, near.back = w.join(near, from.index, far, n.index)
	far.line, far.back = near.back, near.line
	wait := w.hop() + w.net.delays[far.line.link]
	far.line.arrives = w.now + wait
	w.After(wait, near.stands)
	w.armResets(c.number, far)
}

// stands tells the machine that its peer was reached.
func (e *end) stands() {
	if !e.deaf() {
		e.dialing = false
		e.box.post(env.Dialed{Conn: e.id})
	}
}
