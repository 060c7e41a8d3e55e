package quorum_test

import (
	"errors"
	"strings"
	"testing"

	"odradek/node/env"
	"odradek/node/quorum"
	"odradek/node/storage"
)

// turn changes what the directory of a node that is down says of its vote.
func (n *node) turn(t *testing.T, how func(*env.Task, quorum.Options) error) {
	t.Helper()
	n.tasks.Start(n.w.now, n.out, func(task *env.Task) error { return how(task, n.options()) },
		func(_ env.Time, err error, _ *env.Outbox) {
			if err != nil {
				t.Fatal(err)
			}
		})
	n.settle()
}

// stateFile is the text of its quorum-state.
func stateFile(t *testing.T, n *node) (text string) {
	t.Helper()
	n.turn(t, func(task *env.Task, o quorum.Options) error {
		b, err := storage.ReadFile(task, o.Dir+"/quorum-state")
		text = string(b)
		return err
	})
	return text
}

func hasVote(t *testing.T, n *node) (yes bool) {
	t.Helper()
	n.turn(t, func(task *env.Task, o quorum.Options) (err error) {
		yes, err = quorum.HasVote(task, o)
		return err
	})
	return yes
}

// removal takes the last voter out, and makes an observer of it.
func removal(t *testing.T, w *world) *watcher {
	t.Helper()
	gone := w.nodes[len(w.nodes)-1]
	w.until(100, func() bool {
		l := w.leader()
		return l != nil && l != gone && l.q.RemoveVoter(w.now, gone.me, l.out) == nil
	})
	if !w.until(200, func() bool { return gone.q.Removed() }) || gone.q.Observing() {
		t.Fatalf("who was removed does not know it, or leaves before others do: %v", w.report())
	}
	out, err := gone.q.Outvoted(nil, gone.q.HighWatermark())
	if err != nil || !out || !w.until(10, gone.q.Observing) {
		t.Fatal(out, err)
	}
	gone.die(false)
	gone.up = false
	gone.turn(t, quorum.LeaveVote)
	x := &watcher{node: gone}
	x.start()
	if x.died != nil {
		t.Fatal(x.died)
	}
	return x
}

func TestAVoterThatWasRemovedObservesAndMayBeAddedAgain(t *testing.T) {
	w := quorumOf(t, 3)
	x := removal(t, w)
	x.up = false // it hears nothing of raft
	commit(t, w, 5)
	if hasVote(t, x.node) {
		t.Fatal("its directory says that it votes")
	}
	for range 20 {
		w.tick(enough)
		if err := x.pull(w.leader(), 1000); err != nil && !errors.Is(err, quorum.ErrBusy) {
			t.Fatal(err)
		}
		x.step(1000)
	}
	if len(x.state) != len(w.truth) {
		t.Fatalf("it has %d of %d records", len(x.state), len(w.truth))
	}
	l := w.leader()
	if err := l.q.AddVoter(w.now, x.me, l.out); err != nil {
		t.Fatal(err)
	}
	x.die(false)
	x.turn(t, quorum.TakeVote)
	x.node.start()
	commit(t, w, 5)
	if !w.until(200, func() bool { return len(x.q.Voters()) == 3 }) || x.q.Observing() || w.err != nil {
		t.Fatal(w.report(), w.err)
	}
	x.die(false)
	if !hasVote(t, x.node) {
		t.Fatal("its directory says that it does not vote")
	}
}

func TestThePromisesOfAVoterThatWasRemovedOutliveItsTimeAsAnObserver(t *testing.T) {
	w := quorumOf(t, 3)
	x := removal(t, w)
	x.die(false)
	promised := strings.Replace(stateFile(t, x.node), `,"observes":true`, "", 1)
	x.turn(t, quorum.TakeVote)
	if now := stateFile(t, x.node); now != promised || !strings.Contains(now, `"votedId":1,`) {
		t.Fatalf("%s\nbecame\n%s", promised, now)
	}
}

func TestAVoterThatIsOnlyBehindIsNotTakenForOneThatWasRemoved(t *testing.T) {
	w := quorumOf(t, 3)
	for i := range w.nodes {
		n := w.nodes[i]
		n.kill(true)
		n.start()
		for range 100 {
			if w.tick(1); n.ready && n.q.Observing() {
				t.Fatalf("%v observes", n.me)
			}
		}
	}
	commit(t, w, 2)
}
