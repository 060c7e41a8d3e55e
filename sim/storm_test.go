package sim

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"odradek/faults"
)

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
