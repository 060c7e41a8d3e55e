package sim

import (
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/wire"
)

// errLost says that the connection ended before the answer came.
var errLost = errors.New("the connection was lost")

// errRefused says that there was no connection: nothing was sent.
var errRefused = errors.New("the connection was refused")

// errSlow says that no answer came in time; the client has hung up.
var errSlow = errors.New("no answer in time")

// channel speaks the protocol to one node over one connection at a time.
type channel struct {
	w       *World
	n       *Node
	name    string
	timeout time.Duration
	conn    *Conn
	last    int32
	pending map[int32]*request
	order   []int32 // of requests sent, as they are answered
}

type request struct {
	req  kmsg.Request
	done func(kmsg.Response, error)
}

func newChannel(w *World, n *Node, name string) *channel {
	return &channel{w: w, n: n, name: name, timeout: 10 * time.Second, pending: map[int32]*request{}}
}

// send sends a request; done is called once. noReply is for acks=0.
func (c *channel) send(req kmsg.Request, noReply bool, done func(kmsg.Response, error)) {
	if c.conn == nil {
		var conn *Conn
		conn = c.w.Dial(c.n, func(f []byte) { c.frame(conn, f) }, func() { c.lost(conn, conn.why()) })
		c.conn = conn
	}
	c.last++
	id, conn := c.last, c.conn
	if noReply {
		conn.Send(wire.AppendRequest(nil, id, c.name, req))
		c.w.After(0, func() { done(nil, nil) })
		return
	}
	c.pending[id] = &request{req, done}
	c.order = append(c.order, id)
	conn.Send(wire.AppendRequest(nil, id, c.name, req))
	c.w.After(c.timeout, func() {
		if c.pending[id] != nil && c.conn == conn {
			conn.Close()
			c.lost(conn, errSlow)
		}
	})
}

// why is what the end of a connection means to its client.
func (c *Conn) why() error {
	if c.far == nil {
		return errRefused
	}
	return errLost
}

func (c *channel) frame(conn *Conn, frame []byte) {
	if conn != c.conn || len(c.order) == 0 {
		return
	}
	id := c.order[0]
	c.order = c.order[1:]
	r := c.pending[id]
	delete(c.pending, id)
	resp, got, err := wire.ParseResponse(frame, r.req)
	if err == nil && got != id {
		err = errors.New("an answer came out of order")
	}
	r.done(resp, err)
}

// lost ends the connection for all who wait on it.
func (c *channel) lost(conn *Conn, why error) {
	if conn != c.conn {
		return
	}
	c.conn = nil
	order, pending := c.order, c.pending
	c.order, c.pending = nil, map[int32]*request{}
	for _, id := range order {
		pending[id].done(nil, why)
	}
}

// close hangs up, when nobody waits for anything any more.
func (c *channel) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}
