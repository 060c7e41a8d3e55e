package partition_test

import (
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/partition"
	"odradek/node/storage"
)

// leader is replica 1 of three, whose followers are the test's to play.
type leader struct {
	*world
	t       *testing.T
	asked   []partition.Proposal
	brokers map[int32]broker
}

func (l *leader) AlterPartition(p partition.Proposal) { l.asked = append(l.asked, p) }
func (l *leader) MayFetch()                           {}

func leads(t *testing.T, isr ...int32) *leader {
	l := &leader{world: newWorld(1), t: t, brokers: map[int32]broker{1: {epoch: 10}, 2: {epoch: 20}, 3: {epoch: 30}}}
	l.now = env.Time{Mono: time.Hour}
	l.p.Replicate(l, maxLag)
	config := storage.DefaultConfig()
	l.apply(func(s *partition.State) { s.ISR = isr })
	l.open(&config)
	return l
}

// apply changes the metadata, with a new partition epoch.
func (l *leader) apply(change func(*partition.State)) {
	s := l.p.State()
	if s.Leader < 0 {
		s = partition.State{Leader: 1, LeaderEpoch: 5, PartitionEpoch: 7, Replicas: []int32{1, 2, 3}, MinISR: 1}
		s.Brokers = func(id int32) (int64, bool) { return l.brokers[id].epoch, l.brokers[id].active() }
	}
	change(&s)
	s.PartitionEpoch++
	l.p.Apply(l.now, s, l.out)
}

// produce appends two records and makes them durable.
func (l *leader) produce() {
	l.t.Helper()
	if _, err := l.p.Append(l.now, produced(l.t, -1), 1, l.out); err != nil {
		l.t.Fatal(err)
	}
	l.sync()
}

func (l *leader) fetches(id int32, offset int64) (partition.View, error) {
	x := partition.FollowerFetch{Replica: id, BrokerEpoch: int64(id) * 10, LeaderEpoch: l.p.State().LeaderEpoch, Offset: offset, LastEpoch: -1}
	if offset > 0 {
		x.LastEpoch = l.p.Log().Epochs().EpochAt(offset - 1)
	}
	return l.p.FollowerFetch(l.now, x)
}

func (l *leader) high(want int64) {
	l.t.Helper()
	if got := l.p.HighWatermark(); got != want {
		l.t.Fatalf("high watermark %d, want %d", got, want)
	}
}

// proposed is the last proposal's ISR.
func (l *leader) proposed(n int, isr ...int32) partition.Proposal {
	l.t.Helper()
	if len(l.asked) != n {
		l.t.Fatalf("%d proposals, want %d: %+v", len(l.asked), n, l.asked)
	}
	if n == 0 {
		return partition.Proposal{}
	}
	p := l.asked[n-1]
	if !slices.Equal(p.Ids(), isr) {
		l.t.Fatalf("proposed %v, want %v", p.Ids(), isr)
	}
	return p
}

func TestTheHighWatermarkIsWhatAllOfTheISRHave(t *testing.T) {
	l := leads(t, 1, 2)
	l.produce()
	l.high(0)
	l.fetches(3, 2) // it is not in the ISR, but soon will be
	l.high(0)
	l.fetches(2, 2)
	l.high(2)
}

func TestTheEndIsNotKnownUntilTheLeaderEpochsStartIsCommitted(t *testing.T) {
	l := leads(t, 1, 2)
	l.produce()
	l.apply(func(s *partition.State) { s.LeaderEpoch++ })
	if l.p.LatestKnown() {
		t.Fatal("known, before a follower has said anything")
	}
	if l.fetches(2, 2); !l.p.LatestKnown() {
		t.Fatal("not known, and all is committed")
	}
}

func TestAFollowerThatHasCaughtUpJoins(t *testing.T) {
	l := leads(t, 1)
	l.produce()
	l.fetches(2, 0)
	if len(l.asked) > 0 {
		t.Fatal(l.asked)
	}
	l.fetches(2, 2)
	p := l.proposed(1, 1, 2)
	if p.ISR[1].Epoch != 20 || p.ISR[0].Epoch != 10 || p.LeaderEpoch != 5 || p.PartitionEpoch != 8 {
		t.Fatalf("%+v", p)
	}
	l.produce()
	l.high(2) // it waits for the one that is about to join
	l.p.Answered(l.now, p, nil)
	l.high(2)
	l.apply(func(s *partition.State) { s.ISR = []int32{1, 2} })
	l.fetches(2, 4)
	l.high(4)
}

// Seed 962 with groups and journals: it led later, with what had been deleted.
func TestAFollowerThatHasNotDeletedWhatWasDeletedDoesNotJoin(t *testing.T) {
	l := leads(t, 1)
	l.produce()
	l.p.Log().AdvanceStart(l.now, 1, l.out, func(env.Time, error, *env.Outbox) {})
	l.settle()
	l.fetches(2, 2)
	l.proposed(0)
	if _, err := l.p.FollowerFetch(l.now, partition.FollowerFetch{Replica: 2, BrokerEpoch: 20, LeaderEpoch: 5, Offset: 2, LastEpoch: 5, LogStart: 1}); err != nil {
		t.Fatal(err)
	}
	l.proposed(1, 1, 2)
}

func TestARefusedFollowerIsNotWaitedFor(t *testing.T) {
	l := leads(t, 1)
	l.fetches(2, 0)
	l.produce()
	l.brokers[2] = broker{epoch: 20, fenced: true}
	l.p.Answered(l.now, l.proposed(1, 1, 2), kerr.IneligibleReplica)
	l.high(2)
}

// Campaign T1, seed 27: NEW_LEADER_ELECTED says that it was done, and that another
// leads now.
func TestAnIsrChangeThatMovedTheLeaderWasNotRefused(t *testing.T) {
	l := leads(t, 1)
	l.fetches(2, 0)
	l.produce()
	l.brokers[2] = broker{epoch: 20, fenced: true}
	l.p.Answered(l.now, l.proposed(1, 1, 2), kerr.NewLeaderElected)
	l.high(0)
}

func TestNoAnswerIsNoRefusal(t *testing.T) {
	for _, err := range []error{errNoAnswer, kerr.NotController, kerr.RequestTimedOut, kerr.CoordinatorNotAvailable} {
		l := leads(t, 1)
		l.fetches(2, 0)
		l.produce()
		l.brokers[2] = broker{epoch: 20, fenced: true}
		l.p.Answered(l.now, l.proposed(1, 1, 2), err)
		l.high(0)
		l.p.Tick(l.now)
		again := l.proposed(2, 1, 2)
		l.p.Answered(l.now, l.asked[0], kerr.IneligibleReplica) // of an attempt long given up
		l.high(0)

		// The first attempt may still arrive and be accepted: what is refused
		// is only the second. A new partition epoch puts an end to it.
		l.p.Answered(l.now, again, kerr.IneligibleReplica)
		l.high(0)
		l.p.Tick(l.now)
		l.proposed(3, 1)
		l.apply(func(*partition.State) {})
		l.high(2)
	}
}

func TestMetadataOfTheSamePartitionEpochLeavesTheProposalAlone(t *testing.T) {
	l := leads(t, 1)
	l.fetches(2, 0)
	l.produce()
	l.brokers[2] = broker{epoch: 20, fenced: true}
	l.p.Apply(l.now, l.p.State(), l.out) // a configuration changed
	l.high(0)
}

func TestAFollowerThatLagsTooLongLeaves(t *testing.T) {
	l := leads(t, 1, 2, 3)
	l.produce()
	l.fetches(2, 2)
	l.fetches(3, 0)
	l.now.Mono += maxLag
	l.p.Tick(l.now)
	if len(l.asked) > 0 {
		t.Fatal(l.asked)
	}
	l.now.Mono++
	l.p.Tick(l.now)
	l.proposed(1, 1, 2) // 2 has all that there is
	l.high(0)           // until it is decided
	l.apply(func(s *partition.State) { s.ISR = []int32{1, 2} })
	l.high(2)
}

func TestAFollowerThatHasWhatThereWasAtItsLastFetchKeepsUp(t *testing.T) {
	l := leads(t, 1, 2)
	for i := range int64(10) {
		l.produce()
		l.fetches(2, 2*i) // always one batch behind
		l.now.Mono += maxLag / 2
		l.p.Tick(l.now)
	}
	if len(l.asked) > 0 {
		t.Fatal(l.asked)
	}
}

func TestAFetchThatDoesNotCountGetsKafkasError(t *testing.T) {
	l := leads(t, 1, 2)
	l.produce()
	good := partition.FollowerFetch{Replica: 2, BrokerEpoch: 20, LeaderEpoch: 5, Offset: 2, LastEpoch: 5}
	for _, c := range []struct {
		what string
		make func(*partition.FollowerFetch)
		want error
	}{
		{"no replica", func(x *partition.FollowerFetch) { x.Replica = 9 }, kerr.NotLeaderForPartition},
		{"old leader epoch", func(x *partition.FollowerFetch) { x.LeaderEpoch = 4 }, kerr.FencedLeaderEpoch},
		{"new leader epoch", func(x *partition.FollowerFetch) { x.LeaderEpoch = 6 }, kerr.UnknownLeaderEpoch},
		{"old broker epoch", func(x *partition.FollowerFetch) { x.BrokerEpoch = 19 }, kerr.NotLeaderForPartition},
		{"beyond the end", func(x *partition.FollowerFetch) { x.Offset, x.LastEpoch = 3, -1 }, kerr.OffsetOutOfRange},
	} {
		x := good
		c.make(&x)
		v, err := l.p.FollowerFetch(l.now, x)
		if err != c.want || err == kerr.OffsetOutOfRange && (v.Start != 0 || v.End != 2) {
			t.Errorf("%s: %v, %+v", c.what, err, v)
		}
		l.high(0)
	}
	x := good
	x.LastEpoch, x.Offset = 4, 2
	if v, err := l.p.FollowerFetch(l.now, x); err != nil || !v.Diverged || v.Epoch != 4 || v.End != 0 {
		t.Errorf("another history: %v, %+v", err, v)
	}
	l.high(0)
}

func TestTooFewInSyncHoldTheHighWatermark(t *testing.T) {
	l := leads(t, 1, 2)
	l.apply(func(s *partition.State) { s.ISR, s.MinISR = []int32{1}, 2 })
	l.produce()
	l.high(0)
	x := &asked{}
	l.p.Await(1, partition.AcksAll, x)
	l.apply(func(s *partition.State) { s.MinISR = 1 })
	if l.high(2); x.told != 1 || x.err != nil {
		t.Fatal(x)
	}
	l.apply(func(s *partition.State) { s.MinISR = 2 })
	late := &asked{}
	if l.p.Await(1, partition.AcksAll, late); late.err != kerr.NotEnoughReplicasAfterAppend {
		t.Fatal(late)
	}
}

// In the same leader epoch nothing else may come to lie where followers have read.
func TestAFullDiskLeavesWhatFollowersMayHaveRead(t *testing.T) {
	l := leads(t, 1, 2)
	l.produce()
	if _, err := l.p.Append(l.now, produced(t, -1), 1, l.out); err != nil {
		t.Fatal(err)
	}
	l.settle() // written, not synced
	if v, err := l.fetches(2, 2); err != nil || v.Limit != 4 {
		t.Fatal(v, err)
	}
	l.disk.SetFull(true)
	if _, err := l.p.Append(l.now, produced(t, -1), 1, l.out); err != nil {
		t.Fatal(err)
	}
	if l.settle(); l.p.Log().End() != 4 || l.p.Log().Appendable() != nil {
		t.Fatal(l.p.Log().End(), l.p.Log().Appendable())
	}
}

func TestDescribeShowsWhereEveryReplicaIs(t *testing.T) {
	l := leads(t, 1)
	l.produce()
	l.fetches(2, 2)
	l.now.Mono += time.Second
	want := []partition.Standing{
		{ID: 1, End: 2, InISR: true, Eligible: true},
		{ID: 2, End: 2, Behind: time.Second, Pending: true, Eligible: true},
		{ID: 3, End: -1, Start: -1, Lag: -1, Behind: -1},
	}
	if got := l.p.Describe(l.now); !slices.Equal(got, want) {
		t.Fatalf("%+v", got)
	}
}

func TestFollowersAreWokenByWhatIsWrittenConsumersByWhatIsCommitted(t *testing.T) {
	l := leads(t, 1, 2)
	consumer, reader := &watcher{}, &watcher{}
	l.p.Watch(consumer)
	l.p.WatchWritten(reader)
	l.produce()
	if consumer.told != 0 || reader.told != 1 {
		t.Fatal(consumer, reader)
	}
	l.fetches(2, 2)
	if consumer.told != 1 {
		t.Fatal(consumer)
	}
}
