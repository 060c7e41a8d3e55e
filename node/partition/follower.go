package partition

import (
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
	"odradek/node/storage"
)

// following is what a follower keeps in mind.
type following struct {
	generation uint64 // of its log and leader: responses to fetches of an older one are dropped
	waiting    bool   // the owner is to be told when it may fetch
	cutting    bool   // the log is being truncated
	high       int64  // the leader's high watermark, in this leader epoch
	start      int64  // where the leader's log begins, in this leader epoch
	deleting   bool   // what lies before that is being deleted
	trusting   bool   // it does not say what it has: the wrong of A2 and A3
}

// Fetch is what a follower asks its leader for.
type Fetch struct {
	Leader      int32
	LeaderEpoch int32
	Offset      int64
	LastEpoch   int32 // of the record before Offset; -1: there is none
	LogStart    int64
	generation  uint64
}

// Same tells whether two fetches ask for the same in the same words.
func (f Fetch) Same(o Fetch) bool {
	f.generation = o.generation
	return f == o
}

// Response is what a leader's response says of the partition.
type Response struct {
	Err      error // *kerr.Error, or nil
	High     int64
	Start    int64 // the leader's log start; with OFFSET_OUT_OF_RANGE too, -1 if it does not say
	Diverged bool  // Epoch and End are the diverging epoch's
	Epoch    int32
	End      int64 // with OFFSET_OUT_OF_RANGE the leader's end, -1 if it does not say
	// With OFFSET_OUT_OF_RANGE: a snapshot of the producers of before Start; nil: none.
	Producers []byte
	Records   []byte
}

// ErrStale says that a response is to a fetch that the replica would not make any
// more: its leader epoch moved meanwhile, or its log.
var ErrStale = errors.New("response to a fetch of before")

// Fetch says what to ask the leader for next, or that there is nothing to ask
// now: then the owner is told (MayFetch) when there is. A follower asks for more
// only when all that it has is durable, for its offset is an acknowledgement.
func (p *Partition) Fetch() (Fetch, bool) {
	if !p.mayFetch() {
		p.follow.waiting = true
		return Fetch{}, false
	}
	l := p.log
	f := Fetch{Leader: p.state.Leader, LeaderEpoch: p.state.LeaderEpoch, Offset: l.End(), LastEpoch: -1, LogStart: l.Start(), generation: p.follow.generation}
	if l.End() > l.Start() && !p.follow.trusting {
		f.LastEpoch = l.Epochs().EpochAt(l.End() - 1)
	}
	return f, true
}

func (p *Partition) mayFetch() bool {
	s, l := &p.state, p.log
	switch {
	case l == nil || p.failure != nil || p.lost || s.Leader < 0 || s.Leader == p.me || !slices.Contains(s.Replicas, p.me):
		return false
	case p.follow.cutting || l.Appendable() != nil:
		return false
	}
	return l.Acked() >= l.End() || mutant.On("A35") // it asks for more before it has synced what it got
}

// prompt tells the owner that the follower may fetch again.
func (p *Partition) prompt() {
	if p.follow.waiting && p.mayFetch() {
		p.follow.waiting = false
		p.owner.MayFetch()
	}
}

// moved begins to follow, or another leader epoch: whatever the log holds has to
// be compared with the leader's anew, also if that is who it was.
func (f *following) moved(old, s *State) {
	f.generation++
	f.waiting, f.high, f.start = true, -1, -1
	f.trusting = mutant.On("A3") && s.Leader == old.Leader // KAFKA-7164: the leader is the same
}

// Fetched takes what the leader answered to a fetch. The owner has the log synced
// (its Dirty tells) and asks Fetch again. Errors, for the owner to wait a little
// and say so: ErrStale, the leader's own, and what is wrong with the records;
// those before a wrong one are taken.
func (p *Partition) Fetched(now env.Time, f Fetch, r Response, out *env.Outbox) error {
	if p.stale(&f) {
		if mutant.On("A6") && !p.Leads() && p.log != nil { // a high watermark of an older epoch is believed
			p.learnHigh(r.High)
		}
		return ErrStale
	}
	p.follow.waiting = true
	defer p.prompt()
	if mutant.On("A15") { // KAFKA-14704: the high watermark first
		p.learnHigh(r.High)
	}
	switch {
	case r.Err == kerr.OffsetOutOfRange:
		return p.leap(now, &r, out)
	case r.Err != nil:
		return r.Err
	case r.Diverged:
		return p.part(now, &r, out)
	case p.straddled(&r):
		p.cut(now, r.Start, true, nil, out)
		return nil
	}
	p.follow.trusting = false
	err := p.take(now, &f, r.Records, out)
	p.follow.start = r.Start
	p.learnHigh(r.High)
	p.keepStart(now, out)
	return err
}

// keepStart deletes what the leader has deleted, as far as that is known here to be
// committed. The leader says it once: what is not durable yet is looked at again.
func (p *Partition) keepStart(now env.Time, out *env.Outbox) {
	start := min(p.follow.start, p.hw)
	if p.log == nil || p.Leads() || p.follow.cutting || p.follow.deleting || start <= p.log.Start() {
		return
	}
	p.follow.deleting = true
	p.log.AdvanceStart(now, start, out, func(now env.Time, err error, out *env.Outbox) {
		if p.follow.deleting = false; err == nil { // a failure is told by the log
			p.keepStart(now, out)
		}
	})
}

func (p *Partition) stale(f *Fetch) bool {
	if mutant.On("A25") { // NATS 7209: a delayed answer of an old leader is taken
		return !p.mayFetch()
	}
	return f.generation != p.follow.generation || !p.mayFetch()
}

// straddled tells whether the leader deleted all that we have, and its log now
// begins inside a batch which begins where ours holds something else.
func (p *Partition) straddled(r *Response) bool {
	l := p.log
	return len(r.Records) >= record.HeaderSize && l.End() > l.Start() && r.Start >= l.End() && record.Batch(r.Records).BaseOffset() < l.End()
}

// take appends the batches of a response. A part of one at its end is not there.
func (p *Partition) take(now env.Time, f *Fetch, records []byte, out *env.Outbox) error {
	for b, err := range record.Batches(records) {
		if errors.Is(err, record.ErrTruncated) {
			return nil
		}
		if err == nil {
			err = p.takeOne(now, f, b, out)
		}
		if err != nil {
			return fmt.Errorf("from leader %d of epoch %d at offset %d: %w", f.Leader, f.LeaderEpoch, p.log.End(), err)
		}
	}
	return nil
}

// Errors of records that a leader sent.
var errEpoch = errors.New("batch of an impossible leader epoch")

// takeOne appends one batch, with the offset and epoch that the leader gave it.
// What its producer did before is the leader's to judge (KAFKA-6003).
func (p *Partition) takeOne(now env.Time, f *Fetch, b record.Batch, out *env.Outbox) error {
	if err := record.Check(b); err != nil {
		return err
	}
	if e := b.PartitionLeaderEpoch(); e > f.LeaderEpoch || e < p.log.Epochs().EpochAt(p.log.End()-1) {
		return fmt.Errorf("%w: %d", errEpoch, e)
	}
	if mutant.On("D4") { // a follower without state wants the first sequence number
		if b.HasProducerID() && b.BaseSequence() > 0 && p.log.Producers().Len() == 0 {
			return kerr.OutOfOrderSequenceNumber
		}
	}
	return p.log.AppendFollower(now, b, out)
}

// learnHigh takes the leader's high watermark as far as the log goes for certain:
// what a full disk may still cut off is committed elsewhere, but not shown here.
func (p *Partition) learnHigh(high int64) {
	p.follow.high = high
	p.keepUp()
}

func (p *Partition) keepUp() {
	if high := min(p.follow.high, p.log.Acked()); high > p.hw && !p.follow.cutting {
		p.setHigh(high)
		p.wake()
	}
}

// part cuts the log where it leaves the leader's (KIP-101, KIP-279): at the end
// of the epoch that the leader names, here or there. If we lack it, what we have
// of older epochs is compared by the next fetch.
func (p *Partition) part(now env.Time, r *Response, out *env.Outbox) error {
	l := p.log
	to := min(r.End, l.End())
	if epoch, end := l.Epochs().EndOffset(r.Epoch, l.End()); end >= 0 && !mutant.On("A2") {
		to = min(to, end)
	} else if epoch != r.Epoch {
		p.follow.trusting = mutant.On("A2") // KIP-279: it does not look again
	}
	if to < 0 {
		return fmt.Errorf("leader %d parts at %d of epoch %d: %w", p.state.Leader, r.End, r.Epoch, kerr.InvalidRequest)
	}
	p.cut(now, to, false, nil, out)
	return nil
}

// leap follows a leader whose log ends before ours begins to differ, or begins
// after ours ends.
func (p *Partition) leap(now env.Time, r *Response, out *env.Outbox) error {
	end := p.log.End()
	switch {
	case r.End >= 0 && end > r.End:
		p.cut(now, r.End, false, nil, out)
	case r.Start >= 0 && end < r.Start:
		p.cut(now, r.Start, true, r.Producers, out)
	default:
		return r.Err
	}
	return nil
}

// cut truncates the log. Below the high watermark that breaks a promise, of
// whoever made it: it is told, and done, for the leader's log is the partition's.
func (p *Partition) cut(now env.Time, to int64, fully bool, producers []byte, out *env.Outbox) {
	if to < p.hw || fully && p.log.End() < p.hw {
		p.broken++
		out.Logf(env.Error, "replica %d: leader %d of epoch %d has the log cut at %d, below the high watermark %d",
			p.me, p.state.Leader, p.state.LeaderEpoch, to, p.hw)
	}
	p.follow.generation++
	p.follow.cutting, p.follow.high = true, -1
	done := func(now env.Time, err error, _ *env.Outbox) { // if it failed, the next fetch leads here again
		p.follow.cutting = false
		if fully && err == nil && !mutant.On("A19") { // KAFKA-9491: the start moves, the high watermark does not
			p.setHigh(p.log.Start())
		}
		p.lead()
		p.raise(now)
		p.prompt()
	}
	if fully {
		p.log.BeginAt(now, to, p.known(producers, out), out, done)
		return
	}
	if to < p.hw {
		p.setHigh(to)
	}
	p.log.Truncate(now, to, out, done)
}

// known are the producers of a leader's snapshot. One that cannot be read is as
// good as none: they are then learned by their records.
func (p *Partition) known(snapshot []byte, out *env.Outbox) *storage.Producers {
	if len(snapshot) == 0 {
		return storage.NewProducers()
	}
	all, err := storage.DecodeProducers(snapshot)
	if err != nil {
		out.Logf(env.Warn, "replica %d: producers of leader %d: %v", p.me, p.state.Leader, err)
		return storage.NewProducers()
	}
	return all
}
