package host

import (
	"errors"
	"fmt"
	"os"
	"time"

	"odradek/node/env"
	"odradek/node/wire"
)

// read is the reader's goroutine. The requests that came before the end of the
// stream are all delivered, and what the machine answers to them at once is sent.
func (c *conn) read() {
	err := c.readFrames()
	var bad *wire.FrameError
	switch {
	case errors.As(err, &bad):
		c.log(env.Warn, fmt.Sprintf("closed: %v", err))
	case err == errIdle:
		c.log(env.Info, "closed: idle")
	}
	c.box.put(hungUp{conn: c})
	c.discard()
	c.halfEnded()
}

// errIdle ends a connection that nobody uses.
var errIdle = errors.New("idle")

func (c *conn) readFrames() error {
	c.expectBytes(c.host.cfg.IdleTimeout)
	split := c.splitter()
	for {
		frame, whole, err := split.Frame()
		if err != nil {
			return err
		}
		if whole {
			if !c.gate.enter(len(frame)) {
				return nil
			}
			c.box.put(env.Request{Conn: c.id, Frame: frame})
			continue
		}
		if !c.gate.opens() {
			return nil
		}
		n, err := c.readSome(split.Space())
		split.Advance(n)
		if err != nil && n == 0 {
			return err
		}
	}
}

// splitter is for what the other side sends: requests, or answers to ours.
func (c *conn) splitter() *wire.Splitter {
	if c.id.Dialed() {
		return wire.NewResponseSplitter()
	}
	if !c.counted { // another node's controller: the quorum's frames
		return wire.NewSplitter(wire.ControllerCaps)
	}
	s := wire.NewSplitter(c.host.cfg.Caps)
	s.Reuse(c.host.frames.take)
	return s
}

// readSome reads, and gives up only when no byte has moved either way for as
// long as a connection may be idle.
func (c *conn) readSome(space []byte) (int, error) {
	for {
		n, err := c.link.Read(space)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			c.touch()
			return n, err
		}
		quiet := c.host.now().Mono - time.Duration(c.active.Load())
		rest := c.host.cfg.IdleTimeout - quiet
		if rest <= 0 {
			return 0, errIdle
		}
		if !c.expectBytes(rest) {
			return 0, err
		}
	}
}

// expectBytes sets the next deadline of the reader, unless it has to end.
func (c *conn) expectBytes(within time.Duration) bool {
	return c.gate.unlessShut(func() { _ = c.link.SetReadDeadline(time.Now().Add(within)) })
}

// discard reads what nobody wants until the client has closed its side, or
// for a while after our side was closed.
func (c *conn) discard() {
	var scratch [512]byte
	for again := true; again; {
		again = !c.out.hasEnded()
		_ = c.link.SetReadDeadline(time.Now().Add(linger))
		var err error
		for err == nil {
			_, err = c.link.Read(scratch[:])
		}
		again = again && errors.Is(err, os.ErrDeadlineExceeded)
	}
}
