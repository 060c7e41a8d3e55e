package host

import (
	"context"
	"net"
	"syscall"
	"time"
)

// Network is what lies between a node and all others: TCP, or something that
// stands in for it. Its connections must also have CloseWrite() error, as
// *net.TCPConn has it; those that are a syscall.Conn are sent ranges of files
// without being copied.
type Network interface {
	// Listen takes connections at "host:port" from its return on.
	Listen(ctx context.Context, addr string) (net.Listener, error)
	// Dial connects to "host:port", or gives up when ctx is done.
	Dial(ctx context.Context, addr string) (net.Conn, error)
}

// link is a connection of a Network.
type link interface {
	net.Conn
	CloseWrite() error
}

// keepAlive finds a peer gone that says nothing (its power failed, the network
// between is cut) within half a minute, also while nothing is asked of it.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}

// tcpNetwork is the Network of the operating system. Buffers of 0 or less are
// left as they are.
type tcpNetwork struct{ sendBuffer, receiveBuffer int }

func (t tcpNetwork) Listen(ctx context.Context, addr string) (net.Listener, error) {
	lc := net.ListenConfig{KeepAliveConfig: keepAlive}
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return tcpListener{ln, t}, nil
}

func (t tcpNetwork) Dial(ctx context.Context, addr string) (net.Conn, error) {
	dialer := net.Dialer{KeepAliveConfig: keepAlive}
	return t.tuned(dialer.DialContext(ctx, "tcp", addr))
}

// tuned gives a new connection its buffers.
func (t tcpNetwork) tuned(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	tcp := c.(*net.TCPConn)
	if t.sendBuffer > 0 {
		err = tcp.SetWriteBuffer(t.sendBuffer)
	}
	if t.receiveBuffer > 0 && err == nil {
		err = tcp.SetReadBuffer(t.receiveBuffer)
	}
	if err != nil {
		_ = tcp.Close()
		return nil, err
	}
	return tcp, nil
}

type tcpListener struct {
	net.Listener
	tcp tcpNetwork
}

func (l tcpListener) Accept() (net.Conn, error) { return l.tcp.tuned(l.Listener.Accept()) }

// rawOf is the way to send files by a connection; nil: they are copied.
func rawOf(c net.Conn) (syscall.RawConn, error) {
	if s, ok := c.(syscall.Conn); ok {
		return s.SyscallConn()
	}
	return nil, nil
}
