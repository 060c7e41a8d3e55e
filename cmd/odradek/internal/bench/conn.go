package bench

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/wire"
)

// conn is one connection to a broker.
type conn struct {
	net.Conn
	in       *bufio.Reader
	frame    []byte
	patience time.Duration
}

const (
	readBuffer   = 64 << 10
	largestFrame = 256 << 20
	clientID     = "odradek-bench"
)

func dial(ctx context.Context, addr string, patience time.Duration) (*conn, error) {
	d := net.Dialer{Timeout: patience}
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, in: bufio.NewReaderSize(c, readBuffer), patience: patience}, nil
}

// receive reads one response, without its size; it is valid until the next.
func (c *conn) receive() ([]byte, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.patience)); err != nil {
		return nil, err
	}
	var size [4]byte
	if _, err := io.ReadFull(c.in, size[:]); err != nil {
		return nil, fmt.Errorf("response from %s: %w", c.RemoteAddr(), err)
	}
	n := int(binary.BigEndian.Uint32(size[:]))
	if n > largestFrame {
		return nil, fmt.Errorf("response from %s: %d bytes are too many", c.RemoteAddr(), n)
	}
	if n > cap(c.frame) {
		c.frame = make([]byte, n)
	}
	c.frame = c.frame[:n]
	if _, err := io.ReadFull(c.in, c.frame); err != nil {
		return nil, fmt.Errorf("response from %s: %w", c.RemoteAddr(), err)
	}
	return c.frame, nil
}

// ask sends one request and reads its response, which aliases the frame.
func (c *conn) ask(correlation int32, req kmsg.Request) (kmsg.Response, error) {
	if _, err := c.Write(wire.AppendRequest(nil, correlation, clientID, req)); err != nil {
		return nil, err
	}
	return c.answer(correlation, req)
}

// answer reads the response to req.
func (c *conn) answer(correlation int32, req kmsg.Request) (kmsg.Response, error) {
	frame, err := c.receive()
	if err != nil {
		return nil, err
	}
	resp, got, err := wire.ParseResponse(frame, req)
	if err == nil && got != correlation {
		err = fmt.Errorf("response %d instead of %d", got, correlation)
	}
	return resp, err
}
