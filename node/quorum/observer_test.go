package quorum_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/env"
	"odradek/node/quorum"
)

// watcher is a node with an Observer in place of a Quorum.
type watcher struct {
	*node
	o *quorum.Observer
}

func (x *watcher) start() {
	x.state, x.end, x.o, x.died, x.up = nil, 0, nil, nil, true
	x.tasks.Start(x.w.now, x.out, func(t *env.Task) (err error) {
		x.o, err = quorum.OpenObserver(t, x.options())
		return err
	}, func(_ env.Time, err error, _ *env.Outbox) { x.died = err })
	x.settle()
}

// pull asks a voter for what comes next.
func (x *watcher) pull(from *node, max int) error {
	at, begun := x.o.Next()
	batches, err := from.q.ReadCommitted(at, max)
	if begun && err == nil {
		return x.o.Append(x.w.now, batches, x.out)
	}
	if end, epoch, file, ok := from.q.Snapshot(); ok {
		return x.o.Install(x.w.now, end, epoch, file, x.out)
	}
	return nil
}

// step lets some of what is under way end.
func (x *watcher) step(events int) {
	x.o.Drained(x.w.now, x.out)
	for range events {
		x.pump(x.w.now)
	}
}

func watched(w *world) *watcher {
	n := &node{w: w, machine: newMachine(w.rng)}
	n.me = quorum.Voter{ID: int32(len(w.nodes) + 1), Dir: env.NewUUID(w.rng)}
	x := &watcher{node: n}
	x.start()
	return x
}

func TestAnObserverHasWhatIsCommittedWhateverBefallsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(rapid.Uint64().Draw(t, "seed"), 1)
		w.startAll()
		w.until(100, func() bool { return w.leader() != nil })
		x := watched(w)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			x.befall(rapid.IntRange(0, 9).Draw(t, "what"))
			if w.err != nil || x.died != nil {
				t.Fatal(w.err, x.died)
			}
		}
		for range 100 {
			if err := x.pull(w.nodes[0], 1000); err != nil && !errors.Is(err, quorum.ErrBusy) {
				t.Fatal(err)
			}
			x.step(1000)
			w.tick(enough)
		}
		if len(x.state) != len(w.truth) || w.err != nil {
			t.Fatalf("%d of %d records: %v", len(x.state), len(w.truth), w.err)
		}
	})
}

func (x *watcher) befall(what int) {
	w := x.w
	switch what {
	case 0:
		x.die(true)
		x.start()
	case 1:
		x.die(false)
		x.start()
	case 2:
		l := w.nodes[0]
		l.q.TakeSnapshot(w.now, l.out)
	case 3:
		x.o.TakeSnapshot(w.now, x.out)
	case 4, 5, 6:
		w.propose()
		w.tick(50)
	default:
		if err := x.pull(w.nodes[0], 100); err != nil && !errors.Is(err, quorum.ErrBusy) {
			w.violate("pull: %v", err)
		}
		x.step(w.rng.IntN(30))
	}
}

func TestAnObserverBecomesAVoterInItsDirectory(t *testing.T) {
	w := quorumOf(t, 1)
	x := watched(w)
	w.nodes = append(w.nodes, x.node)
	l := w.leader()
	if err := l.q.AddVoter(w.now, x.me, l.out); err != nil {
		t.Fatal(err)
	}
	isVoter := func() bool {
		return slices.ContainsFunc(x.o.Voters(), func(v quorum.Voter) bool { return v.ID == x.me.ID && v.Dir == x.me.Dir })
	}
	x.up = false // it hears nothing of raft
	for range 20 {
		w.tick(enough)
		if err := x.pull(l, 1000); err != nil && !errors.Is(err, quorum.ErrBusy) {
			t.Fatal(err)
		}
		x.step(1000)
	}
	if !isVoter() {
		t.Fatalf("it does not know that it is a voter: %v", x.o.Voters())
	}
	x.die(false)
	x.node.start()
	commit(t, w, 3)
	if x.q.Observing() || len(x.q.Voters()) != 2 {
		t.Fatal(w.report())
	}
	x.kill(false)
	x.start()
	if !errors.Is(x.died, quorum.ErrVoters) {
		t.Fatalf("a voter's directory was opened to observe: %v", x.died)
	}
}

func TestAnObserverTakesNoGapAndNoDamage(t *testing.T) {
	w := quorumOf(t, 1)
	x := watched(w)
	l := w.leader()
	if err := x.pull(l, 1); err != nil {
		t.Fatal(err)
	}
	x.step(1000)
	later, err := l.q.ReadCommitted(2, 1000)
	if err != nil || len(later) == 0 {
		t.Fatal(err)
	}
	if err := x.o.Append(w.now, later, x.out); !errors.Is(err, quorum.ErrPulled) {
		t.Errorf("a gap: %v", err)
	}
	all, _ := l.q.ReadCommitted(0, 1000)
	bad := slices.Clone(all)
	bad[70] ^= 1
	if err := x.o.Append(w.now, bad, x.out); !errors.Is(err, quorum.ErrPulled) {
		t.Errorf("damage: %v", err)
	}
	if err := x.o.Append(w.now, all, x.out); err != nil {
		t.Errorf("what is whole: %v", err)
	}
}
