//go:build interop

package interop

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// chaosTime is how long each of these tests hurts its cluster:
// ODRADEK_CHAOS=10m, 20 s if it is not set.
func chaosTime(t *testing.T) time.Duration {
	text := os.Getenv("ODRADEK_CHAOS")
	if text == "" {
		return 20 * time.Second
	}
	d, err := time.ParseDuration(text)
	must(t, err)
	return d
}

func TestThreeNodesLoseNothingToKillsAndPauses(t *testing.T) { killsAndPauses(t, 3, 1) }
func TestFiveNodesLoseNothingToKillsAndPauses(t *testing.T)  { killsAndPauses(t, 5, 2) }

// killsAndPauses hurts up to so many nodes at a time, again and again, under load.
func killsAndPauses(t *testing.T, n, atOnce int) {
	c := form(t, n, quick...)
	nodes := []int32{1, 2, 3}
	c.create("kept", 3, 2, nodes...)
	l := c.load("kept", 3, 2)
	l.librdkafka(100)
	chaos(t, c, l, func(rng *rand.Rand) {
		hurt := rng.Perm(n)[:1+rng.IntN(atOnce)]
		if lead := c.leader("kept", rng.IntN(3)); lead != nil && rng.IntN(2) == 0 {
			hurt[0] = int(lead.id) - 1
			hurt = hurt[:1]
		}
		var mend []func()
		for _, i := range hurt {
			mend = append(mend, c.nodes[i].hurt(rng))
		}
		time.Sleep(time.Duration(200+rng.IntN(5000)) * time.Millisecond)
		for _, f := range mend {
			f()
		}
	})
}

// hurt kills or freezes a node, and returns what mends it.
func (s *server) hurt(rng *rand.Rand) (mend func()) {
	if rng.IntN(2) == 0 {
		s.t.Logf("%v kill -9 of %d", time.Now().Format(time.TimeOnly), s.id)
		s.kill9()
		return func() { s.start() }
	}
	s.t.Logf("%v SIGSTOP of %d", time.Now().Format(time.TimeOnly), s.id)
	s.freeze()
	return func() { s.thaw() }
}

// chaos hurts and waits for progress in turns, until the time is up; then all
// must come back, and the history be right.
func chaos(t *testing.T, c *cluster, l *clusterLoad, hurt func(*rand.Rand)) {
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 0))
	rounds, longest := 0, time.Duration(0)
	for begun := time.Now(); time.Since(begun) < chaosTime(t); rounds++ {
		l.await(50)
		hurt(rng)
		mended := time.Now()
		l.await(50)
		longest = max(longest, time.Since(mended))
	}
	c.await("full ISR at the end", func(all []kadm.PartitionDetail) bool {
		for _, p := range all {
			if len(p.ISR) < len(p.Replicas) {
				return false
			}
		}
		return true
	}, "kept")
	r := l.finish()
	fmt.Printf("%s: seed %d, %d rounds, progress at most %v after the mending; %d acknowledged\n",
		t.Name(), seed, rounds, longest.Round(time.Millisecond), r.Stats.Acked)
}
