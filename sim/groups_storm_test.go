package sim_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/faults"
)

// TestCommittedOffsetsNeverGoBack lets one client commit ever greater offsets and
// ask for them, while nodes crash and disks are slow or full: it finds what was
// acknowledged last, or what it tried after that.
func TestCommittedOffsetsNeverGoBack(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { neverBack(t, seed) })
	}
}

func neverBack(t *testing.T, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 99))
	g := newGroupsWorld(t, 3)
	g.commit("g", 0, "")
	g.w.Apply(drawStorm(rng, g.w.Now(), 20*time.Second))
	acked, tried, answered := int64(0), int64(0), 0
	for i := range 300 {
		at := i / 3 % 3
		if i%3 == 0 {
			at = g.coordinator("g")
		}
		if rng.IntN(2) == 0 {
			tried++
			resp, ok := g.ask(at, commitOf("g", tried, "")).(*kmsg.OffsetCommitResponse)
			if ok && resp.Topics[0].Partitions[0].ErrorCode == 0 {
				acked = tried
			}
		} else if resp, ok := g.ask(at, fetchOf("g")).(*kmsg.OffsetFetchResponse); ok && resp.Groups[0].ErrorCode == 0 {
			answered++
			if len(resp.Groups[0].Topics) == 0 {
				t.Fatalf("node %d at %v: nothing is committed, but %d was", at, g.w.Now(), acked)
			}
			got := resp.Groups[0].Topics[0].Partitions[0].Offset
			if got < acked || got > tried {
				t.Fatalf("node %d at %v: %d is committed, not %d to %d", at, g.w.Now(), got, acked, tried)
			}
			acked = got // what was shown stays
		}
		g.pass(time.Duration(rng.IntN(150)) * time.Millisecond)
	}
	if answered == 0 {
		t.Error("nothing was answered")
	}
	g.w.Heal()
	g.startAll()
	if got := g.committed("g"); got < acked || got > tried {
		t.Errorf("in the end %d is committed, not %d to %d", got, acked, tried)
	}
}

func drawStorm(rng *rand.Rand, from, length time.Duration) (plan faults.Plan) {
	kinds := []faults.Kind{faults.PowerCut, faults.Crash, faults.Pause, faults.DiskFull, faults.DiskSlow, faults.Block}
	for range 14 {
		at := from + time.Duration(rng.Int64N(int64(length)))
		f := faults.Fault{Kind: kinds[rng.IntN(len(kinds))], On: rng.IntN(3), To: rng.IntN(3), At: at}
		f.Until = at + time.Duration(rng.Int64N(int64(4*time.Second)))
		if f.Delay = 5 * time.Millisecond; f.Kind == faults.PowerCut || f.Kind == faults.Crash {
			f.Delay = time.Duration(rng.Int64N(int64(3 * time.Second)))
		}
		plan = append(plan, f)
	}
	return plan
}
