package partition

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

// State is what the metadata says of a partition.
type State struct {
	Leader      int32
	LeaderEpoch int32
	ISR         []int32
	MinISR      int // min.insync.replicas in force
}

// Partition is one replica of a partition, on the node Me.
type Partition struct {
	me       int32
	log      *storage.Log
	state    State
	hw       int64
	failure  error // why the log has stopped for good
	local    waitlist
	commit   waitlist
	watchers []Watcher
}

// Watcher is told once of the next change that a fetch may wait for: the high
// watermark moved, the role changed, or the log failed.
type Watcher interface{ Changed() }

// New makes a replica without a log; Attach gives it one.
func New(me int32) *Partition { return &Partition{me: me, state: State{Leader: -1, LeaderEpoch: -1}} }

// Attach gives the replica its opened log. What lies in it is durable: a sole
// replica has all of it committed.
func (p *Partition) Attach(l *storage.Log) {
	p.log = l
	p.hw = l.Start()
	p.lead()
	p.raise()
}

// lead begins the leader's epoch at the end of the log, where its first record
// will lie.
func (p *Partition) lead() {
	if p.log != nil && p.Leads() {
		p.log.Epochs().Assign(p.state.LeaderEpoch, p.log.End())
	}
}

// Log is the replica's log, nil before Attach.
func (p *Partition) Log() *storage.Log { return p.log }

// State is what was last applied.
func (p *Partition) State() State { return p.state }

// HighWatermark is the offset below which all is committed.
func (p *Partition) HighWatermark() int64 { return p.hw }

// LastStable is the offset below which a read_committed consumer may read
// (KIP-98). Without transactions it is the high watermark.
func (p *Partition) LastStable() int64 { return p.hw }

// Leads tells whether this replica leads.
func (p *Partition) Leads() bool { return p.state.Leader == p.me }

// Failure is why the log has stopped for good, or nil.
func (p *Partition) Failure() error { return p.failure }

// Apply takes the metadata of the partition as replayed. A change of leader or
// epoch fails all who wait: they can no longer know.
func (p *Partition) Apply(s State) {
	moved := s.Leader != p.state.Leader || s.LeaderEpoch != p.state.LeaderEpoch
	p.state = s
	if moved {
		p.release(kerr.NotLeaderForPartition)
		p.lead()
	}
	p.raise()
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
func (p *Partition) LogAdvanced(env.Time, *env.Outbox) {
	p.lead()
	p.raise() // first: who is told next may ask for the high watermark
	p.local.reach(p.log.Acked())
}

// LogFailed is called by the log. What waits for more than is durable will not
// get it: the tail is cut, or the log has stopped for good.
func (p *Partition) LogFailed(_ env.Time, err error, _ *env.Outbox) {
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

// raise recomputes the high watermark: the least that the members of the ISR
// hold for certain. This node's own share is what its log may acknowledge.
func (p *Partition) raise() {
	if p.log == nil || !p.Leads() {
		return
	}
	if reached := p.log.Acked(); reached > p.hw {
		p.hw = reached
		p.commit.reach(reached)
		p.wake()
	}
}

func (p *Partition) release(err error) {
	p.local.fail(err)
	p.commit.fail(err)
	p.wake()
}

// Watch registers a watcher for the next change, once.
func (p *Partition) Watch(w Watcher) {
	if !slices.Contains(p.watchers, w) {
		p.watchers = append(p.watchers, w)
	}
}

// Unwatch takes a watcher back.
func (p *Partition) Unwatch(w Watcher) {
	if i := slices.Index(p.watchers, w); i >= 0 {
		p.watchers = slices.Delete(p.watchers, i, i+1)
	}
}

func (p *Partition) wake() {
	due := p.watchers
	p.watchers = nil
	for _, w := range due {
		w.Changed()
	}
}

// Appended says where a batch lies.
type Appended struct {
	Base, Last int64
	AppendTime int64 // log append time, ms, or -1; of a duplicate, as in Kafka, the largest timestamp
	Duplicate  bool
}

// Append puts a validated batch at the end of the log, or finds that it lies
// there already. Errors are *record.Refusal or *kerr.Error.
func (p *Partition) Append(now env.Time, v *record.Validated, acks int16, out *env.Outbox) (Appended, error) {
	if err := p.admits(acks); err != nil {
		return Appended{}, err
	}
	verdict, err := p.log.Producers().Check(v.Batch)
	if err != nil {
		return Appended{}, err
	}
	if verdict.Duplicate {
		return Appended{Base: verdict.BaseOffset, Last: verdict.LastOffset, AppendTime: verdict.Timestamp, Duplicate: true}, nil
	}
	base, err := p.log.Append(now, v, p.state.LeaderEpoch, out)
	if err != nil {
		return Appended{}, kerr.KafkaStorageError
	}
	return Appended{Base: base, Last: base + int64(v.Count) - 1, AppendTime: v.Append}, nil
}

func (p *Partition) admits(acks int16) error {
	switch {
	case p.failure != nil:
		return kerr.KafkaStorageError
	case !p.Leads():
		return kerr.NotLeaderForPartition
	case acks == AcksAll && len(p.state.ISR) < p.state.MinISR:
		return kerr.NotEnoughReplicas
	case p.log.Appendable() != nil: // before the producers are asked: they may know what is about to go
		return kerr.KafkaStorageError
	}
	return nil
}
