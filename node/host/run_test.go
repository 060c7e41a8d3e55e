package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"odradek/node/env"
)

func TestTheStoppedErrorIsReturnedAndMachinesAreDiscarded(t *testing.T) {
	defer goleak.VerifyNone(t)
	broken := errors.New("no log directory is left")
	first := &toy{step: func(_ env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Started); ok {
			out.Emit(env.Stopped{Err: broken})
		}
	}}
	second := &toy{step: func(env.Time, env.Event, *env.Outbox) {}}
	err := Run(context.Background(), Config{}, []env.Machine{first, second})
	if !errors.Is(err, broken) || !first.discarded || !second.discarded {
		t.Fatal(err, first.discarded, second.discarded)
	}
}

func TestANodeThatDoesNotEndIsEndedByForce(t *testing.T) {
	defer goleak.VerifyNone(t)
	deaf := &toy{step: func(env.Time, env.Event, *env.Outbox) {}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := Run(ctx, Config{Grace: 20 * time.Millisecond}, []env.Machine{deaf})
	if err == nil || !deaf.discarded {
		t.Fatal(err)
	}
}

func TestAnAddressInUseIsAnErrorBeforeAnyMachineRuns(t *testing.T) {
	defer goleak.VerifyNone(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	m := &toy{step: func(env.Time, env.Event, *env.Outbox) { t.Error("it runs") }}
	cfg := Config{Listeners: []Listener{{Name: "A", Addr: "127.0.0.1:0"}, {Name: "B", Addr: taken.Addr().String()}}}
	var op *net.OpError
	if err := Run(context.Background(), cfg, []env.Machine{m}); !errors.As(err, &op) {
		t.Fatal(err)
	}
	if err := Run(context.Background(), Config{}, nil); err == nil {
		t.Fatal("a node without machines runs")
	}
}

func TestANodeEndsWhileItIsBusy(t *testing.T) {
	m := newMemory("d")
	begun := make(chan struct{}, 1<<20)
	m.before = func(call, _ string) error {
		if call == "sync" {
			begun <- struct{}{}
		}
		return nil
	}
	n := startNode(t, Config{Layer: m}, lifecycle((&journal{path: "d/log"}).step))
	for range 4 {
		c := n.dial(t)
		go func() {
			for err := error(nil); err == nil; {
				_, err = c.Write(framed("more and more"))
			}
		}()
		go func() {
			for err := error(nil); err == nil; {
				_, err = c.Read(make([]byte, 1<<16))
			}
		}()
	}
	for range 20 {
		soon(t, begun)
	}
	if err := n.stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := net.Dial("tcp", n.addrs[0]); err == nil {
		t.Fatal("the port is still bound")
	}
}

// hang lets syncs begin and not return before release.
func hang(m *memory) (begun chan struct{}, release func()) {
	begun, held := make(chan struct{}, 100), make(chan struct{})
	m.before = func(call, _ string) error {
		if call == "sync" {
			begun <- struct{}{}
			<-held
		}
		return nil
	}
	return begun, func() { close(held) }
}

func TestADiskThatHangsHoldsUpNoEvent(t *testing.T) {
	m := newMemory("d")
	begun, release := hang(m)
	j := &journal{path: "d/log"}
	n := startNode(t, Config{Layer: m, DiskWorkers: 1}, lifecycle(func(now env.Time, ev env.Event, out *env.Outbox) {
		if conn, text, _ := request(ev); text == "hello" {
			answer(out, conn, "hello")
			return
		}
		j.step(now, ev, out)
	}))
	waiting, other := n.dial(t), n.dial(t)
	waiting.send("write this")
	soon(t, begun)
	expect(t, other.ask("hello"), "hello")
	release()
	expect(t, waiting.receive(), "ok")
}

func TestADiskCallThatDoesNotReturnDoesNotKeepTheNodeFromEnding(t *testing.T) {
	m := newMemory("d")
	begun, release := hang(m)
	n := startNode(t, Config{Layer: m, Grace: 50 * time.Millisecond}, lifecycle((&journal{path: "d/log"}).step))
	n.dial(t).send("write this")
	soon(t, begun)
	if err := n.stop(); err == nil {
		t.Fatal("it ended as if nothing were under way")
	}
	release()
}

func TestAClientThatTakesNothingDoesNotKeepTheNodeFromEnding(t *testing.T) {
	n := startNode(t, Config{}, lifecycle(flood(64<<20)))
	c, other := n.dial(t), n.dial(t)
	c.send("much")
	_, _ = c.Read(make([]byte, 1))
	expect(t, other.ask("hello"), "hello")
	if err := n.stop(); err != nil {
		t.Fatal(err)
	}
}

func TestTheLastRepliesLeaveBeforeTheNodeEnds(t *testing.T) {
	const size = 8 << 20
	asked := make(chan struct{})
	var conn env.ConnID
	n := startNode(t, Config{}, &toy{step: func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			out.Emit(env.Ready{})
		case env.Request:
			conn = ev.Conn
			close(asked)
		case env.Shutdown:
			out.Emit(&env.Reply{Conn: conn, Parts: []env.Part{{Bytes: make([]byte, size)}}})
			out.Emit(env.Stopped{})
		}
	}})
	c := n.dial(t)
	c.send("wait for it")
	soon(t, asked)
	n.cancel()
	for left := size; left > 0; {
		got, err := c.Read(make([]byte, 1<<20))
		if left -= got; err != nil && left > 0 {
			t.Fatalf("%d bytes are missing: %v", left, err)
		}
	}
	c.expectEnd()
}

func TestMessagesOfOneMachineArriveInOrder(t *testing.T) {
	const many = 1000
	order := make(chan string, 1)
	first := lifecycle(func(_ env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Started); ok {
			for i := range many {
				out.Send(1, i)
			}
		}
	})
	next := 0
	second := &toy{step: func(_ env.Time, ev env.Event, out *env.Outbox) {
		m, ok := ev.(env.Message)
		if ok && (m.From != 0 || m.Body.(int) != next) {
			order <- fmt.Sprintf("%v at place %d", m, next)
		}
		if ok {
			next++
		}
		if next == many {
			order <- "in order"
			next++
		}
	}}
	startNode(t, Config{}, first, second)
	expect(t, soon(t, order), "in order")
}

func TestAMachineIsWokenAtItsLastWakeAt(t *testing.T) {
	woken := make(chan time.Duration)
	const at = 80 * time.Millisecond
	step := 0
	startNode(t, Config{}, lifecycle(func(now env.Time, ev env.Event, out *env.Outbox) {
		switch ev.(type) {
		case env.Started:
			out.WakeAt(time.Hour)
			out.WakeAt(at)
		case env.Wake:
			if step++; step == 1 {
				out.WakeAt(at) // has passed: at once
				return
			}
			woken <- now.Mono
		}
	}))
	if got := soon(t, woken); got < at {
		t.Fatalf("woken at %v", got)
	}
}

func TestDrainedComesThoughTheMailboxIsNeverEmpty(t *testing.T) {
	events, drained := 0, make(chan int, 1)
	startNode(t, Config{}, lifecycle(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev.(type) {
		case env.Started:
			for range 10 * batchMost {
				out.Disk(env.Disk{Kind: env.Nop})
			}
		case *env.DiskDone:
			events++
		case env.Drained:
			if events > 0 {
				select {
				case drained <- events:
				default:
				}
			}
		}
	}))
	if n := soon(t, drained); n > batchMost {
		t.Fatalf("%d events came first", n)
	}
}

func TestALogLineGoesToTheOperator(t *testing.T) {
	n := startNode(t, Config{}, lifecycle(func(_ env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Started); ok {
			out.Logf(env.Warn, "it is %s", "raining")
		}
	}))
	_ = n.stop()
	if !n.logged("it is raining") {
		t.Fatal(n.lines)
	}
}
