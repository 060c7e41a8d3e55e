package host

import (
	"context"
	"net"
	"testing"
)

// disguise is TCP whose connections do not look like it: no file can be sent by them.
type disguise struct{ Network }

type disguised struct {
	net.Conn
	tcp *net.TCPConn
}

func (c disguised) CloseWrite() error { return c.tcp.CloseWrite() }

type disguisedListener struct{ net.Listener }

func (d disguise) Listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := d.Network.Listen(ctx, addr)
	return disguisedListener{l}, err
}

func (l disguisedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return disguised{c, c.(*net.TCPConn)}, nil
}

func TestRangesAreCopiedOverANetworkThatCannotSendFiles(t *testing.T) {
	l, layer := newLibrary(t, 1<<20)
	n := startNode(t, Config{Layer: layer, Network: disguise{tcpNetwork{}}, MaxConnectionsPerIP: 9}, lifecycle(l.step))
	c := n.dial(t)
	c.send("hello", "range", "hello")
	expect(t, c.receive(), "hello")
	c.expectRange(l)
	expect(t, c.receive(), "hello")
}

// whole are connections that cannot be closed by halves.
type whole struct{ disguise }

type wholeListener struct{ net.Listener }

func (w whole) Listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := w.Network.Listen(ctx, addr)
	return wholeListener{l}, err
}

func (l wholeListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return struct{ net.Conn }{c}, err
}

func TestAConnectionThatCannotBeClosedByHalvesIsRefused(t *testing.T) {
	n := startNode(t, Config{Network: whole{disguise{tcpNetwork{}}}}, lifecycle(echo))
	n.dial(t).expectEnd()
	if !n.logged(errWhole.Error()) {
		t.Error("and nobody is told why")
	}
}
