package partition_test

import (
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/faults"
	"odradek/node/env"
	"odradek/node/partition"
	"odradek/node/record"
	"odradek/node/storage"
)

// asked is one who waits.
type asked struct {
	last int64
	acks int16
	told int
	err  error
}

func (a *asked) Done(err error) { a.told, a.err = a.told+1, err }

type watcher struct{ told int }

func (w *watcher) Changed() { w.told++ }

func leading(epoch int32) partition.State {
	return partition.State{Leader: 1, LeaderEpoch: epoch, Replicas: []int32{1}, ISR: []int32{1}, MinISR: 1}
}

func produced(t interface{ Fatal(...any) }, sequence int32) *record.Validated {
	b := record.NewBuilder(nil)
	if sequence >= 0 {
		b.ProducerID, b.ProducerEpoch, b.BaseSequence = 9, 0, sequence
	}
	b.Append(record.Record{Timestamp: 5, Value: []byte("one")})
	b.Append(record.Record{Timestamp: 6, Value: []byte("two")})
	batch, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return &record.Validated{Batch: batch, Count: 2, Max: record.TimeMark{Timestamp: 6, Offset: 1}, Append: record.NoTimestamp}
}

// alone is the leader and only replica of a new partition.
func alone(t *testing.T) *world {
	config := storage.DefaultConfig()
	w := newWorld(1)
	w.p.Apply(env.Time{}, leading(3), w.out)
	w.open(&config)
	return w
}

func (w *world) append(t *testing.T, sequence int32) partition.Appended {
	t.Helper()
	a, err := w.p.Append(env.Time{}, produced(t, sequence), partition.AcksAll, w.out)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w *world) sync() {
	w.p.Log().Drained(env.Time{}, w.out)
	w.settle()
}

func TestAnAcknowledgementWaitsForTheSync(t *testing.T) {
	w := alone(t)
	a := w.append(t, -1)
	one, all := &asked{}, &asked{}
	w.p.Await(a.Last, 1, one)
	w.p.Await(a.Last, partition.AcksAll, all)
	w.settle()
	if one.told+all.told != 0 || w.p.HighWatermark() != 0 {
		t.Fatal("acknowledged before the sync")
	}
	w.sync()
	if one.told != 1 || all.told != 1 || one.err != nil || all.err != nil || w.p.HighWatermark() != 2 {
		t.Fatal(one, all, w.p.HighWatermark())
	}
	w.p.Await(a.Last, 1, one)
	if one.told != 2 {
		t.Fatal("what is durable is not acknowledged at once")
	}
}

func TestARepeatedBatchIsTheOneInTheLogAndWaitsForIt(t *testing.T) {
	w := alone(t)
	first, again := w.append(t, 0), w.append(t, 0)
	if !again.Duplicate || again.Base != first.Base || again.Last != first.Last || w.p.Log().End() != 2 {
		t.Fatal(first, again)
	}
	x := &asked{}
	w.p.Await(again.Last, partition.AcksAll, x)
	if x.told != 0 {
		t.Fatal("a duplicate was acknowledged before its original")
	}
	if w.sync(); x.told != 1 || x.err != nil {
		t.Fatal(x)
	}
}

func TestOnlyALeaderWithEnoughReplicasAppends(t *testing.T) {
	w := alone(t)
	for _, c := range []struct {
		state partition.State
		acks  int16
		want  error
	}{
		{partition.State{Leader: 2, LeaderEpoch: 4, ISR: []int32{2}, MinISR: 1}, 1, kerr.NotLeaderForPartition},
		{partition.State{Leader: 1, LeaderEpoch: 5, ISR: []int32{1}, MinISR: 2}, partition.AcksAll, kerr.NotEnoughReplicas},
		{partition.State{Leader: 1, LeaderEpoch: 5, ISR: []int32{1}, MinISR: 2}, 1, nil},
	} {
		w.p.Apply(env.Time{}, c.state, w.out)
		if _, err := w.p.Append(env.Time{}, produced(t, -1), c.acks, w.out); err != c.want {
			t.Errorf("%+v, acks %d: %v", c.state, c.acks, err)
		}
	}
}

func TestAnEpochIsCheckedBothWays(t *testing.T) {
	w := alone(t)
	for epoch, want := range map[int32]error{-1: nil, 3: nil, 2: kerr.FencedLeaderEpoch, 4: kerr.UnknownLeaderEpoch} {
		if err := w.p.CheckEpoch(epoch); err != want {
			t.Errorf("epoch %d: %v", epoch, err)
		}
	}
}

func TestAFullDiskFailsWhoWaitsAndTheNextAppendGoesOn(t *testing.T) {
	w := alone(t)
	w.append(t, 0)
	w.sync()
	w.disk.SetFull(true)
	lost := w.append(t, 2)
	x := &asked{}
	w.p.Await(lost.Last, partition.AcksAll, x)
	for x.told == 0 && w.pump() {
	}
	if x.err != kerr.KafkaStorageError || w.p.Failure() != nil {
		t.Fatal(x, w.p.Failure())
	}
	// The producer knows better than to wait: what it repeats now was cut off.
	if _, err := w.p.Append(env.Time{}, produced(t, 2), partition.AcksAll, w.out); err != kerr.KafkaStorageError {
		t.Fatalf("a repeated batch that is being cut off: %v", err)
	}
	w.settle()
	w.disk.SetFull(false)
	if again := w.append(t, 2); again.Duplicate || again.Base != 2 {
		t.Fatal(again)
	}
	if w.sync(); w.p.HighWatermark() != 4 || w.p.Log().Epochs().Latest() != 3 {
		t.Fatal(w.p.HighWatermark())
	}
}

func TestACutLeavesTheLeadersEpoch(t *testing.T) {
	w := alone(t)
	w.disk.SetFull(true)
	w.append(t, -1)
	w.settle()
	if epoch, end := w.p.Log().Epochs().EndOffset(3, 0); epoch != 3 || end != 0 {
		t.Fatal(epoch, end)
	}
}

func TestAFailedDiskEndsThePartition(t *testing.T) {
	w := alone(t)
	w.append(t, -1)
	w.sync()
	lost, x, seen := w.append(t, -1), &asked{}, &watcher{}
	w.p.Await(lost.Last, 1, x)
	w.p.Watch(seen)
	w.disk.Arm(faults.EIOSync)
	w.sync()
	if x.err != kerr.KafkaStorageError || seen.told != 1 || w.p.HighWatermark() != 2 {
		t.Fatal(x, seen, w.p.HighWatermark())
	}
	var device *env.IOError
	if !errors.As(w.p.Failure(), &device) {
		t.Fatal(w.p.Failure())
	}
	if _, err := w.p.Append(env.Time{}, produced(t, -1), 1, w.out); err != kerr.KafkaStorageError {
		t.Fatal(err)
	}
}

func TestCloseTellsWhoWaitsWhy(t *testing.T) {
	w := alone(t)
	x, seen := &asked{}, &watcher{}
	w.p.Await(w.append(t, -1).Last, 1, x)
	w.p.Watch(seen)
	w.p.Close(kerr.UnknownTopicOrPartition)
	if x.err != kerr.UnknownTopicOrPartition || x.told != 1 || seen.told != 1 {
		t.Fatal(x, seen)
	}
}

// fetched hands the follower an answer, and lets its disk do the rest.
func (w *world) fetched(t *testing.T, r partition.Response) {
	t.Helper()
	f, ok := w.p.Fetch()
	if !ok {
		t.Fatal("it has nothing to ask")
	}
	if err := w.p.Fetched(env.Time{}, f, r, w.out); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.sync()
}

func TestAFollowerMayBeginInsideABatch(t *testing.T) {
	w := alone(t)
	s := leading(4)
	s.Leader, s.Replicas, s.ISR = 2, []int32{1, 2}, []int32{2}
	w.p.Apply(env.Time{}, s, w.out)
	w.fetched(t, partition.Response{Err: kerr.OffsetOutOfRange, Start: 1, End: 9}) // the leader's first record but one
	batch := produced(t, 0).Batch
	batch.SetBaseOffset(0)
	batch.SetLeaderEpoch(3)
	w.fetched(t, partition.Response{High: 2, Start: 1, Records: batch})
	if l := w.p.Log(); l.Start() != 1 || l.End() != 2 || w.p.HighWatermark() != 2 || w.p.Broken() != 0 {
		t.Fatal(l.Start(), l.End(), w.p.HighWatermark(), w.p.Broken())
	}
}
