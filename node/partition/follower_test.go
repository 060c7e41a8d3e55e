package partition_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/partition"
	"odradek/node/record"
	"odradek/node/storage"
)

// follower is replica 1, which follows replica 2.
type follower struct {
	*world
	t   *testing.T
	may int // how often it was told that it may fetch
}

func (f *follower) AlterPartition(partition.Proposal) {}
func (f *follower) MayFetch()                         { f.may++ }

func follows(t *testing.T) *follower {
	f := &follower{world: newWorld(1), t: t}
	f.p.Replicate(f, maxLag)
	f.lead(2, 5)
	config := storage.DefaultConfig()
	f.open(&config)
	return f
}

func (f *follower) lead(id, epoch int32) {
	s := partition.State{Leader: id, LeaderEpoch: epoch, PartitionEpoch: epoch, Replicas: []int32{1, 2, 3}, ISR: []int32{2}, MinISR: 1}
	f.p.Apply(f.now, s, f.out)
}

func (f *follower) fetch() partition.Fetch {
	f.t.Helper()
	x, ok := f.p.Fetch()
	if !ok {
		f.t.Fatal("it may not fetch")
	}
	return x
}

// batch has two records at an offset, of a leader's epoch.
func batch(t *testing.T, offset int64, epoch int32) record.Batch {
	b := produced(t, -1).Batch
	record.Assign(b, offset, epoch)
	return b
}

// gets hands in records, and makes them durable.
func (f *follower) gets(high int64, batches ...record.Batch) {
	f.t.Helper()
	r := partition.Response{High: high}
	for _, b := range batches {
		r.Records = append(r.Records, b...)
	}
	if err := f.p.Fetched(f.now, f.fetch(), r, f.out); err != nil {
		f.t.Fatal(err)
	}
	f.sync()
}

func TestAFollowerAsksForMoreOnceItHasSyncedWhatItGot(t *testing.T) {
	f := follows(t)
	r := partition.Response{High: 2, Records: batch(t, 0, 5)}
	if err := f.p.Fetched(f.now, f.fetch(), r, f.out); err != nil {
		t.Fatal(err)
	}
	f.settle()
	if _, ok := f.p.Fetch(); ok || f.p.HighWatermark() != 0 {
		t.Fatal("it asks for more, and a power cut would take what it has")
	}
	told := f.may
	f.sync()
	if x := f.fetch(); f.may != told+1 || x.Offset != 2 || x.LastEpoch != 5 || x.LeaderEpoch != 5 || x.Leader != 2 || f.p.HighWatermark() != 2 {
		t.Fatalf("%+v, told %d times", x, f.may-told)
	}
}

func TestAFollowerCutsWhereTheLeaderParts(t *testing.T) {
	f := follows(t)
	f.gets(0, batch(t, 0, 1), batch(t, 2, 2), batch(t, 4, 4))
	for _, c := range []struct {
		epoch     int32
		end       int64
		left      int64
		lastEpoch int32
	}{
		{3, 5, 4, 2}, // we have nothing of epoch 3: what we have of 2 is asked next
		{2, 2, 2, 1}, // the leader's ends first
		{0, 0, 0, -1},
	} {
		r := partition.Response{High: 6, Diverged: true, Epoch: c.epoch, End: c.end}
		if err := f.p.Fetched(f.now, f.fetch(), r, f.out); err != nil {
			t.Fatal(err)
		}
		f.settle()
		if x := f.fetch(); x.Offset != c.left || x.LastEpoch != c.lastEpoch || f.p.HighWatermark() != 0 {
			t.Fatalf("parting at %d of %d: %+v, high watermark %d", c.end, c.epoch, x, f.p.HighWatermark())
		}
	}
}

func TestAResponseToAnEarlierFetchIsDropped(t *testing.T) {
	f := follows(t)
	before := f.fetch()
	f.lead(2, 6) // the same leader
	if err := f.p.Fetched(f.now, before, partition.Response{High: 2, Records: batch(t, 0, 5)}, f.out); err != partition.ErrStale || f.p.Log().End() != 0 {
		t.Fatal(err)
	}
	f.gets(0, batch(t, 0, 5), batch(t, 2, 6))
	before = f.fetch()
	if err := f.p.Fetched(f.now, before, partition.Response{Diverged: true, Epoch: 5, End: 2}, f.out); err != nil {
		t.Fatal(err)
	}
	f.settle()
	if err := f.p.Fetched(f.now, before, partition.Response{Diverged: true, Epoch: 5, End: 0}, f.out); err != partition.ErrStale || f.p.Log().End() != 2 {
		t.Fatal(err, f.p.Log().End())
	}
}

func TestOnlySoundRecordsAreTaken(t *testing.T) {
	rotten := batch(t, 2, 5)
	rotten[len(rotten)-1] ^= 1
	for what, b := range map[string]record.Batch{
		"a flipped bit": rotten, "a gap": batch(t, 3, 5), "an overlap": batch(t, 1, 5), "an epoch to come": batch(t, 2, 6), "an epoch gone by": batch(t, 2, 4),
	} {
		f := follows(t)
		r := partition.Response{High: 9, Records: slices.Concat(batch(t, 0, 5), b)}
		if err := f.p.Fetched(f.now, f.fetch(), r, f.out); err == nil || f.p.Log().End() != 2 {
			t.Errorf("%s: %v, the end is %d", what, err, f.p.Log().End())
		}
	}
}

func TestAPieceOfABatchIsLeftForTheNextFetch(t *testing.T) {
	f := follows(t)
	whole, more := batch(t, 0, 5), batch(t, 2, 5)
	f.gets(2, whole, more[:len(more)-5])
	if x := f.fetch(); x.Offset != 2 {
		t.Fatalf("%+v", x)
	}
}

func TestAFollowerBelowTheLeadersStartBeginsThere(t *testing.T) {
	f := follows(t)
	f.gets(2, batch(t, 0, 5))
	if err := f.p.Fetched(f.now, f.fetch(), partition.Response{Err: kerr.OffsetOutOfRange, Start: 7, End: 20}, f.out); err != nil {
		t.Fatal(err)
	}
	f.settle()
	if x := f.fetch(); x.Offset != 7 || x.LogStart != 7 || x.LastEpoch != -1 || f.p.HighWatermark() != 7 || f.p.Broken() > 0 {
		t.Fatalf("%+v, high watermark %d", x, f.p.HighWatermark())
	}
	f.gets(8, batch(t, 6, 5)) // which holds offset 7
	if f.p.Log().Start() != 7 || f.p.Log().End() != 8 {
		t.Fatal(f.p.Log().Start(), f.p.Log().End())
	}
}

func TestACutBelowTheHighWatermarkIsTold(t *testing.T) {
	f := follows(t)
	f.gets(4, batch(t, 0, 5), batch(t, 2, 5))
	if err := f.p.Fetched(f.now, f.fetch(), partition.Response{Err: kerr.OffsetOutOfRange, Start: 0, End: 2}, f.out); err != nil {
		t.Fatal(err)
	}
	told := slices.ContainsFunc(f.out.Effects, func(e env.Effect) bool { l, ok := e.(env.Log); return ok && l.Level == env.Error })
	if f.settle(); !told || f.p.Broken() != 1 || f.p.Log().End() != 2 || f.p.HighWatermark() != 2 {
		t.Fatal(told, f.p.Broken(), f.p.Log().End(), f.p.HighWatermark())
	}
}

func TestWhatTheLeaderDeletedIsDeleted(t *testing.T) {
	f := follows(t)
	f.gets(4, batch(t, 0, 5), batch(t, 2, 5))
	if err := f.p.Fetched(f.now, f.fetch(), partition.Response{High: 4, Start: 3}, f.out); err != nil {
		t.Fatal(err)
	}
	if f.settle(); f.p.Log().Start() != 3 {
		t.Fatal(f.p.Log().Start())
	}
}

// The leader says in a session only once where its log begins.
func TestWhatTheLeaderDeletedIsDeletedOnceItIsDurableHere(t *testing.T) {
	f := follows(t)
	records := slices.Concat(batch(t, 0, 5), batch(t, 2, 5))
	if err := f.p.Fetched(f.now, f.fetch(), partition.Response{High: 4, Start: 3, Records: records}, f.out); err != nil {
		t.Fatal(err)
	}
	if f.sync(); f.p.HighWatermark() != 4 || f.p.Log().Start() != 3 {
		t.Fatal(f.p.HighWatermark(), f.p.Log().Start())
	}
}

func TestAReplicaThatLostItsStorageWaitsUntilNobodyCountsOnIt(t *testing.T) {
	f := &follower{world: newWorld(1), t: t}
	f.p.Replicate(f, maxLag)
	f.p.Lose()
	config := storage.DefaultConfig()
	s := partition.State{Leader: 1, LeaderEpoch: 4, PartitionEpoch: 1, Replicas: []int32{1, 2}, ISR: []int32{1}, MinISR: 1}
	f.p.Apply(f.now, s, f.out)
	f.open(&config)
	for _, left := range []func(){func() {}, func() { s.Leader, s.ISR = 2, []int32{2, 1} }, func() { s.ISR, s.ELR = []int32{2}, []int32{1} }} {
		left()
		f.p.Apply(f.now, s, f.out)
		_, fetches := f.p.Fetch()
		_, err := f.p.Append(f.now, produced(t, -1), 1, f.out)
		if !f.p.Lost() || f.p.Leads() || fetches || !errors.Is(err, kerr.NotLeaderForPartition) {
			t.Fatalf("%+v: it serves", s)
		}
	}
	s.ELR = nil
	f.p.Apply(f.now, s, f.out)
	if f.fetch(); f.p.Lost() || f.may == 0 {
		t.Fatal("it does not go on")
	}
}
