package broker

import (
	"odradek/node/env"
	"odradek/node/wire"
)

// What one connection may hold before reading from it stops, in bytes and
// requests. A frame larger than the limit is taken when nothing else waits.
const (
	maxWaitingBytes = 4 << 20
	maxUnsentBytes  = 8 << 20
	maxRunning      = 128
)

// conn is a client's connection. Requests start in order, one at a time as in
// Kafka, but runs of Produce overlap:
//
//	waiting: frames not started | calls: started, in order of their replies
type conn struct {
	id       env.ConnID
	listener string
	local    string
	peer     string

	waiting      queue[[]byte]
	waitingBytes int
	calls        queue[*call]
	running      int  // calls not finished
	exclusive    bool // the running call is not a Produce
	unsent       int  // bytes of replies that have not left
	advancing    bool // advance is under way, further up the stack
	paused       bool
	closed       bool
}

func (s *shard) opened(ev env.ConnOpened) {
	s.conns[ev.Conn] = &conn{id: ev.Conn, listener: ev.Listener, local: ev.Local, peer: ev.Peer}
}

func (s *shard) received(ev env.Request) {
	c := s.conns[ev.Conn]
	if c == nil || c.closed {
		return
	}
	c.waiting.push(ev.Frame)
	c.waitingBytes += len(ev.Frame)
	s.advance(c)
}

func (s *shard) sent(ev env.Sent) {
	if c := s.conns[ev.Conn]; c != nil {
		c.unsent -= ev.Size
		s.advance(c)
	}
}

// disconnected forgets a connection; what its calls wait for, they wait for in
// vain.
func (s *shard) disconnected(ev env.ConnClosed) {
	if c := s.conns[ev.Conn]; c != nil {
		c.closed = true
		delete(s.conns, ev.Conn)
		for _, k := range c.calls.waiting() {
			k.abandon()
		}
	}
}

// advance starts what may start and holds back a client that is ahead of us.
func (s *shard) advance(c *conn) {
	if c.advancing {
		return
	}
	c.advancing = true
	for !c.closed && c.waiting.len() > 0 && s.mayStart(c) {
		frame := c.waiting.pop()
		c.waitingBytes -= len(frame)
		s.startCall(c, frame)
	}
	c.advancing = false
	s.holdBack(c)
}

func (s *shard) holdBack(c *conn) {
	if pause := c.waitingBytes > maxWaitingBytes || c.unsent > maxUnsentBytes; pause != c.paused && !c.closed {
		c.paused = pause
		if pause {
			s.out.Emit(env.Pause{Conn: c.id})
		} else {
			s.out.Emit(env.Resume{Conn: c.id})
		}
	}
}

func (s *shard) mayStart(c *conn) bool {
	if c.unsent > maxUnsentBytes {
		return false
	}
	return c.running == 0 || !c.exclusive && c.running < maxRunning && isProduce(c.waiting.waiting()[0])
}

func isProduce(frame []byte) bool {
	return len(frame) >= 2 && int16(frame[0])<<8|int16(frame[1]) == wire.Produce
}

// close ends a connection after the replies already emitted.
func (s *shard) close(c *conn, reason string) {
	if c.closed {
		return
	}
	c.closed = true
	c.waiting, c.waitingBytes = queue[[]byte]{}, 0
	s.out.Emit(env.CloseConn{Conn: c.id, Reason: reason})
}

// flush emits the replies that are next in order.
func (s *shard) flush(c *conn) {
	for c.calls.len() > 0 && c.calls.waiting()[0].finished && !c.closed {
		s.emit(c, c.calls.pop())
	}
}

func (s *shard) emit(c *conn, k *call) {
	if k.ending {
		s.close(c, k.reason)
		return
	}
	reply := k.makeReply()
	if reply == nil {
		return
	}
	for _, p := range reply.Parts {
		c.unsent += p.Size()
	}
	s.out.Emit(reply)
}
