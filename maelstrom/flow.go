package maelstrom

import (
	"bytes"
	"time"
)

// What a stream does between its calls: it sends while the other end has room,
// puts what comes into order, and notices when nothing comes. All of it is under
// the stream's lock.

// pump sends what may be sent.
func (s *stream) pump() {
	for len(s.unsent) > 0 && s.size-s.theirs < windowMost {
		n := min(len(s.unsent), segmentMost)
		s.emit(&segment{Data: bytes.Clone(s.unsent[:n])})
		s.unsent = s.unsent[n:]
		s.size += uint64(n)
	}
	if len(s.unsent) == 0 {
		s.unsent = nil
	}
	if s.ended && !s.endSent && len(s.unsent) == 0 {
		s.endSent = true
		s.emit(&segment{End: true})
	}
}

// emit sends a segment, with all that has come the other way so far.
func (s *stream) emit(g *segment) {
	if g.Open != "" || len(g.Data) > 0 || g.End {
		if s.sent == s.acked {
			s.waits = time.Now()
		}
		s.sent++
		g.Seq = s.sent
	}
	g.ID, g.Dialer, g.Ack, g.Taken = s.key.id, s.key.dialed, s.arrived, s.taken
	s.owes, s.told = false, s.taken
	s.net.send(s.key.peer, g)
}

// receive takes what the other end has sent.
func (s *stream) receive(g *segment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return
	}
	if g.Reset {
		s.fail(errReset)
		return
	}
	if g.Ack > s.acked && g.Ack <= s.sent {
		s.acked, s.waits = g.Ack, time.Now()
	}
	s.theirs = max(s.theirs, min(g.Taken, s.size))
	if g.Seq > s.arrived {
		s.order(g)
	}
	if s.failed == nil {
		s.pump()
		s.rest()
	}
	s.changed.Broadcast()
}

// order takes a segment in its turn.
func (s *stream) order(g *segment) {
	if g.Seq > s.arrived+windowMost {
		s.sever(errMuch)
		return
	}
	if len(s.early) == 0 {
		s.gap = time.Now()
	}
	s.early[g.Seq] = g
	for next := s.early[s.arrived+1]; next != nil && s.failed == nil; next = s.early[s.arrived+1] {
		delete(s.early, next.Seq)
		s.arrived, s.gap = next.Seq, time.Now()
		s.accept(next)
	}
}

func (s *stream) accept(g *segment) {
	s.owes = true
	switch {
	case g.End:
		s.eof = true
		s.emit(&segment{}) // the other end waits for nothing else
	case s.eof || len(s.inbox)+len(g.Data) > 2*windowMost:
		s.sever(errMuch)
	case !s.closed.IsZero():
		s.sever(errReset)
	default:
		s.inbox = append(s.inbox, g.Data...)
	}
}

// tick is called now and then.
func (s *stream) tick(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	patience := s.net.patience
	switch {
	case s.failed != nil:
	case s.sent > s.acked && now.Sub(s.waits) > patience:
		s.sever(errSilent)
	case len(s.early) > 0 && now.Sub(s.gap) > patience:
		s.sever(errGap)
	case !s.closed.IsZero() && now.Sub(s.closed) > patience && s.sent == s.acked:
		s.sever(errReset)
	case s.owes:
		s.emit(&segment{})
	}
}

// rest forgets a connection that both ends have closed.
func (s *stream) rest() {
	if !s.closed.IsZero() && s.eof && s.endSent && s.sent == s.acked {
		s.fail(errReset)
	}
}

// sever ends the stream, and tells the other end.
func (s *stream) sever(why error) {
	s.net.refuse(s.key)
	s.fail(why)
}

func (s *stream) fail(why error) {
	if s.failed == nil {
		s.failed = why
		s.unsent, s.early = nil, nil
		s.net.forget(s.key)
	}
	s.changed.Broadcast()
}
