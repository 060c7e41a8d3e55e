package host

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"odradek/node/env"
)

// patience bounds what should happen at once.
const patience = 10 * time.Second

// toy is a machine made of one function.
type toy struct {
	step      func(now env.Time, ev env.Event, out *env.Outbox)
	discarded bool
}

func (m *toy) Step(now env.Time, ev env.Event, out *env.Outbox) { m.step(now, ev, out) }
func (m *toy) Discard()                                         { m.discarded = true }

// lifecycle is what every first machine of these tests does, before its own.
func lifecycle(own func(now env.Time, ev env.Event, out *env.Outbox)) *toy {
	return &toy{step: func(now env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			out.Emit(env.Ready{})
		case env.Shutdown:
			out.Emit(env.Stopped{})
		case *env.DiskDone:
			if ev.Tag != nil {
				ev.Tag.Completed(now, ev, out)
			}
		}
		own(now, ev, out)
	}}
}

// then is a Completer made of a function.
type then func(done *env.DiskDone, out *env.Outbox)

func (f then) Completed(_ env.Time, done *env.DiskDone, out *env.Outbox) { f(done, out) }

// node is a host under test.
type node struct {
	addrs  []string
	cancel context.CancelFunc
	ended  chan error
	mu     sync.Mutex
	lines  []string
}

func (n *node) log(_ env.Level, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, text)
}

func (n *node) logged(part string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Contains(strings.Join(n.lines, "\n"), part)
}

// startNode runs machines and waits for Ready. At the end of the test the node
// is stopped, and nothing of it may be left, whatever nodes there were before it.
func startNode(t testing.TB, cfg Config, machines ...env.Machine) *node {
	t.Helper()
	others := goleak.IgnoreCurrent()
	n := &node{ended: make(chan error, 1)}
	ready := make(chan []net.Addr, 1)
	if cfg.Listeners == nil {
		cfg.Listeners = []Listener{{Name: "PLAINTEXT", Addr: "127.0.0.1:0"}}
	}
	cfg.OnReady = func(a []net.Addr) { ready <- a }
	cfg.Log = n.log
	ctx, cancel := context.WithCancel(context.Background())
	n.cancel = cancel
	go func() { n.ended <- Run(ctx, cfg, machines) }()
	select {
	case addrs := <-ready:
		for _, a := range addrs {
			n.addrs = append(n.addrs, a.String())
		}
	case err := <-n.ended:
		t.Fatalf("the node ended: %v", err)
	}
	t.Cleanup(func() {
		if err := n.stop(); err != nil {
			t.Errorf("the node ended with %v", err)
		}
		if _, measured := t.(*testing.B); !measured {
			goleak.VerifyNone(t, others)
		}
	})
	return n
}

// stop ends the node once; later calls return nil.
func (n *node) stop() error {
	n.cancel()
	err := <-n.ended
	n.ended <- nil
	return err
}

// client speaks frames.
type client struct {
	t testing.TB
	*net.TCPConn
}

func (n *node) dial(t testing.TB) *client {
	t.Helper()
	c, err := net.Dial("tcp", n.addrs[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(3 * patience))
	return &client{t, c.(*net.TCPConn)}
}

// framed puts the size before a frame, which it fills to the least length.
func framed(text string) []byte {
	for len(text) < 8 {
		text += " "
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)
}

func (c *client) send(texts ...string) {
	c.t.Helper()
	var all []byte
	for _, text := range texts {
		all = append(all, framed(text)...)
	}
	if _, err := c.Write(all); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) receive() string {
	c.t.Helper()
	var size [4]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		c.t.Fatalf("no reply: %v", err)
	}
	body := make([]byte, binary.BigEndian.Uint32(size[:]))
	if _, err := io.ReadFull(c, body); err != nil {
		c.t.Fatalf("half a reply: %v", err)
	}
	return string(bytes.TrimRight(body, " "))
}

func (c *client) ask(text string) string {
	c.t.Helper()
	c.send(text)
	return c.receive()
}

// expectEnd reads until the node has closed the connection.
func (c *client) expectEnd() {
	c.t.Helper()
	_, err := io.Copy(io.Discard, c)
	if e, ok := err.(net.Error); ok && e.Timeout() {
		c.t.Fatal("the connection is still open")
	}
}

// answer replies with a text.
func answer(out *env.Outbox, conn env.ConnID, format string, args ...any) {
	out.Emit(&env.Reply{Conn: conn, Parts: []env.Part{{Bytes: framed(fmt.Sprintf(format, args...))}}})
}

func request(ev env.Event) (env.ConnID, string, bool) {
	r, ok := ev.(env.Request)
	return r.Conn, strings.TrimRight(string(r.Frame), " "), ok
}

// echo answers each request with itself.
func echo(_ env.Time, ev env.Event, out *env.Outbox) {
	if r, ok := ev.(env.Request); ok {
		size := binary.BigEndian.AppendUint32(nil, uint32(len(r.Frame)))
		out.Emit(&env.Reply{Conn: r.Conn, Parts: []env.Part{{Bytes: size}, {Bytes: r.Frame}}})
	}
}

// soon waits for a value.
func soon[T any](t testing.TB, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("it did not come")
		panic("unreachable")
	}
}
