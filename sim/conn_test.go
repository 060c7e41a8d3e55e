package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"odradek/faults"
	"odradek/node/env"
)

// peer is a client's end that writes down what happens to it.
type peer struct {
	*Conn
	got    []string
	closed bool
}

func dial(w *World, n *Node) *peer {
	p := &peer{}
	p.Conn = w.Dial(n, func(f []byte) {
		if p.closed {
			panic("a frame came after the end")
		}
		p.got = append(p.got, string(f))
	}, func() { p.closed = true })
	return p
}

func TestFramesArriveWholeAndInOrderHoweverTheyAreCut(t *testing.T) {
	for seed := range uint64(20) {
		w, n := alone(seed, with(echo))
		w.SlowReaders = int(seed % 3)
		p := dial(w, n)
		var want []string
		for i := range 60 {
			body := fmt.Sprintf("%08d", i) + strings.Repeat("x", i*37%500)
			want = append(want, body)
			p.Send(frame(body))
			if i%10 == 0 {
				pass(w, 50*time.Microsecond)
			}
		}
		pass(w, 10*time.Second)
		if !slices.Equal(p.got, want) || p.closed {
			t.Fatalf("seed %d: %d frames of %d, closed %v", seed, len(p.got), len(want), p.closed)
		}
	}
}

func TestConnectionsGoToShardsInTurnAndAreRefusedByANodeThatIsNotReady(t *testing.T) {
	opened := make([]int, 3)
	count := func(i int) func(env.Time, env.Event, *env.Outbox) {
		return func(_ env.Time, ev env.Event, out *env.Outbox) {
			if _, ok := ev.(env.ConnOpened); ok {
				opened[i]++
			}
			if m, ok := ev.(env.Message); ok && m.Body == "ready" {
				out.Emit(env.Ready{})
			}
		}
	}
	w, n := alone(1, with(count(0), count(1), count(2)))
	early := dial(w, n)
	pass(w, time.Second)
	n.process.boxes[0].post(env.Message{Body: "ready"})
	pass(w, time.Second)
	for range 4 {
		dial(w, n)
	}
	pass(w, time.Second)
	if !early.closed || !slices.Equal(opened, []int{0, 2, 2}) {
		t.Fatal(early.closed, opened)
	}
}

func TestARangeIsReadAsLateAsItLeavesAndOutlivesItsName(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(40) {
		file := env.FileID(0)
		w, n := alone(seed, with(func(now env.Time, ev env.Event, out *env.Outbox) {
			completes(now, ev, out)
			switch ev := ev.(type) {
			case env.Started:
				file = out.NewFile()
				out.Disk(env.Disk{Kind: env.Open, File: file, Path: "/d/f", Flags: env.Create})
				out.Disk(env.Disk{Kind: env.Write, File: file, Data: []byte("early")})
				out.Emit(env.Ready{})
			case env.Request:
				out.Emit(&env.Reply{Conn: ev.Conn, Parts: []env.Part{{Bytes: frame("early")[:4]}, {File: file, Len: 5}}})
				out.Disk(env.Disk{Kind: env.Write, File: file, Data: []byte("later")})
				out.Disk(env.Disk{Kind: env.Close, File: file})
				out.Disk(env.Disk{Kind: env.Remove, Path: "/d/f"})
			}
		}))
		p := dial(w, n)
		p.Send(frame("eightbyt"))
		pass(w, time.Second)
		if len(p.got) != 1 {
			t.Fatalf("seed %d: %v", seed, p.got)
		}
		seen[p.got[0]] = true
	}
	if !seen["early"] || !seen["later"] {
		t.Fatal(seen)
	}
}

func TestARangeBeyondTheEndCutsTheConnection(t *testing.T) {
	w, n := alone(1, with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			out.Disk(env.Disk{Kind: env.Open, File: out.NewFile(), Path: "/d/f", Flags: env.Create})
			out.Emit(env.Ready{})
		case env.Request:
			out.Emit(&env.Reply{Conn: ev.Conn, Parts: []env.Part{{Bytes: frame("12345")[:4]}, {File: 1, Len: 5}}})
		}
	}))
	p := dial(w, n)
	p.Send(frame("eightbyt"))
	if pass(w, time.Second); !p.closed || len(p.got) != 0 {
		t.Fatal(p.closed, p.got)
	}
}

func TestBytesOfAReplyThatChangeBeforeTheyLeaveEndTheWorld(t *testing.T) {
	b := frame("hello")
	w, n := alone(1, with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			out.Emit(env.Ready{})
		case env.Request:
			out.Emit(&env.Reply{Conn: ev.Conn, Parts: []env.Part{{Bytes: b}}})
		case env.Drained:
			b[4]++
		}
	}))
	dial(w, n).Send(frame("eightbyt"))
	pass(w, time.Second)
	if err := w.Crash(); err == nil || !strings.Contains(err.Error(), "reply") {
		t.Fatal(err)
	}
}

func TestAPausedConnectionGivesNothingUntilItResumes(t *testing.T) {
	var at []time.Duration
	w, n := alone(1, with(func(now env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			out.Emit(env.Ready{})
		case env.ConnOpened:
			out.Emit(env.Pause{Conn: ev.Conn})
			out.WakeAt(now.Mono + time.Second)
		case env.Wake:
			out.Emit(env.Resume{Conn: 1})
		case env.Request:
			at = append(at, now.Mono)
		}
	}))
	p := dial(w, n)
	pass(w, 100*time.Millisecond)
	p.Send(frame("eightbyt"))
	p.Send(frame("eightbyt"))
	pass(w, 5*time.Second)
	if len(at) != 2 || at[0] < 2*time.Second {
		t.Fatal(at)
	}
}

func TestAConnectionIsClosedAfterTheRepliesBeforeIt(t *testing.T) {
	w, n := alone(1, with(func(now env.Time, ev env.Event, out *env.Outbox) {
		echo(now, ev, out)
		if r, ok := ev.(env.Request); ok && string(r.Frame) == "the last" {
			out.Emit(env.CloseConn{Conn: r.Conn})
		}
	}))
	p := dial(w, n)
	p.Send(frame("the first"))
	p.Send(frame("the last"))
	p.Send(frame("too late"))
	pass(w, time.Second)
	if !p.closed || !slices.Equal(p.got, []string{"the first", "the last"}) {
		t.Fatal(p.closed, p.got)
	}
}

// TestTheEndIsTheLastEventOfAConnection, whoever ends it.
func TestTheEndIsTheLastEventOfAConnection(t *testing.T) {
	ends := map[string]func(w *World, n *Node, p *peer){
		"the client":    func(_ *World, _ *Node, p *peer) { p.Close() },
		"a reset":       func(_ *World, _ *Node, p *peer) { p.Reset() },
		"a bad frame":   func(_ *World, _ *Node, p *peer) { p.Send([]byte{0xff, 0xff, 0xff, 0xff, 0, 0}) },
		"a crash":       func(_ *World, n *Node, _ *peer) { n.Kill() },
		"a fault later": func(w *World, _ *Node, _ *peer) { w.Apply(faults.Plan{{Kind: faults.Reset, At: w.Now()}}) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			ended := map[env.ConnID]bool{}
			w, n := alone(3, with(func(now env.Time, ev env.Event, out *env.Outbox) {
				switch ev := ev.(type) {
				case env.ConnClosed:
					ended[ev.Conn] = true
				case env.Request:
					if ended[ev.Conn] {
						t.Error("a request came after the end")
					}
				}
				echo(now, ev, out)
			}))
			if name == "a fault later" { // it is armed before the dialing
				end(w, n, nil)
			}
			p := dial(w, n)
			for range 20 {
				p.Send(frame("eightbyt"))
			}
			if name != "a fault later" {
				end(w, n, p)
			}
			pass(w, time.Second)
			if name == "a crash" {
				if !p.closed {
					t.Error("the client does not know")
				}
				return
			}
			if len(ended) != 1 || name != "the client" && !p.closed {
				t.Errorf("the node knows of %d ends, the client %v", len(ended), p.closed)
			}
		})
	}
}

func TestSomeClientsAreSlowIfThatIsWanted(t *testing.T) {
	took := func(slow int) time.Duration {
		w, n := alone(4, with(echo))
		w.SlowReaders = slow
		p, began := dial(w, n), w.Now()
		for range 100 {
			p.Send(frame("eightbyt"))
		}
		if !w.Run(w.Now()+time.Minute, 1_000_000, func() bool { return len(p.got) == 100 }) {
			t.Fatal("not all answers came")
		}
		return w.Now() - began
	}
	if fast, slow := took(0), took(1); slow < 5*fast {
		t.Fatalf("%v without, %v with a slow client", fast, slow)
	}
}

func TestABufferThatIsGivenBackIsOverwritten(t *testing.T) {
	var frameGiven []byte
	w, n := alone(1, with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			out.Emit(env.Ready{})
		case env.Request:
			frameGiven = ev.Frame
			out.Emit(&env.Reply{Conn: ev.Conn, Parts: []env.Part{{Bytes: frame("answered")}}, Frame: ev.Frame})
		}
	}))
	p := dial(w, n)
	p.Send(frame("eightbyt"))
	pass(w, time.Second)
	if len(p.got) != 1 || string(frameGiven) != strings.Repeat("\xdb", 8) {
		t.Fatalf("the client got %q, the buffer holds %q", p.got, frameGiven)
	}
}
