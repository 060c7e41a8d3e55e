package broker

import (
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
)

// What a ListOffsets may ask for in place of a timestamp.
const (
	latestOffset       = -1
	earliestOffset     = -2
	maxTimestampOffset = -3 // KIP-734
	earliestLocal      = -4 // KIP-405
	latestTiered       = -5 // KIP-1005
	earliestPending    = -6 // KIP-1023
)

// offsetsQuestion asks for offsets by time; answered with []offsetsResult.
type offsetsQuestion struct{ Parts []offsetsPart }

type offsetsPart struct {
	Key       partitionKey
	Timestamp int64
	Epoch     int32 // the leader's, as the client knows it
	Replica   bool  // where this replica's log ends, whoever leads
}

type offsetsResult struct {
	Code      int16
	Offset    int64
	Timestamp int64
	Epoch     int32
}

func (p *offsetsPart) key() partitionKey { return p.Key }

func (s *shard) offsets(q offsetsQuestion, done func(any)) {
	perReplica(s, q.Parts, (*offsetsPart).key, done,
		func(p *offsetsPart, r *replica, err error, res *offsetsResult, finish func()) {
			res.Offset, res.Timestamp, res.Epoch = -1, -1, -1
			if err == nil && p.Replica {
				if err = r.part.CheckEpoch(p.Epoch); err == nil {
					res.Offset, res.Epoch = r.log.End(), r.part.State().LeaderEpoch
				}
				res.Code = codeOf(err)
				finish()
				return
			}
			if err == nil {
				err = leads(r, p.Epoch)
			}
			if err == nil && !r.part.LatestKnown() && looksForLate(p.Timestamp) {
				err = kerr.OffsetNotAvailable // KIP-207
			}
			if err != nil {
				res.Code = codeOf(err)
				finish()
				return
			}
			if r.offsetOf(p.Timestamp, res) {
				finish()
				return
			}
			s.searchTime(p.Timestamp, r, res, finish)
		})
}

// looksForLate tells whether an answer could be one of records that a leader of
// a moment ago knows to be committed and this one does not yet.
func looksForLate(timestamp int64) bool {
	return timestamp >= 0 || timestamp == latestOffset || timestamp == maxTimestampOffset
}

// leads refuses what only the leader of the epoch that the client knows may do. A
// follower, too, knows which epoch it is.
func leads(r *replica, epoch int32) error {
	if err := r.part.CheckEpoch(epoch); err != nil {
		return err
	}
	if !r.part.Leads() {
		return kerr.NotLeaderForPartition
	}
	return nil
}

// offsetOf answers what needs no search.
func (r *replica) offsetOf(timestamp int64, res *offsetsResult) bool {
	switch timestamp {
	case latestOffset:
		res.Offset = r.part.LastStable()
		res.Epoch = r.part.State().LeaderEpoch
	case earliestOffset, earliestLocal:
		res.Offset = r.log.Start()
		res.Epoch = r.log.Epochs().EpochAt(res.Offset)
	case latestTiered, earliestPending:
		// nothing is tiered: there is no such offset
	default:
		return timestamp < 0 && timestamp != maxTimestampOffset
	}
	return true
}

func (s *shard) searchTime(timestamp int64, r *replica, res *offsetsResult, finish func()) {
	known := r.part.LatestKnown()
	s.start(func(t *env.Task) error {
		search := r.log.MaxTimestamp
		if timestamp != maxTimestampOffset {
			search = func(t *env.Task, limit int64) (int64, int64, int32, bool, error) {
				return r.log.OffsetForTime(t, timestamp, limit)
			}
		}
		offset, at, epoch, found, err := search(t, r.part.LastStable())
		if found && err == nil {
			res.Offset, res.Timestamp, res.Epoch = offset, at, epoch
		} else if err == nil && !known {
			err = kerr.OffsetNotAvailable // it may lie where we do not look yet
		}
		return err
	}, func(err error) {
		res.Code = codeOf(err)
		finish()
	})
}

// epochsQuestion asks where leader epochs end; answered with []epochsResult.
type epochsQuestion struct{ Parts []epochsPart }

type epochsPart struct {
	Key     partitionKey
	Epoch   int32 // asked about
	Current int32 // the leader's, as the asker knows it
}

type epochsResult struct {
	Code  int16
	Epoch int32
	End   int64
}

func (p *epochsPart) key() partitionKey { return p.Key }

func (s *shard) epochs(q epochsQuestion, done func(any)) {
	perReplica(s, q.Parts, (*epochsPart).key, done,
		func(p *epochsPart, r *replica, err error, res *epochsResult, finish func()) {
			res.Epoch, res.End = -1, -1
			if err == nil {
				err = leads(r, p.Current)
			}
			if err == nil {
				res.Epoch, res.End = r.log.Epochs().EndOffset(p.Epoch, r.log.End())
			}
			res.Code = codeOf(err)
			finish()
		})
}

// trimQuestion asks to delete records before offsets; answered with []trimResult.
type trimQuestion struct {
	Parts     []trimPart
	TimeoutMs int32
}

type trimPart struct {
	Key    partitionKey
	Before int64 // -1: the high watermark
}

type trimResult struct {
	Code int16
	Low  int64
}

func (p *trimPart) key() partitionKey { return p.Key }

func (s *shard) trim(q trimQuestion, done func(any)) {
	patience := max(time.Duration(q.TimeoutMs)*time.Millisecond, 0)
	perReplica(s, q.Parts, (*trimPart).key, done,
		func(p *trimPart, r *replica, err error, res *trimResult, finish func()) {
			res.Low = -1
			before := p.Before
			if err == nil {
				before, err = r.trimTo(p.Before)
			}
			if err != nil {
				res.Code = codeOf(err)
				finish()
				return
			}
			w := &trimWait{s: s, r: r, res: res, before: before, finish: finish}
			r.log.AdvanceStart(s.now, before, s.out, func(_ env.Time, err error, _ *env.Outbox) {
				if err != nil {
					w.Done(err)
					return
				}
				s.timers.Set(w, s.now.Mono+patience)
				r.part.AwaitStart(before, w)
			})
		})
}

// trimWait waits until the followers' logs begin where the leader's does: who
// comes to lead must not bring back what is deleted.
type trimWait struct {
	s      *shard
	r      *replica
	res    *trimResult
	before int64
	finish func()
	over   bool
}

// Done is called by the partition.
func (w *trimWait) Done(err error) {
	if w.over {
		return
	}
	w.over = true
	w.s.timers.Cancel(w)
	if w.res.Code = codeOf(err); err == nil {
		w.res.Low = max(w.r.part.LowWatermark(), w.before) // retention may have moved our own further
	}
	w.finish()
}

// fired: the time is up.
func (w *trimWait) fired() { w.Done(kerr.RequestTimedOut) }

func (r *replica) trimTo(before int64) (int64, error) {
	high := r.part.HighWatermark()
	if before == -1 {
		before = high
	}
	switch c := &r.topic.config; {
	case !r.part.Leads():
		return 0, kerr.NotLeaderForPartition
	case c.Compact && !c.Delete:
		return 0, kerr.PolicyViolation
	case before < 0 || before > high:
		return 0, kerr.OffsetOutOfRange
	}
	return before, nil
}
