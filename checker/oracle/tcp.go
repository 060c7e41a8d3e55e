package oracle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

const (
	replyLimit = 20 * time.Second
	frameLimit = 128 << 20
)

// TCP is the transport to a real broker.
type TCP struct{ Addr string }

// Dial connects to the broker.
func (t TCP) Dial() (Conn, error) {
	c, err := net.DialTimeout("tcp", t.Addr, replyLimit)
	if err != nil {
		return nil, fmt.Errorf("dial broker: %w", err)
	}
	return &tcpConn{c}, nil
}

// Pause sleeps.
func (TCP) Pause() { time.Sleep(pollPause) }

type tcpConn struct{ net.Conn }

func (c *tcpConn) Close() { c.Conn.Close() }

func (c *tcpConn) RoundTrip(frame []byte, wantReply bool) ([]byte, bool, error) {
	if err := c.SetDeadline(time.Now().Add(replyLimit)); err != nil {
		return nil, false, fmt.Errorf("set deadline: %w", err)
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(frame)))
	if _, err := c.Write(append(out, frame...)); err != nil {
		return nil, ended(err), unlessEnded("write request", err)
	}
	if !wantReply {
		return nil, false, nil
	}
	return c.Receive()
}

// Receive implements Receiver.
func (c *tcpConn) Receive() ([]byte, bool, error) {
	if err := c.SetDeadline(time.Now().Add(replyLimit)); err != nil {
		return nil, false, fmt.Errorf("set deadline: %w", err)
	}
	reply, err := c.readFrame()
	return reply, ended(err), unlessEnded("read response", err)
}

func (c *tcpConn) readFrame() ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(c.Conn, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > frameLimit {
		return nil, fmt.Errorf("response of %d bytes", n)
	}
	reply := make([]byte, n)
	_, err := io.ReadFull(c.Conn, reply)
	return reply, err
}

func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func unlessEnded(what string, err error) error {
	if err == nil || ended(err) {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
