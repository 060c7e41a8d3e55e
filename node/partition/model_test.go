package partition_test

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"pgregory.net/rapid"

	"odradek/node/env"
	"odradek/node/partition"
	"odradek/node/storage"
)

// life is a partition to which anything happens, and what it owes to those who
// wait and watch.
type life struct {
	*world
	t        *rapid.T
	state    partition.State
	high     int64
	waiting  []*asked
	watching []*watcher
	released bool // and all who wait are, with an error
}

func TestWhoWaitsIsToldOnceAndRightly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		config := storage.DefaultConfig()
		config.SegmentBytes = rapid.SampledFrom([]int64{100, 300, 1 << 20}).Draw(t, "segment bytes")
		config.FlushMessages = rapid.SampledFrom([]int64{1, 1, 5}).Draw(t, "flush messages")
		l := &life{world: newWorld(rapid.Uint64().Draw(t, "seed")), t: t, state: leading(0)}
		l.p.Apply(env.Time{}, l.state, l.out)
		l.open(&config)
		t.Repeat(map[string]func(*rapid.T){
			"append": l.append,
			"pump":   func(*rapid.T) { l.pump() },
			"drain":  func(*rapid.T) { l.p.Log().Drained(env.Time{}, l.out) },
			"watch":  l.watch,
			"role":   l.role,
			"full":   func(t *rapid.T) { l.disk.SetFull(rapid.Bool().Draw(t, "full")) },
			"":       l.check,
		})
	})
}

// LogFailed would be the broker's to see; here Append tells.
func (l *life) append(t *rapid.T) {
	acks := rapid.SampledFrom([]int16{partition.AcksAll, 1}).Draw(t, "acks")
	a, err := l.p.Append(env.Time{}, produced(t, -1), acks, l.out)
	switch {
	case err == nil:
	case err == kerr.NotLeaderForPartition && !l.p.Leads(), err == kerr.KafkaStorageError && l.p.Log().Appendable() != nil:
		return
	case err == kerr.NotEnoughReplicas && len(l.state.ISR) < l.state.MinISR:
		return
	default:
		t.Fatal(err)
	}
	x := &asked{last: a.Last, acks: acks}
	l.waiting = append(l.waiting, x)
	l.p.Await(a.Last, acks, x)
}

func (l *life) watch(t *rapid.T) {
	if n := len(l.watching); n > 0 && rapid.Bool().Draw(t, "take back") {
		l.p.Unwatch(l.watching[n-1])
		l.watching = l.watching[:n-1]
		return
	}
	w := &watcher{}
	l.watching = append(l.watching, w)
	l.p.Watch(w)
	l.p.Watch(w) // once is enough
}

func (l *life) role(t *rapid.T) {
	s := l.state
	if rapid.Bool().Draw(t, "moves") {
		s.LeaderEpoch++
		s.Leader = rapid.Int32Range(1, 2).Draw(t, "leader")
	}
	s.MinISR = rapid.IntRange(1, 2).Draw(t, "min.insync.replicas")
	l.released = s.LeaderEpoch != l.state.LeaderEpoch
	l.state = s
	l.p.Apply(env.Time{}, s, l.out)
}

// check holds everyone's state against what the log says.
func (l *life) check(t *rapid.T) {
	high, acked, short := l.p.HighWatermark(), l.p.Log().Acked(), len(l.state.ISR) < l.state.MinISR
	if high < l.high || high > acked || l.p.Leads() && !short && high != acked || short && high != l.high {
		t.Fatalf("high watermark %d after %d, acknowledged %d", high, l.high, acked)
	}
	if l.p.Leads() && l.p.Log().Appendable() == nil && l.p.Log().Epochs().Latest() != l.state.LeaderEpoch {
		t.Fatalf("the leader of epoch %d has begun %d", l.state.LeaderEpoch, l.p.Log().Epochs().Latest())
	}
	l.checkWatchers(t, high)
	l.checkWaiting(t, high, acked)
	l.high, l.released = high, false
}

// checkWatchers: one is told when something changed, and then no more.
func (l *life) checkWatchers(t *rapid.T, high int64) {
	var left []*watcher
	told := 0
	for _, w := range l.watching {
		if w.told > 1 {
			t.Fatal("a watcher was told twice")
		}
		if told += w.told; w.told == 0 {
			left = append(left, w)
		}
	}
	if due := high > l.high || l.released; due && len(left) > 0 {
		t.Fatal("a watcher was not told")
	} else if !due && told > 0 && l.p.Log().Appendable() == nil {
		t.Fatal("a watcher was told of nothing")
	}
	l.watching = left
}

// checkWaiting: who may know is told nil, who never will an error, the others
// nothing.
func (l *life) checkWaiting(t *rapid.T, high, acked int64) {
	var left []*asked
	for _, x := range l.waiting {
		reached := acked
		if x.acks == partition.AcksAll {
			reached = high
		}
		switch {
		case x.told > 1:
			t.Fatal("told twice")
		case x.told == 0 && (x.last < reached || l.released || l.p.Log().Appendable() != nil):
			t.Fatalf("who waits for %d was not told: %d is reached", x.last, reached)
		case x.told == 1 && x.err == nil && x.last >= reached:
			t.Fatalf("%d is acknowledged, %d is reached", x.last, reached)
		case x.told == 0:
			left = append(left, x)
		}
	}
	l.waiting = left
}
