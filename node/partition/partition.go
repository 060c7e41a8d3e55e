package partition

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/storage"
)

// Partition is one replica of a partition, on the node Me.
type Partition struct {
	me       int32
	owner    Owner
	maxLag   time.Duration // replica.lag.time.max.ms
	log      *storage.Log
	state    State
	hw       int64
	failure  error // why the log has stopped for good
	lost     bool  // storage that was synced; it may neither lead nor follow
	broken   int   // truncations below the high watermark
	local    waitlist
	commit   waitlist
	begins   waitlist  // for the starts of all logs
	watchers watchlist // of what is committed
	readers  watchlist // of what is written
	leading  leading
	attempts uint64 // proposals so far
	follow   following
}

// New makes a replica without a log; Attach gives it one. Alone it needs no
// more, to lead or follow others it has to be told how to reach them.
func New(me int32) *Partition {
	return &Partition{me: me, state: State{Leader: -1, LeaderEpoch: -1, PartitionEpoch: -1}, owner: nobody{}}
}

// nobody owns a replica without others.
type nobody struct{}

func (nobody) AlterPartition(Proposal) {}
func (nobody) MayFetch()               {}

// Replicate gives the replica its owner, and how long a follower may lag before
// it leaves the ISR.
func (p *Partition) Replicate(o Owner, maxLag time.Duration) { p.owner, p.maxLag = o, maxLag }

// Lose says, before Attach, that the log was cut below what had been synced
// (storage.Report.Lost). The replica refuses everything until the metadata has
// taken it out of ISR and ELR; then it goes on as a follower. It is for the owner
// to ask the controller for that.
func (p *Partition) Lose() { p.lost = true }

// Lost tells whether the replica still waits for that.
func (p *Partition) Lost() bool { return p.lost }

// Attach gives the replica its opened log. What lies in it is durable: a sole
// replica has all of it committed, others what the high watermark's checkpoint
// says.
func (p *Partition) Attach(now env.Time, l *storage.Log) {
	p.log = l
	p.hw = l.Start()
	if !mutant.On("A18") { // KAFKA-769, KAFKA-1647: the checkpoint is lost on a hard restart
		p.hw = max(p.hw, min(l.High(), l.End()))
	}
	p.reconsider()
	p.lead()
	p.raise(now)
	p.prompt()
}

// Log is the replica's log, nil before Attach.
func (p *Partition) Log() *storage.Log { return p.log }

// State is what was last applied.
func (p *Partition) State() State { return p.state }

// HighWatermark is the offset below which all is committed, as far as this
// replica knows.
func (p *Partition) HighWatermark() int64 { return p.hw }

// LastStable is the offset below which a read_committed consumer may read
// (KIP-98). Without transactions it is the high watermark.
func (p *Partition) LastStable() int64 { return p.hw }

// Leads tells whether this replica leads. One that has to be mended first does
// not: it does not know its epochs and producers.
func (p *Partition) Leads() bool {
	return p.state.Leader == p.me && !p.lost && (p.log == nil || !p.log.Unsure())
}

// Follows tells whether this replica follows another, so that consumers may read
// from it what it knows to be committed (KIP-392).
func (p *Partition) Follows() bool {
	return p.state.Leader >= 0 && p.state.Leader != p.me && slices.Contains(p.state.Replicas, p.me) &&
		!p.lost && p.failure == nil && p.log != nil && !p.follow.cutting
}

// Mended is called when damaged records of the log are back: it may lead now.
func (p *Partition) Mended(now env.Time) {
	p.lead()
	p.seat(now)
	p.raise(now)
	p.prompt()
	p.wake()
}

// Failure is why the log has stopped for good, or nil.
func (p *Partition) Failure() error { return p.failure }

// Apply takes the metadata of the partition as replayed. A change of leader or
// of the leader epoch fails all who wait: they can no longer know. A change of
// the partition epoch alone settles what was proposed.
func (p *Partition) Apply(now env.Time, s State, out *env.Outbox) {
	old := p.state
	if mutant.On("A22") && old.Leader == p.me && s.Leader < 0 { // KAFKA-14296: leads on in controlled shutdown
		return
	}
	moved := s.Leader != old.Leader || s.LeaderEpoch != old.LeaderEpoch
	if mutant.On("G7") { // KAFKA-13790: the partition epoch is taken for the leader's
		moved = moved || s.PartitionEpoch != old.PartitionEpoch
	}
	p.state = s
	p.reconsider()
	if moved {
		p.release(kerr.NotLeaderForPartition)
		p.follow.moved(&old, &s)
		p.leading = leading{}
		p.lead()
		if mutant.On("A1") && !p.Leads() && p.log != nil { // KIP-101: a new follower truncates to its high watermark
			p.cut(now, p.hw, false, nil, out)
		}
	}
	p.leading.settle(&old, &s)
	p.seat(now)
	p.raise(now)
	p.prompt()
}

// reconsider lets a replica that lost its storage go on once nobody counts on it.
func (p *Partition) reconsider() {
	s := &p.state
	if p.lost && s.LeaderEpoch >= 0 && s.Leader != p.me && !slices.Contains(s.ISR, p.me) && !slices.Contains(s.ELR, p.me) {
		p.lost = false
	}
}

// CheckEpoch refuses a request of another leader epoch than the current one;
// -1 is none (KIP-320).
func (p *Partition) CheckEpoch(epoch int32) error {
	switch {
	case epoch == -1 || epoch == p.state.LeaderEpoch:
		return nil
	case epoch < p.state.LeaderEpoch:
		return kerr.FencedLeaderEpoch
	}
	return kerr.UnknownLeaderEpoch
}

// LogAdvanced is called by the log: what was written or is durable has grown, or
// a cut is done, which may have taken the begin of the leader's epoch with it.
func (p *Partition) LogAdvanced(now env.Time, out *env.Outbox) {
	if p.log == nil {
		return // it is being opened
	}
	p.lead()
	p.raise(now) // first: who is told next may ask for the high watermark
	p.keepStart(now, out)
	p.local.reach(p.log.Acked(), nil)
	p.offer()
	p.prompt()
}

// LogFailed is called by the log. What waits for more than is durable will not
// get it: the tail is cut, or the log has stopped for good.
func (p *Partition) LogFailed(_ env.Time, err error, _ *env.Outbox) {
	if p.log == nil {
		return // who opens it is told
	}
	if p.log.Stopped() != nil {
		p.failure = err
	}
	p.release(kerr.KafkaStorageError)
}

// Close ends the replica: the topic is deleted, or the node stops.
func (p *Partition) Close(reason error) {
	p.failure = reason
	p.release(reason)
}

func (p *Partition) release(err error) {
	p.local.fail(err)
	p.commit.fail(err)
	p.begins.fail(err)
	p.wake()
}
