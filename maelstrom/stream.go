package maelstrom

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// Why a stream ended that was not closed at this end. To who uses it, each is
// a connection reset.
var (
	errReset  = fmt.Errorf("the other end has no such connection: %w", syscall.ECONNRESET)
	errSilent = fmt.Errorf("the other end does not acknowledge: %w", syscall.ECONNRESET)
	errGap    = fmt.Errorf("a message is missing: %w", syscall.ECONNRESET)
	errMuch   = fmt.Errorf("the other end sends more than it may: %w", syscall.ECONNRESET)
	errEnded  = fmt.Errorf("the network has ended: %w", syscall.ECONNRESET)
)

// stream is one end of a connection between nodes: a net.Conn which can also be
// closed by halves.
type stream struct {
	net *Network
	key streamKey
	far address // of the other end

	mu      sync.Mutex
	changed sync.Cond
	reading deadline
	writing deadline
	closed  time.Time // zero: not
	failed  error
	outgoing
	incoming
}

// outgoing is the way to the other end.
type outgoing struct {
	unsent       []byte
	sent, acked  uint64    // segments
	waits        time.Time // since when the oldest one not acknowledged does
	size, theirs uint64    // bytes sent, and taken by the application there
	ended        bool      // nothing is written any more
	endSent      bool
}

// incoming is the way from the other end.
type incoming struct {
	arrived     uint64 // all segments up to this one
	early       map[uint64]*segment
	gap         time.Time // since when early ones wait for the same one
	inbox       []byte
	taken, told uint64 // bytes
	owes        bool   // an acknowledgement
	eof         bool
}

func newStream(n *Network, key streamKey, far address) *stream {
	s := &stream{net: n, key: key, far: far}
	s.early = map[uint64]*segment{}
	s.changed.L = &s.mu
	return s
}

// Read reads what has arrived, or waits for it.
func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case !s.closed.IsZero():
			return 0, net.ErrClosed
		case s.reading.passed():
			return 0, os.ErrDeadlineExceeded
		case len(s.inbox) > 0:
			return s.take(p), nil
		case s.eof:
			return 0, io.EOF
		case s.failed != nil:
			return 0, s.failed
		}
		s.changed.Wait()
	}
}

func (s *stream) take(p []byte) int {
	n := copy(p, s.inbox)
	if s.inbox = s.inbox[n:]; len(s.inbox) == 0 {
		s.inbox = nil
	}
	s.taken += uint64(n)
	if s.taken-s.told > windowMost/4 && s.failed == nil {
		s.emit(&segment{})
	}
	return n
}

// Write returns when all is on its way, or at least will be without a further call.
func (s *stream) Write(p []byte) (n int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.failed != nil:
			return n, s.failed
		case s.ended:
			return n, net.ErrClosed
		case s.writing.passed():
			return n, os.ErrDeadlineExceeded
		}
		room := min(unsentMost-len(s.unsent), len(p)-n)
		s.unsent = append(s.unsent, p[n:n+room]...)
		n += room
		s.pump()
		if n == len(p) {
			return n, nil
		}
		if len(s.unsent) == unsentMost {
			s.changed.Wait()
		}
	}
}

// CloseWrite says that nothing follows what was written.
func (s *stream) CloseWrite() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return s.failed
	}
	s.ended = true
	s.pump()
	s.changed.Broadcast()
	return nil
}

// Close lets what was written be sent, and takes nothing any more.
func (s *stream) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed.IsZero() {
		return net.ErrClosed
	}
	s.closed, s.ended, s.inbox = time.Now(), true, nil
	s.reading.stop()
	s.writing.stop()
	if s.failed == nil {
		s.pump()
		s.rest()
	}
	s.changed.Broadcast()
	return nil
}

// LocalAddr is the node, and the port if it was dialed.
func (s *stream) LocalAddr() net.Addr { return address(s.net.self) }

// RemoteAddr is the other node.
func (s *stream) RemoteAddr() net.Addr { return s.far }

// SetDeadline is of both ways.
func (s *stream) SetDeadline(t time.Time) error {
	_ = s.SetReadDeadline(t)
	return s.SetWriteDeadline(t)
}

// SetReadDeadline also ends a Read under way.
func (s *stream) SetReadDeadline(t time.Time) error { return s.due(&s.reading, t) }

// SetWriteDeadline also ends a Write under way.
func (s *stream) SetWriteDeadline(t time.Time) error { return s.due(&s.writing, t) }

func (s *stream) due(d *deadline, t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed.IsZero() {
		return net.ErrClosed
	}
	d.set(t, s.wake)
	s.changed.Broadcast()
	return nil
}

func (s *stream) wake() {
	s.mu.Lock()
	s.changed.Broadcast()
	s.mu.Unlock()
}

// address is a node, or a node and a port.
type address string

// Network is "maelstrom".
func (address) Network() string { return "maelstrom" }

func (a address) String() string { return string(a) }
