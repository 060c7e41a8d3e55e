package host

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"odradek/node/env"
	"odradek/node/wire"
)

func TestAClientThatSendsByteByByteIsAnswered(t *testing.T) {
	c := startNode(t, Config{}, lifecycle(echo)).dial(t)
	for _, b := range framed("one byte at a time") {
		if _, err := c.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.receive(); got != "one byte at a time" {
		t.Fatalf("got %q", got)
	}
}

func TestPipelinedRequestsAreAnsweredInOrder(t *testing.T) {
	c := startNode(t, Config{}, lifecycle(echo)).dial(t)
	const many = 5000
	go func() {
		for i := range many {
			_, _ = c.Write(framed(fmt.Sprint("request ", i)))
		}
	}()
	for i := range many {
		if got := c.receive(); got != fmt.Sprint("request ", i) {
			t.Fatalf("reply %d is %q", i, got)
		}
	}
}

func TestALargeFrameGoesBothWaysThroughSmallBuffers(t *testing.T) {
	c := startNode(t, Config{SendBuffer: 200_000, ReceiveBuffer: 200_000}, lifecycle(echo)).dial(t)
	text := "\x00\x00" + strings.Repeat("0123456789abcdef", 2<<20) // 32 MiB of Produce
	go func() { _, _ = c.Write(framed(text)) }()
	if c.receive() != text {
		t.Fatal("it came back changed")
	}
}

func TestAFrameAboveItsCapEndsTheConnectionAfterTheRepliesBefore(t *testing.T) {
	n := startNode(t, Config{Caps: wire.Caps{Produce: 100, Control: 100}}, lifecycle(echo))
	c := n.dial(t)
	c.send("first", strings.Repeat("x", 101), "never")
	if got := c.receive(); got != "first" {
		t.Fatalf("got %q", got)
	}
	c.expectEnd()
	if !n.logged("frame of 101 bytes") {
		t.Fatalf("lines %q", n.lines)
	}
}

func TestAHalfClosedClientStillGetsItsReplies(t *testing.T) {
	c := startNode(t, Config{}, lifecycle(echo)).dial(t)
	c.send("a", "b", "c")
	_ = c.CloseWrite()
	rest, err := io.ReadAll(c)
	if want := string(framed("a")) + string(framed("b")) + string(framed("c")); err != nil || string(rest) != want {
		t.Fatalf("%q, %v", rest, err)
	}
}

// lives records the events of connections, and tells when one has closed.
func lives() (step func(env.Time, env.Event, *env.Outbox), closed chan []string) {
	closed = make(chan []string, 10)
	events := map[env.ConnID][]string{}
	note := func(id env.ConnID, ev env.Event) {
		events[id] = append(events[id], strings.TrimPrefix(fmt.Sprintf("%T", ev), "env."))
	}
	return func(now env.Time, ev env.Event, out *env.Outbox) {
		switch e := ev.(type) {
		case env.ConnOpened:
			note(e.Conn, ev)
		case env.Request:
			note(e.Conn, ev)
			echo(now, ev, out)
		case env.Sent:
			note(e.Conn, ev)
		case env.ConnClosed:
			note(e.Conn, ev)
			closed <- events[e.Conn]
		}
	}, closed
}

func TestEveryConnectionOpensFirstAndClosesLastAndOnce(t *testing.T) {
	for name, end := range map[string]func(*client){
		"closed": func(c *client) { _ = c.Close() },
		"reset":  func(c *client) { _ = c.SetLinger(0); _ = c.Close() },
		"half":   func(c *client) { _ = c.CloseWrite() },
		"torn":   func(c *client) { _, _ = c.Write([]byte{0, 0, 0, 50, 1}); _ = c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			step, closed := lives()
			c := startNode(t, Config{}, lifecycle(step)).dial(t)
			c.ask("hello")
			end(c)
			if got := fmt.Sprint(soon(t, closed)); got != "[ConnOpened Request Sent ConnClosed]" {
				t.Fatal(got)
			}
		})
	}
}

// flood answers "much" with more than any socket buffer takes, anything else
// with itself.
func flood(size int) func(env.Time, env.Event, *env.Outbox) {
	much := make([]byte, size)
	return func(now env.Time, ev env.Event, out *env.Outbox) {
		if conn, text, ok := request(ev); ok && text == "much" {
			out.Emit(&env.Reply{Conn: conn, Parts: []env.Part{{Bytes: much}}})
			return
		}
		echo(now, ev, out)
	}
}

func TestASlowReaderHoldsBackOnlyItself(t *testing.T) {
	const size = 64 << 20
	n := startNode(t, Config{}, lifecycle(flood(size)))
	slow, quick := n.dial(t), n.dial(t)
	slow.send("much", "then this")
	for i := range 100 {
		if text := fmt.Sprint("quick ", i); quick.ask(text) != text {
			t.Fatal("the other client got something else")
		}
	}
	if got, err := io.CopyN(io.Discard, slow, size); err != nil {
		t.Fatalf("%d bytes, then %v", got, err)
	}
	if got := slow.receive(); got != "then this" {
		t.Fatalf("got %q", got)
	}
}

func TestAClientThatDoesNotTakeItsReplyIsClosed(t *testing.T) {
	step, closed := lives()
	much := flood(64 << 20)
	n := startNode(t, Config{WriteTimeout: 50 * time.Millisecond}, lifecycle(func(now env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Request); ok {
			much(now, ev, out)
			return
		}
		step(now, ev, out)
	}))
	c := n.dial(t)
	c.send("much")
	if got := fmt.Sprint(soon(t, closed)); got != "[ConnOpened ConnClosed]" {
		t.Fatal(got)
	}
	if !n.logged("did not take what was sent") {
		t.Fatalf("lines %q", n.lines)
	}
}

func TestAnIdleConnectionEndsAndOneThatIsUsedDoesNot(t *testing.T) {
	const idle = 500 * time.Millisecond
	n := startNode(t, Config{IdleTimeout: idle}, lifecycle(echo))
	used, unused := n.dial(t), n.dial(t)
	begun := time.Now()
	ended := make(chan time.Duration)
	go func() {
		_, _ = unused.Read(make([]byte, 1))
		ended <- time.Since(begun)
	}()
	var took time.Duration
	for took == 0 {
		used.ask("still here")
		select {
		case took = <-ended:
		case <-time.After(idle / 20):
		}
	}
	if took < idle/2 || !n.logged("idle") {
		t.Fatalf("ended after %v, lines %q", took, n.lines)
	}
	used.ask("and still")
}

func TestAPausedConnectionIsNotReadUntilItResumes(t *testing.T) {
	var paused env.ConnID
	received := 0
	n := startNode(t, Config{}, lifecycle(func(_ env.Time, ev env.Event, out *env.Outbox) {
		conn, text, ok := request(ev)
		switch {
		case !ok:
		case text == "pause":
			paused = conn
			out.Emit(env.Pause{Conn: conn})
			answer(out, conn, "paused")
		case text == "resume":
			answer(out, conn, "after %d", received)
			out.Emit(env.Resume{Conn: paused})
		default:
			if received++; text == "last" {
				answer(out, conn, "last")
			}
		}
	}))
	c, other := n.dial(t), n.dial(t)
	c.ask("pause")
	// More is sent than buffers hold, until nothing goes any more.
	load := framed(strings.Repeat("x", 1<<20))
	var err error
	for err == nil {
		_ = c.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
		var sent int
		if sent, err = c.Write(load); err != nil {
			load = load[sent:]
		}
	}
	if got := other.ask("resume"); got != "after 0" && got != "after 1" {
		t.Fatalf("the machine got requests: %s", got)
	}
	_ = c.SetWriteDeadline(time.Now().Add(patience))
	if _, err := c.Write(load); err != nil {
		t.Fatal(err)
	}
	if got := c.ask("last"); got != "last" {
		t.Fatal(got)
	}
}

func TestCloseConnComesAfterTheEarlierRepliesThoughTheClientSendsOn(t *testing.T) {
	const size = 8 << 20
	n := startNode(t, Config{}, lifecycle(func(_ env.Time, ev env.Event, out *env.Outbox) {
		if conn, _, ok := request(ev); ok {
			out.Emit(&env.Reply{Conn: conn, Parts: []env.Part{{Bytes: make([]byte, size)}}})
			out.Emit(env.CloseConn{Conn: conn, Reason: "enough of it"})
			answer(out, conn, "too late")
		}
	}))
	c := n.dial(t)
	go func() {
		for err := error(nil); err == nil; {
			_, err = c.Write(framed("more and more"))
		}
	}()
	if got, err := io.Copy(io.Discard, io.LimitReader(c, size)); got != size {
		t.Fatalf("%d bytes, then %v", got, err)
	}
	var one [1]byte
	if n, err := c.Read(one[:]); n != 0 || err == nil {
		t.Fatalf("then %d bytes (%v)", n, err)
	}
	if !n.logged("enough of it") {
		t.Fatalf("lines %q", n.lines)
	}
}

func TestConnectionsGoRoundTheShards(t *testing.T) {
	shard := func(i int) func(env.Time, env.Event, *env.Outbox) {
		return func(_ env.Time, ev env.Event, out *env.Outbox) {
			if conn, _, ok := request(ev); ok {
				answer(out, conn, "shard %d", i)
			}
		}
	}
	n := startNode(t, Config{}, lifecycle(shard(0)), &toy{step: shard(1)}, &toy{step: shard(2)})
	count := map[string]int{}
	for range 6 {
		count[n.dial(t).ask("who")]++
	}
	if count["shard 1"] != 3 || count["shard 2"] != 3 {
		t.Fatal(count)
	}
}

func TestAConnectionKnowsItsListenerAndAddresses(t *testing.T) {
	n := startNode(t, Config{Listeners: []Listener{{Name: "A", Addr: "127.0.0.1:0"}, {Name: "B", Addr: "127.0.0.1:0"}}},
		lifecycle(func(_ env.Time, ev env.Event, out *env.Outbox) {
			if o, ok := ev.(env.ConnOpened); ok {
				answer(out, o.Conn, "%s %s %s", o.Listener, o.Local, o.Peer)
			}
		}))
	n.addrs[0] = n.addrs[1]
	c := n.dial(t)
	if got, want := c.receive(), fmt.Sprintf("B %s %v", n.addrs[1], c.LocalAddr()); got != want {
		t.Fatalf("%q, want %q", got, want)
	}
}

func TestConnectionsAboveTheLimitWaitForAPlace(t *testing.T) {
	n := startNode(t, Config{MaxConnections: 2}, lifecycle(echo))
	a, b, third, _ := n.dial(t), n.dial(t), n.dial(t), n.dial(t) // the fourth never gets one
	a.ask("one")
	b.ask("two")
	third.send("three")
	_ = third.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if _, err := third.Read(make([]byte, 1)); !isTimeout(err) {
		t.Fatalf("the third was served: %v", err)
	}
	_ = third.SetReadDeadline(time.Now().Add(patience))
	_ = a.Close()
	if got := third.receive(); got != "three" {
		t.Fatal(got)
	}
}

func TestConnectionsOfOneAddressAboveTheLimitAreClosed(t *testing.T) {
	step, closed := lives()
	n := startNode(t, Config{MaxConnectionsPerIP: 1}, lifecycle(step))
	first := n.dial(t)
	first.ask("one")
	n.dial(t).expectEnd()
	_ = first.Close()
	soon(t, closed)
	if got := n.dial(t).ask("two"); got != "two" {
		t.Fatal(got)
	}
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}
