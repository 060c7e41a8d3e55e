package partition

import (
	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/mutant"
)

// FollowerFetch is what a fetch of another replica says of it.
type FollowerFetch struct {
	Replica     int32
	BrokerEpoch int64 // -1: not said
	LeaderEpoch int32 // as the follower knows it; -1: not said
	Offset      int64 // the next one it wants: all below is durable there
	LastEpoch   int32 // of the record before Offset; -1: there is none
	LogStart    int64
}

// View is what a leader has to say to a fetch.
type View struct {
	High, Stable, Start int64
	Limit               int64  // a follower may read below; storage.Log.Read takes it as it is
	Stale               bool   // High is news to the follower
	Stuck               bool   // the reader asks again for what was there to be read: it may not be able to use it
	Diverged            bool   // the reader's log leaves ours: nothing may be read
	Epoch               int32  // where: the largest epoch of ours that is not above the reader's,
	End                 int64  // and where it ends here
	Producers           []byte // with OFFSET_OUT_OF_RANGE below Start: a snapshot of those of before
}

// stuckAfter is how often one asks for the same until it is thought to be stuck.
const stuckAfter = 4

// NoView goes with an error that says nothing of the log.
var NoView = View{High: -1, Stable: -1, Start: -1, Epoch: -1, End: -1}

// FollowerFetch answers a follower's fetch and takes its offset for its
// acknowledgement: unless it has a wrong leader epoch, comes from no replica or
// from a broker that has been registered anew since (NOT_LEADER_OR_FOLLOWER, as
// Kafka), or parts from our log. With OFFSET_OUT_OF_RANGE the View has our Start
// and End: the response should carry them as the log start offset, and as a
// diverging epoch -1 with that end offset.
func (p *Partition) FollowerFetch(now env.Time, x FollowerFetch) (View, error) {
	f, err := p.counts(&x)
	if err != nil {
		return NoView, err
	}
	v, err := p.compare(x.Offset, x.LastEpoch)
	if err != nil || v.Diverged {
		return v, err
	}
	p.log.Share()
	f.took(now.Mono, &x, v.Limit)
	p.expand(f)
	p.raise(now)
	v.High, v.Stable = p.hw, p.LastStable()
	v.Stale = p.hw > f.told
	f.told = max(f.told, p.hw)
	v.Stuck = f.again > 0 && f.again%stuckAfter == 0
	return v, nil
}

func (p *Partition) counts(x *FollowerFetch) (*follower, error) {
	switch {
	case p.failure != nil:
		return nil, kerr.KafkaStorageError
	case !p.Leads() || p.log == nil:
		return nil, kerr.NotLeaderForPartition
	case p.log.Appendable() != nil: // what is about to be cut must not be read, nor acknowledged
		return nil, kerr.KafkaStorageError
	}
	if err := p.CheckEpoch(x.LeaderEpoch); err != nil && !mutant.On("A4") && !(mutant.On("A6") && x.LeaderEpoch < p.state.LeaderEpoch) {
		return nil, err // A4 (KIP-320, KAFKA-7395): not looked at; A6: those of an older epoch raise the high watermark
	}
	f := p.leading.of(x.Replica)
	if f == nil {
		return nil, kerr.NotLeaderForPartition
	}
	epoch, _ := p.state.broker(x.Replica)
	if x.BrokerEpoch >= 0 && x.BrokerEpoch < epoch && !mutant.On("A33") { // KAFKA-15221: sent before it rebooted
		return nil, kerr.NotLeaderForPartition
	}
	return f, nil
}

// compare finds where a reader's log leaves ours (KIP-595).
func (p *Partition) compare(offset int64, lastEpoch int32) (View, error) {
	l := p.log
	v := View{High: p.hw, Stable: p.LastStable(), Start: l.Start(), Limit: l.Written(), Epoch: -1, End: -1}
	if lastEpoch >= 0 {
		epoch, end := l.Epochs().EndOffset(lastEpoch, l.End())
		if epoch < 0 || end < 0 {
			return p.outOfRange(offset)
		}
		if epoch < lastEpoch || end < offset {
			v.Diverged, v.Epoch, v.End = true, epoch, end
			return v, nil
		}
	}
	if offset < l.Start() || offset > l.End() {
		return p.outOfRange(offset)
	}
	return v, nil
}

// outOfRange tells a follower where the log is. One that begins anew cannot learn
// of producers whose records are deleted by reading: they are told it (Kafka's
// followers forget them, KAFKA-7190).
func (p *Partition) outOfRange(offset int64) (View, error) {
	v := NoView
	v.Start, v.End = p.log.Start(), p.log.End()
	if offset < v.Start {
		v.Producers = p.log.Producers().Before(v.Start).Encode(nil)
	}
	return v, kerr.OffsetOutOfRange
}
