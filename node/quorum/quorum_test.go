package quorum_test

import (
	"fmt"
	"testing"
)

func TestAQuorumLeadsAndCommits(t *testing.T) {
	for _, n := range []int{1, 3, 5} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := newWorld(1, n)
			w.startAll()
			lead(t, w)
			commit(t, w, 10)
			for _, n := range w.nodes {
				if len(n.state) != len(w.truth) {
					t.Errorf("node %d has %d records of %d", n.me.ID, len(n.state), len(w.truth))
				}
			}
		})
	}
}

func lead(t *testing.T, w *world) {
	t.Helper()
	if !w.until(100, func() bool { return w.leader() != nil }) {
		for _, n := range w.nodes {
			t.Logf("node %d: ready %v, died %v", n.me.ID, n.ready, n.died)
			if n.ready {
				t.Logf("%+v", n.q.Describe(w.now))
			}
		}
		t.Fatalf("no leader: %v", w.err)
	}
}

// commit proposes and waits until as many more proposals are known to be
// committed, everywhere.
func commit(t *testing.T, w *world, n int) {
	t.Helper()
	want := len(w.acked) + n
	ok := w.until(200, func() bool {
		if len(w.acked) < want {
			w.propose()
			return false
		}
		for _, n := range w.nodes {
			if n.up && len(n.state) != len(w.truth) {
				return false
			}
		}
		return true
	})
	if !ok || w.err != nil {
		t.Fatalf("%d of %d committed: %v", len(w.acked), want, w.err)
	}
}
