package host

import (
	"net"
	"strings"
	"testing"
	"time"

	"odradek/node/env"
)

// caller is a machine that dials one address, and hands on what it is told.
type caller struct {
	addr     string
	begin    func(conn env.ConnID, out *env.Outbox)              // right after Dial
	dialed   func(conn env.ConnID, out *env.Outbox)              // at Dialed
	answered func(conn env.ConnID, text string, out *env.Outbox) // at Request
	events   chan string
	conn     env.ConnID
}

// call starts a node that dials.
func call(t testing.TB, cfg Config, c *caller) *node {
	c.events = make(chan string, 10_000)
	return startNode(t, cfg, lifecycle(c.step))
}

func (c *caller) step(_ env.Time, ev env.Event, out *env.Outbox) {
	switch ev := ev.(type) {
	case env.Started:
		c.conn = out.Dial(c.addr)
		if c.begin != nil {
			c.begin(c.conn, out)
		}
	case env.Dialed:
		c.events <- "dialed"
		if c.dialed != nil {
			c.dialed(ev.Conn, out)
		}
	case env.Request:
		text := strings.TrimRight(string(ev.Frame), " ")
		c.events <- text
		if c.answered != nil {
			c.answered(ev.Conn, text, out)
		}
	case env.ConnClosed:
		if ev.Conn == c.conn {
			c.events <- "closed"
		}
	}
}

func (c *caller) expect(t testing.TB, events ...string) {
	t.Helper()
	for _, want := range events {
		if got := soon(t, c.events); got != want {
			t.Fatalf("%.40q came, not %.40q", got, want)
		}
	}
}

// asks sends texts once the connection stands.
func asks(texts ...string) func(env.ConnID, *env.Outbox) {
	return func(conn env.ConnID, out *env.Outbox) {
		for _, text := range texts {
			answer(out, conn, "%s", text)
		}
	}
}

func TestAMachineDialsAnotherNodeAndIsAnswered(t *testing.T) {
	large := strings.Repeat("0123456789abcdef", 1<<19)
	server := startNode(t, Config{}, lifecycle(echo))
	c := &caller{addr: server.addrs[0], dialed: asks("\x00\x00first", "\x00\x00"+large, "\x00\x00last")}
	call(t, Config{}, c)
	c.expect(t, "dialed", "\x00\x00first", "\x00\x00"+large, "\x00\x00last")
}

func TestAnAnswerMayBeAsShortAsACorrelationID(t *testing.T) {
	server := startNode(t, Config{}, lifecycle(func(_ env.Time, ev env.Event, out *env.Outbox) {
		if r, ok := ev.(env.Request); ok {
			out.Emit(&env.Reply{Conn: r.Conn, Parts: []env.Part{{Bytes: []byte{0, 0, 0, 4, 'i', 'd', 'i', 'd'}}}})
		}
	}))
	c := &caller{addr: server.addrs[0], dialed: asks("hello")}
	call(t, Config{}, c)
	c.expect(t, "dialed", "idid")
}

func TestADialThatIsRefusedEndsWithConnClosedAlone(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody.Close()
	for _, addr := range []string{nobody.Addr().String(), "no address"} {
		c := &caller{addr: addr}
		call(t, Config{}, c)
		c.expect(t, "closed")
	}
}

func TestADialThatIsGivenUpEndsWithConnClosedAlone(t *testing.T) {
	server := startNode(t, Config{}, lifecycle(echo))
	for range 30 {
		c := &caller{addr: server.addrs[0], begin: func(conn env.ConnID, out *env.Outbox) {
			out.Emit(env.CloseConn{Conn: conn})
		}}
		n := call(t, Config{}, c)
		c.expect(t, "closed")
		if err := n.stop(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADialedConnectionEndsWithItsPeer(t *testing.T) {
	server := startNode(t, Config{}, lifecycle(echo))
	c := &caller{addr: server.addrs[0], dialed: asks("hello")}
	call(t, Config{}, c)
	c.expect(t, "dialed", "hello")
	if err := server.stop(); err != nil {
		t.Fatal(err)
	}
	c.expect(t, "closed")
}

func TestANodeThatEndsClosesWhatItDialed(t *testing.T) {
	step, closed := lives()
	server := startNode(t, Config{}, lifecycle(step))
	c := &caller{addr: server.addrs[0], dialed: asks("hello")}
	n := call(t, Config{}, c)
	c.expect(t, "dialed", "hello")
	if err := n.stop(); err != nil {
		t.Fatal(err)
	}
	soon(t, closed)
}

func TestADialThatNobodyAnswersEndsWithItsNode(t *testing.T) {
	c := &caller{addr: "192.0.2.1:9092"} // kept for documentation by RFC 5737
	n := call(t, Config{}, c)
	if err := n.stop(); err != nil {
		t.Fatal(err)
	}
}

func TestAPausedDialedConnectionHoldsItsPeerBack(t *testing.T) {
	const frames, size = 128, 256 << 10
	much := framed(strings.Repeat("x", size))
	sent := make(chan int, frames)
	server := startNode(t, Config{}, lifecycle(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Request:
			for range frames {
				out.Emit(&env.Reply{Conn: ev.Conn, Parts: []env.Part{{Bytes: much}}})
			}
		case env.Sent:
			sent <- ev.Size
		}
	}))
	resume := make(chan env.ConnID, 1)
	c := &caller{addr: server.addrs[0], dialed: func(conn env.ConnID, out *env.Outbox) {
		out.Emit(env.Pause{Conn: conn})
		answer(out, conn, "much")
		resume <- conn
	}}
	c.events = make(chan string, 10_000)
	n := startNode(t, Config{}, lifecycle(func(now env.Time, ev env.Event, out *env.Outbox) {
		if o, ok := ev.(env.ConnOpened); ok { // a client who comes ends the pause
			out.Emit(env.Resume{Conn: soon(t, resume)})
			out.Emit(env.CloseConn{Conn: o.Conn})
		}
		c.step(now, ev, out)
	}))
	c.expect(t, "dialed")
	if got := settled(sent); got == frames {
		t.Fatal("everything was sent to a peer who does not read")
	}
	if n := len(c.events); n > 1 {
		t.Fatalf("%d frames came in spite of the pause", n)
	}
	n.dial(t)
	for i := range frames {
		if got := soon(t, c.events); len(got) != size {
			t.Fatalf("frame %d has %d bytes", i, len(got))
		}
	}
}

// settled counts what comes until nothing more does for a while.
func settled(from <-chan int) (n int) {
	for {
		select {
		case <-from:
			n++
		case <-time.After(200 * time.Millisecond):
			return n
		}
	}
}

func TestControllersAreLetInBeforeTheNodeIsReadyAndSpeakToTheFirstMachine(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = free.Close()
	cfg := Config{MaxConnections: 1, Listeners: []Listener{
		{Name: "PLAINTEXT", Addr: "127.0.0.1:0"}, {Name: "CONTROLLER", Addr: free.Addr().String(), Controller: true},
	}}
	who := func(i int) func(env.Time, env.Event, *env.Outbox) {
		return func(_ env.Time, ev env.Event, out *env.Outbox) {
			switch ev := ev.(type) {
			case env.ConnOpened:
				answer(out, ev.Conn, "machine %d, %s", i, ev.Listener)
			case env.Dialed:
				out.Emit(env.Ready{})
			}
		}
	}
	// The first machine is ready only once it has reached a controller: itself.
	first := &toy{step: func(now env.Time, ev env.Event, out *env.Outbox) {
		switch ev.(type) {
		case env.Started:
			out.Dial(free.Addr().String())
		case env.Shutdown:
			out.Emit(env.Stopped{})
		}
		who(0)(now, ev, out)
	}}
	n := startNode(t, cfg, first, &toy{step: who(1)})
	expect(t, n.dial(t).receive(), "machine 1, PLAINTEXT")
	n.addrs[0] = n.addrs[1]
	for range 3 {
		expect(t, n.dial(t).receive(), "machine 0, CONTROLLER")
	}
}
