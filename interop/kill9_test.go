//go:build interop

package interop

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"odradek/checker"
)

const (
	kills = 20
	// restartBound is generous: a second is what a restart should take at most.
	restartBound = 15 * time.Second
)

func TestNothingAcknowledgedIsLostAndNothingIsDoubledByTwentyKills(t *testing.T) {
	s := serve(t)
	l := startLoad(t, s)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	var took []time.Duration
	for range kills {
		l.awaitAcks(100 + rng.IntN(1500))
		s.kill9()
		start := time.Now()
		s.up()
		took = append(took, l.firstAckSince(start).Sub(start))
	}
	l.awaitAcks(100)
	result := checker.Check(l.finish(), checker.Options{})
	t.Logf("%v", result)
	slices.Sort(took)
	t.Logf("from start to the first acknowledgement: median %v, longest %v: %v", took[kills/2], took[kills-1], took)
	if !result.Valid() {
		t.Error("the history is not that of a correct log")
	}
	if s := result.Stats; s.Acked < kills*100 || s.Maybes == 0 {
		t.Errorf("%d acknowledged, %d maybe: the kills met no load", s.Acked, s.Maybes)
	}
	if took[kills-1] > restartBound {
		t.Errorf("a restart took %v", took[kills-1])
	}
}

// awaitAcks returns after n more acknowledgements of the raw writers.
func (l *load) awaitAcks(n int) {
	l.t.Helper()
	for range n {
		l.nextAck()
	}
}

// firstAckSince is when the first produce that was sent after start was acknowledged.
func (l *load) firstAckSince(start time.Time) time.Time {
	l.t.Helper()
	for {
		if a := l.nextAck(); a.sent.After(start) {
			return a.answered
		}
	}
}

func (l *load) nextAck() ack {
	l.t.Helper()
	select {
	case a := <-l.acks:
		return a
	case <-time.After(time.Minute):
		l.t.Fatal("no produce was acknowledged for a minute")
		panic("unreachable")
	}
}

// The same run, but what was written is cut off behind the broker's back: were
// such a loss not seen, twenty kills without one would show nothing.
func TestALossBehindTheBrokersBackIsSeen(t *testing.T) {
	s := serve(t)
	l := startLoad(t, s)
	l.awaitAcks(500)
	s.kill9()
	must(t, os.RemoveAll(filepath.Join(s.data, "raw-0")))
	s.up()
	l.awaitAcks(100)
	result := checker.Check(l.finish(), checker.Options{Keep: 1})
	if result.Count("lost-write")+result.Count("unseen")+result.Count("inconsistent-offsets") == 0 {
		t.Errorf("the loss was not seen: %v", result)
	}
}
