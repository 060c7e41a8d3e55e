package host

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"odradek/node/env"
)

// gatherReplies is the number of bytes after which a gathered call is made.
const gatherReplies = 1 << 20

// write is the writer's goroutine. It lives while there is something to send.
func (c *conn) write() {
	for {
		batch, last := c.out.take()
		if last {
			_ = c.link.CloseWrite()
			c.halfEnded()
		}
		if len(batch) == 0 {
			return
		}
		if err := c.transmit(batch); err != nil {
			c.fail(batch, err)
			return
		}
	}
}

// transmit sends replies in order: bytes in memory by as few calls as possible,
// ranges of files by themselves.
func (c *conn) transmit(batch []outgoing) error {
	c.expectTaken()
	begun, bytes := 0, 0
	for i := range batch {
		o := &batch[i]
		if err := c.sendParts(o); err != nil {
			return err
		}
		bytes += o.size
		if bytes < gatherReplies && i < len(batch)-1 && o.pins == nil {
			continue
		}
		if err := c.flush(); err != nil {
			return err
		}
		c.report(batch[begun : i+1])
		begun, bytes = i+1, 0
	}
	return nil
}

// expectTaken gives the client its time to take the next bytes: all of it, or an
// eighth less, so that not every reply costs a timer.
func (c *conn) expectTaken() {
	now, allowed := time.Now(), c.host.cfg.WriteTimeout
	if now.Sub(c.expected) > allowed/8 {
		c.expected = now
		_ = c.link.SetWriteDeadline(now.Add(allowed))
	}
}

func (c *conn) sendParts(o *outgoing) error {
	pins := o.pins
	for _, p := range o.parts {
		if p.Len <= 0 {
			c.bufs = append(c.bufs, p.Bytes)
			continue
		}
		f := pins[0]
		pins = pins[1:]
		if p.Len <= gatheredRange {
			if err := c.gatherRange(f, p); err != nil {
				return err
			}
			continue
		}
		if err := c.flush(); err != nil {
			return err
		}
		if err := c.sendRange(f, p); err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) flush() error {
	if len(c.bufs) == 0 {
		return nil
	}
	c.unsent = c.bufs
	_, err := c.unsent.WriteTo(c.link)
	clear(c.bufs)
	c.bufs = c.bufs[:0]
	for i, buf := range c.copies {
		c.host.frames.give(buf)
		c.copies[i] = nil
	}
	c.copies, c.copied = c.copies[:0], 0
	return err
}

// report tells the machine which replies have left.
func (c *conn) report(sent []outgoing) {
	c.touch()
	for i := range sent {
		sent[i].unpin()
		c.events = append(c.events, env.Sent{Conn: c.id, Size: sent[i].size})
	}
	c.box.put(c.events...)
	clear(c.events)
	c.events = c.events[:0]
	c.expectTaken()
}

// fail ends the connection in the middle of a reply.
func (c *conn) fail(batch []outgoing, err error) {
	for i := range batch {
		batch[i].unpin()
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		if tcp, ok := c.link.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // nor does the system go on trying
		}
		c.log(env.Warn, fmt.Sprintf("closed: the other side did not take what was sent within %v", c.host.cfg.WriteTimeout))
	case !gone(err):
		c.log(env.Error, fmt.Sprintf("closed: %v", err))
	}
	c.abort()
	c.halfEnded()
}

// gone tells the ordinary ways in which a client ends a connection, or we do.
func gone(err error) bool {
	return errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrClosedPipe) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
