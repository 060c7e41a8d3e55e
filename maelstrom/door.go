package maelstrom

import (
	"context"
	"fmt"
	"net"
	"sync"
	"syscall"
)

// backlog is how many connections may wait to be accepted.
const backlog = 256

// door is a listener at a port of this node.
type door struct {
	net    *Network
	addr   address
	port   string
	coming chan *stream
	shut   chan struct{}
	once   sync.Once
}

// Listen takes connections at "n1:9092", where n1 is this node. Errors: another
// node's address, or one that is in use.
func (n *Network) Listen(_ context.Context, addr string) (net.Listener, error) {
	node, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	d := &door{net: n, addr: address(addr), port: port, coming: make(chan *stream, backlog), shut: make(chan struct{})}
	n.mu.Lock()
	defer n.mu.Unlock()
	if node != n.self || n.doors[port] != nil {
		return nil, fmt.Errorf("listen %s: %w", addr, syscall.EADDRINUSE)
	}
	n.doors[port] = d
	return d, nil
}

// enter lets a connection wait, if there is room.
func (d *door) enter(s *stream) bool {
	select {
	case d.coming <- s:
		return true
	default:
		return false
	}
}

// Accept waits for a connection.
func (d *door) Accept() (net.Conn, error) {
	select {
	case <-d.shut:
		return nil, net.ErrClosed
	default:
	}
	select {
	case s := <-d.coming:
		return s, nil
	case <-d.shut:
		return nil, net.ErrClosed
	}
}

// Close ends Accept, and the connections that nobody has accepted.
func (d *door) Close() error {
	d.once.Do(func() {
		d.net.mu.Lock()
		delete(d.net.doors, d.port)
		d.net.mu.Unlock()
		close(d.shut)
		for len(d.coming) > 0 {
			_ = (<-d.coming).Close()
		}
	})
	return nil
}

// Addr is the address that was given to Listen.
func (d *door) Addr() net.Addr { return d.addr }
