package host

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
	"time"

	"odradek/node/env"
)

// linger is how long a connection that we end is read on, so that bytes which
// the client sends meanwhile do not make its system throw our last reply away.
const linger = time.Second

// longAgo is a deadline that ends a read under way.
var longAgo = time.Unix(1, 0)

// conn is one client, or another node. It has two halves, each of which ends once; the last to
// end closes the socket and reports ConnClosed.
//
//	reader:  requests ... hungUp, then discards until the client has closed too
//	writer:  replies ... CloseWrite, after finish or a failure
type conn struct {
	id      env.ConnID
	counted bool // against the limits of clients
	link    link
	raw     syscall.RawConn // nil: ranges of files are copied
	box     *mailbox
	host    *host
	gate    gate
	out     outgoings
	active  atomic.Int64 // time of the last byte, either way, in Mono
	halves  atomic.Int32 // that have not ended

	// Of the writer, used again and again:
	bufs     net.Buffers // gathered for one call
	unsent   net.Buffers // what is left of bufs
	copies   [][]byte    // of short ranges, among bufs
	copied   int         // their bytes
	expected time.Time   // when the deadline was set last
	events   []env.Event
}

// errWhole is a mistake of a Network.
var errWhole = errors.New("a connection cannot be closed by halves")

func newConn(h *host, over net.Conn, box *mailbox) (*conn, error) {
	link, ok := over.(link)
	if !ok {
		return nil, errWhole
	}
	raw, err := rawOf(over)
	if err != nil {
		return nil, err
	}
	c := &conn{link: link, raw: raw, box: box, host: h}
	c.gate.changed.L = &c.gate.mu
	c.halves.Store(2)
	c.touch()
	return c, nil
}

func (c *conn) touch() { c.active.Store(int64(c.host.now().Mono)) }

// send queues a reply behind the earlier ones.
func (c *conn) send(o outgoing) {
	start, taken := c.out.add(o)
	if !taken {
		o.unpin()
	}
	if start {
		go c.write()
	}
}

// finish ends the connection after the replies that it was given so far.
func (c *conn) finish(reason string) {
	first, start := c.out.finish()
	if !first {
		return
	}
	if reason != "" {
		c.log(env.Info, "closed: "+reason)
	}
	c.gate.close(func() { _ = c.link.SetReadDeadline(longAgo) })
	if start {
		go c.write()
	}
}

// abort ends the connection now; what is under way is lost.
func (c *conn) abort() {
	for _, o := range c.out.drop() {
		o.unpin()
	}
	c.gate.close(func() {})
	_ = c.link.Close()
}

func (c *conn) halfEnded() {
	if c.halves.Add(-1) > 0 {
		return
	}
	_ = c.link.Close()
	c.host.clients.leave(c)
	c.box.put(env.ConnClosed{Conn: c.id})
}

// ip is the zero address where the network has others than TCP's.
func (c *conn) ip() netip.Addr {
	if tcp, ok := c.link.RemoteAddr().(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

func (c *conn) log(level env.Level, text string) {
	c.host.cfg.Log(level, c.link.RemoteAddr().String()+": "+text)
}
