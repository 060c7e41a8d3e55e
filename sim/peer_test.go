package sim

import (
	crand "crypto/rand"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"odradek/faults"
	"odradek/node/env"
)

// lasting is a fault from now on for a while.
func lasting(w *World, d time.Duration, f faults.Fault) faults.Plan {
	f.At, f.Until = w.now, w.now+d
	return faults.Plan{f}
}

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

func TestABlockInEitherDirectionStallsAndTheConnectionGoesOnOrIsResetAtBothEnds(t *testing.T) {
	for _, blocked := range []faults.Fault{
		{Kind: faults.Block, On: 0, To: 1}, {Kind: faults.Block, On: 1, To: 0}, {Kind: faults.Partition, Apart: "0|1"},
	} {
		resets, survivals := 0, 0
		for seed := range uint64(10) {
			w, _, b := pair(t, seed)
			w.Apply(lasting(w, 5*time.Second, blocked))
			if !silent(w, b, 4*time.Second) || b.ended > 0 {
				t.Fatalf("%v, seed %d: it did not stall: %+v", blocked, seed, *b)
			}
			if !goesOn(w, b, 5*time.Second) {
				t.Fatalf("%v, seed %d: it does not go on: %+v", blocked, seed, *b)
			}
			if pass(w, 2*time.Second); b.ended > 0 {
				resets++
			} else {
				survivals++
			}
		}
		if resets == 0 || survivals == 0 {
			t.Errorf("%v: %d connections reset, %d not", blocked, resets, survivals)
		}
	}
}

func TestAPartitionLeavesThoseInOneGroupAndThoseInNoneAlone(t *testing.T) {
	w := NewWorld(1)
	talk(t, w, "")
	_, same := talk(t, w, "node0:9092")
	_, other := talk(t, w, "node0:9092")
	_, bridge := talk(t, w, "node0:9092")
	_, far := talk(t, w, "node2:9092")
	pass(w, time.Second)
	client := dial(w, w.nodes[0])
	w.Apply(lasting(w, 3*time.Second, faults.Fault{Kind: faults.Partition, Apart: "0,1,clients|2"}))
	pass(w, 100*time.Millisecond)
	client.Send(frame("eightbyt"))
	if !goesOn(w, same, time.Second) || !goesOn(w, bridge, time.Second) || !goesOn(w, far, time.Second) || len(client.got) != 1 {
		t.Error("the partition reaches too far")
	}
	if !silent(w, other, time.Second) {
		t.Error("there is no partition")
	}
}

func TestADialIntoABlackHoleEndsAfterAWhileOrSucceedsWhenItIsGone(t *testing.T) {
	for _, lasts := range []time.Duration{2 * time.Second, time.Hour} {
		w := NewWorld(1)
		talk(t, w, "")
		w.Apply(lasting(w, lasts, faults.Fault{Kind: faults.Block, On: 0, To: 1}))
		_, b := talk(t, w, "node0:9092")
		pass(w, 9*time.Second)
		if lasts == time.Hour {
			if b.ended > 0 {
				t.Fatalf("the dial ended too early: %+v", *b)
			}
			if pass(w, 2*time.Second); b.refused != 1 || b.dialed != 0 {
				t.Fatalf("the dial did not end: %+v", *b)
			}
		} else if b.dialed != 1 || b.ended > 0 || b.answers == 0 {
			t.Fatalf("%+v", *b)
		}
	}
}

func TestClientsSufferFromTheNetworkToo(t *testing.T) {
	w, n := alone(1, with(echo))
	before := dial(w, n)
	w.Apply(lasting(w, 5*time.Second, faults.Fault{Kind: faults.Block, On: faults.Clients, To: 0}))
	pass(w, time.Millisecond)
	before.Send(frame("eightbyt"))
	during := dial(w, n)
	during.Send(frame("eightbyt"))
	pass(w, 4*time.Second)
	if len(before.got)+len(during.got) > 0 || before.closed || during.closed {
		t.Fatal("there is no block")
	}
	pass(w, 20*time.Second)
	if len(before.got) != 1 && !before.closed || !during.closed || during.Conn.why() != errRefused {
		t.Fatal(before.got, before.closed, during.closed)
	}
}

func TestADelayedLinkIsSlowAndACloggedOneNarrow(t *testing.T) {
	rate := func(f faults.Fault) int {
		w, _, b := pair(t, 3)
		was := b.answers
		w.Apply(lasting(w, time.Hour, f))
		pass(w, time.Second)
		return b.answers - was
	}
	free := rate(faults.Fault{Kind: faults.Clock})
	slow := rate(faults.Fault{Kind: faults.DelayLink, On: 1, To: 0, Delay: 50 * time.Millisecond})
	narrow := rate(faults.Fault{Kind: faults.ClogLink, On: 0, To: 1, Delay: 10 * time.Millisecond})
	if slow > free/5 || slow < 80 || narrow > free/5 || narrow < 50 {
		t.Errorf("%d answers, %d with delay, %d clogged", free, slow, narrow)
	}
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

func TestAPausedNodeStandsStillAndThenDoesEverything(t *testing.T) {
	w, nodes, b := pair(t, 1)
	steps := w.Steps()
	w.Apply(slices.Concat(
		lasting(w, 2*time.Second, faults.Fault{Kind: faults.Pause, On: 0}),
		lasting(w, time.Second, faults.Fault{Kind: faults.Pause, On: 1}),
	))
	pass(w, time.Microsecond)
	if steps = w.Steps(); !silent(w, b, 900*time.Millisecond) || w.Steps() != steps {
		t.Fatalf("%d steps were made", w.Steps()-steps)
	}
	if pass(w, 500*time.Millisecond); w.Steps() == steps || len(nodes[0].process.boxes[1].events) == 0 {
		t.Fatal("the second one does not go on, or what it sends is not kept")
	}
	if !goesOn(w, b, time.Second) || b.ended > 0 {
		t.Fatalf("%+v", *b)
	}
}

func TestADiskStandsStillWithItsNodeButForWhatIsUnderWay(t *testing.T) {
	w := NewWorld(1)
	n := w.AddNode(with(func(_ env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Started); ok {
			for range 5000 {
				out.Disk(env.Disk{Kind: env.SyncDir, Path: "/d"})
			}
		}
	}), "/d")
	pass(w, 2*time.Millisecond)
	w.Apply(lasting(w, time.Second, faults.Fault{Kind: faults.Pause}))
	pass(w, 100*time.Millisecond)
	ops := n.ops
	pass(w, 100*time.Millisecond)
	if n.ops != ops {
		t.Error("a frozen process began an operation")
	}
	pass(w, time.Second)
	if n.ops == ops {
		t.Error("it does not go on")
	}
}

func TestAWipedNodeStartsWithAnEmptyDisk(t *testing.T) {
	w, n := alone(1, with(func(now env.Time, ev env.Event, out *env.Outbox) {
		if _, ok := ev.(env.Started); ok {
			out.Disk(env.Disk{Kind: env.Open, File: out.NewFile(), Path: "/d/file", Flags: env.Create})
			out.Disk(env.Disk{Kind: env.SyncDir, Path: "/d"})
		}
		echo(now, ev, out)
	}))
	written := n.Disk().Summary()
	n.make = with(echo)
	w.Apply(faults.Plan{{Kind: faults.Wipe, At: w.now, Delay: time.Millisecond}})
	if pass(w, time.Second); n.Disk().Summary() == written || n.Disk().Summary() != NewDisk(rand.New(rand.NewPCG(1, 1)), "/d").Summary() || !n.Up() {
		t.Fatalf("%q", n.Disk().Summary())
	}
}

func TestAClockDriftsAndWakeUpsFollowIt(t *testing.T) {
	for _, drift := range []time.Duration{-500 * time.Millisecond, 500 * time.Millisecond} {
		var at, world []time.Duration
		w := NewWorld(1)
		w.AddNode(with(func(now env.Time, ev env.Event, out *env.Outbox) {
			switch ev.(type) {
			case env.Started, env.Wake:
				at, world = append(at, now.Mono), append(world, w.now)
				out.WakeAt(now.Mono + 10*time.Second)
			}
		}), "/d")
		w.Apply(faults.Plan{{Kind: faults.Drift, At: 5 * time.Second, Until: 25 * time.Second, Delay: drift}})
		pass(w, 100*time.Second)
		for i := range at[1:] {
			if took := at[i+1] - at[i]; took < 10*time.Second || took > 10*time.Second+time.Millisecond {
				t.Errorf("drift %v: a wake-up took %v", drift, took)
			}
		}
		gained := at[len(at)-1] - world[len(world)-1]
		if (gained - 20*drift).Abs() > time.Millisecond {
			t.Errorf("drift %v: %v gained", drift, gained)
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
			out.Emit(env.Pause{Conn: ev.Conn})
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

// storm is three nodes which all talk to each other, under any faults.
func storm(t testing.TB, seed uint64) (uint64, faults.Plan) {
	w := NewWorld(seed)
	var books []*book
	for i := range 3 {
		_, b := talkWith(t, w, fmt.Sprintf("node%d:9092", (i+1)%3), &book{rest: 100 * time.Millisecond})
		books = append(books, b)
	}
	pass(w, 100*time.Millisecond)
	budget := faults.Budget{Nodes: 3, Conns: 20, Horizon: 10 * time.Second, Down: 3 * time.Second, Most: map[faults.Kind]int{
		faults.PowerCut: 2, faults.Crash: 2, faults.Wipe: 1, faults.Pause: 3, faults.Drift: 2, faults.Clock: 2, faults.Reset: 5,
		faults.Partition: 4, faults.Block: 4, faults.DelayLink: 4, faults.ClogLink: 4,
	}}
	plan := faults.Draw(rand.New(rand.NewPCG(seed, 0)), budget)
	w.Apply(plan)
	pass(w, 10*time.Second)
	w.Heal()
	// Who was not told that its peer is gone has to find out: 30 s.
	for i, b := range books {
		if w.Crash() != nil || !goesOn(w, b, 40*time.Second) {
			t.Errorf("seed %d: node %d does not go on: %+v, %v\n%v", seed, i, *b, w.Crash(), plan)
		}
	}
	pass(w, 31*time.Second)
	for _, n := range w.nodes {
		for _, e := range n.process.ends() {
			if e.peer && !e.dialing && (e.line.far.(*end).deaf() || len(e.line.stalled) > 0) {
				t.Errorf("seed %d: connection %d of node %d has one end\n%v", seed, e.id, n.index, plan)
			}
		}
	}
	return w.Hash(), plan
}

func TestWhateverHappensFramesArriveWholeAndInOrderAndAfterHealingAllGoesOn(t *testing.T) {
	kinds := map[faults.Kind]bool{}
	for seed := range uint64(12) {
		hash, plan := storm(t, seed)
		if seed%4 == 0 {
			if again, _ := storm(t, seed); again != hash {
				t.Errorf("seed %d: %x, then %x", seed, hash, again)
			}
		}
		for _, f := range plan {
			kinds[f.Kind] = true
		}
	}
	if len(kinds) != 11 {
		t.Errorf("%d kinds of faults happened", len(kinds))
	}
}

func TestNodesThatReadCryptoRandAreSeededAndNobodyElseIs(t *testing.T) {
	was := crand.Reader
	play := func(seed uint64) (drawn []int64, hash uint64) {
		w, _ := alone(seed, with(func(now env.Time, ev env.Event, out *env.Outbox) {
			if len(drawn) < 10 {
				n, err := crand.Int(crand.Reader, big.NewInt(1_000_000)) // as etcd/raft does
				if err != nil {
					t.Fatal(err)
				}
				drawn = append(drawn, n.Int64())
				out.WakeAt(now.Mono + time.Duration(n.Int64()))
			}
		}))
		return drawn, w.Hash()
	}
	first, hash := play(1)
	again, same := play(1)
	other, _ := play(2)
	if !slices.Equal(first, again) || hash != same || slices.Equal(first, other) || len(first) != 10 {
		t.Error(first, again, other)
	}
	if crand.Reader != was {
		t.Error("the reader was not put back")
	}
}
