package sim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"odradek/faults"
)

// lasting is a fault from now on for a while.
func lasting(w *World, d time.Duration, f faults.Fault) faults.Plan {
	f.At, f.Until = w.now, w.now+d
	return faults.Plan{f}
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

func TestWhatIsSentAfterABlockDoesNotOvertakeWhatStallsInIt(t *testing.T) {
	waited := false
	for seed := range uint64(20) {
		w, n := alone(seed, with(echo))
		p := dial(w, n)
		w.Apply(lasting(w, time.Second, faults.Fault{Kind: faults.Block, On: faults.Clients, To: 0}))
		var want []string
		for i := range 300 {
			want = append(want, fmt.Sprintf("%08d", i))
			p.Send(frame(want[i]))
			pass(w, 10*time.Millisecond)
			waited = waited || w.now > 2*time.Second && len(p.got) == 0 && !p.closed
		}
		pass(w, time.Second)
		if !p.closed && !slices.Equal(p.got, want) {
			t.Fatalf("seed %d: %v", seed, p.got)
		}
	}
	if !waited {
		t.Error("nothing was sent between the block and the going on")
	}
}
