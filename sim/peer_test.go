package sim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"odradek/node/env"
)

func TestNodesTalkToEachOther(t *testing.T) {
	for seed := range uint64(10) {
		w, _, b := pair(t, seed)
		pass(w, 100*time.Millisecond)
		if b.answers < 100 || b.dialed != 1 || b.ended != 0 || w.Crash() != nil {
			t.Fatalf("seed %d: %+v, %v", seed, *b, w.Crash())
		}
	}
}

func TestANodeIsReachedAtItsListenersAndByTheMachineOfEach(t *testing.T) {
	var opened []string
	see := func(machine int) func(env.Time, env.Event, *env.Outbox) {
		return func(_ env.Time, ev env.Event, out *env.Outbox) {
			if o, ok := ev.(env.ConnOpened); ok {
				opened = append(opened, fmt.Sprintf("%d %s %s", machine, o.Listener, o.Local))
			}
			if m, ok := ev.(env.Message); ok && m.Body == "ready" {
				out.Emit(env.Ready{})
			}
		}
	}
	w := NewWorld(1)
	n := w.AddNode(with(see(0), see(1)), "/d")
	pass(w, time.Second)
	dial := func(addr string) []string {
		b := &book{}
		caller := w.AddNode(func(Boot) []env.Machine { return []env.Machine{newTalker(t, addr, b)} }, "/d")
		opened = nil
		pass(w, 10*time.Millisecond)
		caller.Kill()
		return append(opened, fmt.Sprint(b.dialed > 0, b.refused > 0))
	}
	check := func(addr string, want ...string) {
		t.Helper()
		if got := dial(addr); !slices.Equal(got, want) {
			t.Errorf("%s: %q, not %q", addr, got, want)
		}
	}
	check(n.Addr(Controller), "0 CONTROLLER node0:9093", "true false")
	check(n.Addr(Plaintext), "false true")
	check("nowhere:9092", "false true")
	n.process.boxes[0].post(env.Message{Body: "ready"})
	check(n.Addr(Plaintext), "1 PLAINTEXT node0:9092", "true false")
}

func TestTheEndOfANodeEndsTheConnectionsOfItsPeers(t *testing.T) {
	ends := map[string]func(*World, *Node){
		"crash":     func(_ *World, n *Node) { n.Kill() },
		"power cut": func(_ *World, n *Node) { n.PowerCut() },
		"wipe":      func(_ *World, n *Node) { n.Wipe() },
	}
	for name, end := range ends {
		prompt, late := 0, 0
		for seed := range uint64(20) {
			w, nodes, b := pair(t, seed)
			end(w, nodes[0])
			pass(w, 50*time.Millisecond)
			if b.ended > 0 {
				prompt++
			} else {
				late++
			}
			if pass(w, 31*time.Second); b.ended == 0 {
				t.Fatalf("%s, seed %d: the peer never knew", name, seed)
			}
			if nodes[0].Start(); !goesOn(w, b, 20*time.Second) {
				t.Fatalf("%s, seed %d: they do not talk again", name, seed)
			}
		}
		if prompt == 0 || (late > 0) != (name != "crash") {
			t.Errorf("%s: %d peers knew at once, %d later", name, prompt, late)
		}
	}
}

func TestAPeerThatWasNotToldLearnsOfItWhenTheNodeIsBackAndItSends(t *testing.T) {
	for seed := range uint64(20) {
		w, nodes, b := pair(t, seed)
		caller := nodes[1].process
		nodes[0].PowerCut()
		pass(w, 50*time.Millisecond)
		for _, e := range caller.ends() {
			if !e.dialing {
				e.box.reply(&env.Reply{Conn: e.id, Parts: []env.Part{{Bytes: frame("eightbyt")}}})
			}
		}
		if nodes[0].Start(); !goesOn(w, b, 5*time.Second) {
			t.Fatalf("seed %d: %+v", seed, *b)
		}
	}
}

func TestACallerThatDiesEndsTheConnectionAtTheOtherNode(t *testing.T) {
	for seed := range uint64(20) {
		w, nodes, _ := pair(t, seed)
		nodes[1].PowerCut()
		pass(w, 31*time.Second)
		if open := len(nodes[0].process.conns); open != 0 {
			t.Fatalf("seed %d: %d connections are open", seed, open)
		}
	}
}

func TestAPeerThatDoesNotReadIsNotSentWithoutEnd(t *testing.T) {
	sent, got := 0, 0
	var conn env.ConnID
	w := NewWorld(1)
	w.AddNode(with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.ConnOpened:
			for range 100 {
				out.Emit(&env.Reply{Conn: ev.Conn, Parts: []env.Part{{Bytes: sized(100_000)}}})
			}
		case env.Sent:
			sent++
		}
	}), "/d")
	w.AddNode(with(func(now env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			conn = out.Dial("node0:9093")
			out.WakeAt(time.Second)
		case env.Dialed:
			out.Emit(env.Pause(ev))
		case env.Wake:
			out.Emit(env.Resume{Conn: conn})
		case env.Request:
			got++
		}
	}), "/d")
	if pass(w, 900*time.Millisecond); got > 0 || sent > 12 {
		t.Errorf("%d sent, %d arrived in spite of the pause", sent, got)
	}
	if pass(w, time.Second); got != 100 || sent != 100 {
		t.Errorf("%d sent, %d arrived", sent, got)
	}
}

func TestADialThatIsGivenUpEndsOnceAndForAll(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(40) {
		var conn env.ConnID
		var events []string
		w := NewWorld(seed)
		w.AddNode(with(echo), "/d")
		pass(w, time.Second)
		n := w.AddNode(with(func(now env.Time, ev env.Event, out *env.Outbox) {
			switch ev := ev.(type) {
			case env.Started:
				conn = out.Dial("node0:9092")
				out.WakeAt(now.Mono + w.between(0, 600*time.Microsecond))
			case env.Wake:
				out.Emit(env.CloseConn{Conn: conn})
			case env.Dialed, env.ConnClosed:
				events = append(events, fmt.Sprintf("%T", ev))
			}
		}), "/d")
		pass(w, time.Second)
		seen[fmt.Sprint(events)]++
		if open := len(w.nodes[0].process.conns) + len(n.process.conns); open != 0 {
			t.Fatalf("seed %d: %d ends are open", seed, open)
		}
	}
	if len(seen) != 2 || seen["[env.ConnClosed]"] == 0 || seen["[env.Dialed env.ConnClosed]"] == 0 {
		t.Fatal(seen)
	}
}

func TestAMachineThatUsesAConnectionOfAnotherEndsTheWorld(t *testing.T) {
	w, n := alone(1, with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		switch ev := ev.(type) {
		case env.Started:
			out.Emit(env.Ready{})
		case env.Message:
			out.Emit(env.CloseConn{Conn: ev.Body.(env.ConnID)})
		}
	}, func(_ env.Time, ev env.Event, out *env.Outbox) {
		if o, ok := ev.(env.ConnOpened); ok {
			out.Send(0, o.Conn)
		}
	}))
	dial(w, n)
	if pass(w, time.Second); w.Crash() == nil {
		t.Fatal("nobody noticed")
	}
}

func TestToSendBeforeTheConnectionStandsEndsTheWorld(t *testing.T) {
	w, _ := alone(1, with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Started); ok {
			out.Emit(&env.Reply{Conn: out.Dial("node0:9093"), Parts: []env.Part{{Bytes: frame("eightbyt")}}})
		}
	}))
	if w.Crash() == nil {
		t.Fatal("nobody noticed")
	}
}

func TestAPeerThatSpeaksFirstIsHeardAfterTheConnectionStands(t *testing.T) {
	for seed := range uint64(40) {
		var events []string
		w := NewWorld(seed)
		w.AddNode(with(func(_ env.Time, ev env.Event, out *env.Outbox) {
			if o, ok := ev.(env.ConnOpened); ok {
				out.Emit(&env.Reply{Conn: o.Conn, Parts: []env.Part{{Bytes: frame("4444")}, {Bytes: frame("5byte")}}})
			}
		}), "/d")
		w.AddNode(with(func(now env.Time, ev env.Event, out *env.Outbox) {
			switch ev := ev.(type) {
			case env.Started:
				out.Dial("node0:9093")
			case env.Dialed, env.Request, env.ConnClosed:
				events = append(events, fmt.Sprintf("%T", ev))
			}
		}), "/d")
		if pass(w, time.Second); len(events) < 2 || events[0] != "env.Dialed" {
			t.Fatalf("seed %d: %v", seed, events)
		}
	}
}
