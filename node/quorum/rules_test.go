package quorum_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"odradek/faults"
	"odradek/node/env"
	"odradek/node/quorum"
	"odradek/node/record"
	"odradek/node/storage"
)

func quorumOf(t *testing.T, n int) *world {
	t.Helper()
	w := newWorld(uint64(n), n)
	w.startAll()
	lead(t, w)
	commit(t, w, 3)
	return w
}

// old leaves a log as a quorum of one wrote it before there were quorums.
func old(t *testing.T, n *node, batches int) {
	t.Helper()
	var l *storage.Log
	config := storage.DefaultConfig()
	n.tasks.Start(n.w.now, n.out, func(task *env.Task) (err error) {
		l, _, err = storage.Open(task, storage.Options{Dir: "d/__cluster_metadata-0", Config: &config, Owner: deaf{}, Tasks: n.tasks, Rand: n.rng})
		return err
	}, nil)
	n.settle()
	for i := range batches {
		b := record.NewBuilder(nil)
		b.Append(record.Record{Value: []byte{byte(i)}})
		b.Append(record.Record{Value: []byte{byte(i), 1}})
		batch, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		v := record.Validated{Batch: batch, Count: 2, Append: record.NoTimestamp}
		if _, err := l.Append(n.w.now, &v, 1, n.out); err != nil {
			t.Fatal(err)
		}
	}
	l.Drained(n.w.now, n.out)
	n.settle()
	n.machine.die(false)
}

type deaf struct{}

func (deaf) LogAdvanced(env.Time, *env.Outbox)      {}
func (deaf) LogFailed(env.Time, error, *env.Outbox) {}

func (n *node) settle() {
	for n.pump(n.w.now) {
	}
}

func TestALogFromBeforeThereWereQuorumsGoesOn(t *testing.T) {
	w := newWorld(1, 1)
	old(t, w.nodes[0], 4)
	for range 2 {
		w.startAll()
		lead(t, w)
		commit(t, w, 2)
		if state := w.nodes[0].state; len(state) < 8 || state[7] != "\x03\x01" {
			t.Fatalf("%q", state)
		}
		w.nodes[0].kill(true)
	}
}

func TestAnEmptyVoterFoundsNothingWhileOneIsMissing(t *testing.T) {
	w := newWorld(1, 3)
	w.nodes[0].start()
	w.nodes[1].start()
	if w.until(50, func() bool { return w.leader() != nil }) {
		t.Fatal("two of three empty voters founded a quorum")
	}
	w.nodes[2].start()
	lead(t, w)
}

func TestAWipedVoterObservesUntilItIsAddedAgain(t *testing.T) {
	w := quorumOf(t, 3)
	n := w.nodes[2]
	n.wipe()
	n.start()
	if w.until(50, func() bool { return len(n.state) > 0 }) {
		t.Fatal("it was given records")
	}
	if !n.q.Observing() {
		t.Fatal("it does not know that it is no voter")
	}
	lead(t, w)
	ok := w.until(50, func() bool { w.repair(); return w.settled() })
	if !ok || n.q.Observing() {
		t.Fatalf("it was not added again: %s", w.report())
	}
}

func TestAWipedQuorumDoesNotComeBackByItself(t *testing.T) {
	w := quorumOf(t, 3)
	w.nodes[0].wipe()
	w.nodes[1].wipe()
	w.startAll()
	if w.until(100, func() bool { return w.leader() != nil }) {
		t.Fatalf("a quorum came to be whose majority lost its storage: %s", w.report())
	}
}

func TestALeaderWithoutAMajorityResigns(t *testing.T) {
	w := quorumOf(t, 3)
	l := w.leader()
	resigned(w, l)
	if l.epoch != 0 {
		t.Fatal("it leads on")
	}
}

func resigned(w *world, l *node) {
	for _, n := range w.nodes {
		if n != l {
			w.split[[2]int32{min(n.me.ID, l.me.ID), max(n.me.ID, l.me.ID)}] = true
		}
	}
	w.until(25, func() bool { return l.epoch == 0 })
}

func TestFramesOfOtherClustersAndDirectoriesAreRefused(t *testing.T) {
	w := quorumOf(t, 3)
	w.tick(0)
	i := slices.IndexFunc(w.wire, func(l letter) bool { return l.to == 2 })
	for i < 0 {
		w.tick(1)
		i = slices.IndexFunc(w.wire, func(l letter) bool { return l.to == 2 })
	}
	n, frame := w.nodes[1], w.wire[i].frame
	for _, at := range []int{0, 3, 10, 27} { // kind, cluster, sender's and receiver's directory
		bad := slices.Clone(frame)
		bad[at] ^= 0x40
		before := n.q.Refused()
		n.q.Receive(w.now, bad, n.out)
		if n.q.Refused() != before+1 {
			t.Errorf("a frame with byte %d changed was taken", at)
		}
	}
}

func TestAVoterStopsForGoodWhenItsDiskFails(t *testing.T) {
	w := quorumOf(t, 1)
	n := w.nodes[0]
	n.disk.Arm(faults.EIOSync)
	w.propose()
	w.until(50, func() bool { w.propose(); return n.died != nil })
	if _, err := n.q.Propose(w.now, [][]byte{{1}}, n.out); !errors.Is(err, quorum.ErrFailed) || !errors.Is(n.died, quorum.ErrFailed) {
		t.Fatalf("%v, %v", err, n.died)
	}
}

func TestAVoterThatLagsBehindGetsTheSnapshot(t *testing.T) {
	w := quorumOf(t, 3)
	away := w.nodes[2]
	away.kill(false)
	lead(t, w)
	commit(t, w, 5)
	l := w.leader()
	if err := l.q.TakeSnapshot(w.now, l.out); err != nil {
		t.Fatal(err)
	}
	commit(t, w, 2)
	if end, _, _, ok := l.q.Snapshot(); !ok || end == 0 || len(checkpointsOf(l)) != 1 {
		t.Fatalf("snapshot of %d, files %v", end, checkpointsOf(l))
	}
	w.startAll()
	commit(t, w, 2)
	if w.marks["snapshot installed"] != 1 || len(away.state) != len(w.truth) {
		t.Fatalf("%v: %s", w.marks, w.report())
	}
}

func checkpointsOf(n *node) (all []string) {
	for _, p := range n.disk.Paths() {
		if strings.HasSuffix(p, ".checkpoint") {
			all = append(all, p)
		}
	}
	return all
}

func TestTheLeaderTellsHowFarTheOthersAre(t *testing.T) {
	w := quorumOf(t, 3)
	w.tick(enough)
	w.tick(enough)
	w.tick(enough)
	l := w.leader()
	d := l.q.Describe(w.now)
	if d.Leader != l.me.ID || d.Epoch != l.epoch || d.HighWatermark < l.end || len(d.Voters) != 3 {
		t.Fatalf("%+v", d)
	}
	for _, r := range d.Voters {
		if r.LogEnd != d.HighWatermark || r.LastFetch < w.now.Wall-500 || r.LastCaught < w.now.Wall-500 {
			t.Errorf("at %d: %+v", w.now.Wall, r)
		}
	}
	for _, n := range w.nodes {
		if n != l && n.q.Describe(w.now).Leader != l.me.ID {
			t.Errorf("node %d follows %d", n.me.ID, n.q.Describe(w.now).Leader)
		}
	}
}

func TestWhoDoesNotLeadTakesNoProposals(t *testing.T) {
	w := quorumOf(t, 3)
	for _, n := range w.nodes {
		if _, err := n.q.Propose(w.now, [][]byte{{1}}, n.out); n != w.leader() && !errors.Is(err, quorum.ErrNotLeader) {
			t.Errorf("node %d: %v", n.me.ID, err)
		}
	}
	l := w.leader()
	if _, err := l.q.Propose(w.now, [][]byte{make([]byte, 33<<20)}, l.out); !errors.Is(err, quorum.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}

func TestALeaderThatRemovesItselfResigns(t *testing.T) {
	w := quorumOf(t, 3)
	l := w.leader()
	if err := l.q.RemoveVoter(w.now, l.me, l.out); err != nil {
		t.Fatal(err)
	}
	if err := l.q.RemoveVoter(w.now, l.me, l.out); err == nil {
		t.Fatal("two changes at a time")
	}
	if !w.until(100, func() bool { x := w.leader(); return x != nil && x != l && len(x.q.Voters()) == 2 }) {
		t.Fatal(w.report())
	}
}

func TestALeaderHandsOverItsOffice(t *testing.T) {
	w := quorumOf(t, 3)
	l := w.leader()
	l.q.Resign(w.now, l.out)
	l.drained()
	if !w.until(4, func() bool { return w.leader() != nil && w.leader() != l }) {
		t.Fatal(w.report())
	}
	commit(t, w, 2)
}

// One loses its storage and is added again; then the leader loses its own, and the
// third alone has the end of the log, but no snapshot from after the change: it
// must know who the voters are.
func TestVotersThatWereChangedAreNotForgottenByARestart(t *testing.T) {
	w := quorumOf(t, 3)
	l := w.leader()
	others := slices.DeleteFunc(slices.Clone(w.nodes), func(n *node) bool { return n == l })
	again, last := others[0], others[1]
	again.wipe()
	again.start()
	if !w.until(100, func() bool { w.repair(); return w.settled() }) || w.leader() != l {
		t.Fatal(w.report())
	}
	again.kill(true)
	commit(t, w, 3)
	last.kill(true)
	l.wipe()
	w.startAll()
	lead(t, w)
	if w.leader() != last || !w.until(100, func() bool { w.repair(); return w.settled() }) {
		t.Fatal(w.report())
	}
}
