package maelstrom

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/wire"
)

// caller asks brokers, one request at a time over each connection. Connections are kept
// for the next request.
type caller struct {
	net  *Network
	mu   sync.Mutex
	idle map[string][]net.Conn
	last int32
}

// errUnsent says that a broker could not be reached: it was asked nothing.
var errUnsent = errors.New("a broker could not be reached")

// ask asks the broker at an address, in the version that is set in the request. The
// answer may be changed by nobody else. After an error that is not errUnsent, the broker
// may have done what was asked, or may do it yet.
func (c *caller) ask(ctx context.Context, addr string, req kmsg.Request) (kmsg.Response, error) {
	conn, err := c.conn(ctx, addr)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnsent, err)
	}
	resp, err := c.over(ctx, conn, req)
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("asking %s: %w", addr, err)
	}
	c.mu.Lock()
	c.idle[addr] = append(c.idle[addr], conn)
	c.mu.Unlock()
	return resp, nil
}

// conn is one that nobody uses, or a new one.
func (c *caller) conn(ctx context.Context, addr string) (net.Conn, error) {
	c.mu.Lock()
	for idle := c.idle[addr]; len(idle) > 0; idle = c.idle[addr] {
		conn := idle[len(idle)-1]
		c.idle[addr] = idle[:len(idle)-1]
		if conn.(*stream).stands() {
			c.mu.Unlock()
			return conn, nil
		}
		_ = conn.Close()
	}
	c.mu.Unlock()
	return c.net.Dial(ctx, addr)
}

// stands tells whether nothing is known of the other end having gone.
func (s *stream) stands() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed == nil && !s.eof
}

func (c *caller) over(ctx context.Context, conn net.Conn, req kmsg.Request) (kmsg.Response, error) {
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	c.mu.Lock()
	c.last++
	id := c.last
	c.mu.Unlock()
	if _, err := conn.Write(wire.AppendRequest(nil, id, "maelstrom", req)); err != nil {
		return nil, err
	}
	var size [4]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > wire.MaxResponse {
		return nil, fmt.Errorf("an answer of %d bytes", n)
	}
	frame := make([]byte, n)
	if _, err := io.ReadFull(conn, frame); err != nil {
		return nil, err
	}
	resp, got, err := wire.ParseResponse(frame, req)
	if err == nil && got != id {
		err = fmt.Errorf("an answer to request %d came to request %d", got, id)
	}
	return resp, err
}

// close ends the connections that are kept.
func (c *caller) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, idle := range c.idle {
		for _, conn := range idle {
			_ = conn.Close()
		}
	}
	clear(c.idle)
}
