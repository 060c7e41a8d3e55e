package quorum

import (
	"errors"
	"fmt"

	"odradek/node/env"
	"odradek/node/record"
)

// Observer is the replica of a node that is no voter. It pulls what is committed
// (ReadCommitted and Snapshot of a voter) and keeps it as a voter does, so that
// a Quorum can be opened in its directory once the node is to be one:
//
//	Next -> pull from there -> Append, or Install after ErrSnapshot -> durable -> owner
type Observer struct{ q *Quorum }

// ErrPulled says that what was pulled does not continue this log.
var ErrPulled = errors.New("pulled metadata")

// OpenObserver reads what an observer has on disk and gives all of it to the
// owner, of which Leading, Following and Send are not called. ErrVoters: this
// directory is a voter's, or was: what lies in its log may not be committed, and
// others may count on it.
func OpenObserver(t *env.Task, o Options) (*Observer, error) {
	q := newQuorum(o)
	q.observer = true
	if err := makeDir(t, o.Dir); err != nil {
		return nil, err
	}
	voted, err := q.readPromises(t)
	if err != nil {
		return nil, err
	}
	if err := q.openLog(t); err != nil {
		return nil, err
	}
	if voted || q.entries.snapshot == nil && q.log.End() > 0 {
		return nil, fmt.Errorf("%w: %v cannot observe, it may have voted", ErrVoters, o.Me)
	}
	if err := q.load(t); err != nil {
		return nil, err
	}
	q.giveSnapshot(t.Now(), t.Out())
	q.begun()
	q.replay(t.Now(), t.Out())
	return &Observer{q}, nil
}

// Next is the offset from which to pull; ok is false when there is not even a
// checkpoint: then the snapshot has to be pulled first.
func (o *Observer) Next() (at int64, ok bool) {
	return o.q.entries.end(), o.q.entries.snapshot != nil
}

// Append keeps batches that were pulled; the owner gets them when they are
// durable. Those that are here already, and a partial last one, are left out.
// ErrPulled: they have a gap or are damaged; what is before that was kept.
func (o *Observer) Append(now env.Time, batches []byte, out *env.Outbox) error {
	q := o.q
	for b, err := range record.Batches(batches) {
		switch {
		case q.failed != nil:
			return q.failed
		case q.working:
			return fmt.Errorf("%w: a snapshot is being installed", ErrBusy)
		case errors.Is(err, record.ErrTruncated):
			return nil
		case err == nil && b.NextOffset() <= q.entries.end():
			continue
		}
		if err == nil {
			err = o.keep(now, b, out)
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrPulled, err)
		}
	}
	return nil
}

func (o *Observer) keep(now env.Time, b record.Batch, out *env.Outbox) error {
	q := o.q
	if err := checkBatch(b, uint64(b.PartitionLeaderEpoch())); err != nil {
		return err
	}
	if q.entries.snapshot == nil || b.BaseOffset() != q.entries.end() {
		return fmt.Errorf("batch %d, expected %d", b.BaseOffset(), q.entries.end())
	}
	e, err := newEntry(q.entries.last()+1, b)
	if err != nil {
		return err
	}
	if err := q.log.AppendFollower(now, b, out); err != nil {
		return err
	}
	q.entries.list = append(q.entries.list, e)
	return nil
}

// Install makes a snapshot the state, and gives it to the owner; one that is not
// ahead changes nothing.
func (o *Observer) Install(now env.Time, end int64, epoch int32, file []byte, out *env.Outbox) error {
	q := o.q
	c, err := parseCheckpoint(end, epoch, file)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrPulled, err)
	case q.failed != nil:
		return q.failed
	case q.working || q.capturing:
		return ErrBusy
	case q.entries.snapshot != nil && c.offset <= q.entries.end():
		return nil
	}
	q.working = true
	q.task(now, out, func(t *env.Task) error { return q.replace(t, c) }, func(now env.Time, out *env.Outbox) {
		q.working = false
		q.begun()
		q.giveSnapshot(now, out)
	})
	return nil
}

// Voters are those that the log names, as far as it was given to the owner.
func (o *Observer) Voters() []Voter { return o.q.Voters() }

// HighWatermark is the offset below which the owner was given all.
func (o *Observer) HighWatermark() int64 { return o.q.high }

// Snapshots are taken as by a voter.
func (o *Observer) BytesSinceSnapshot() int64 { return o.q.since }

// TakeSnapshot is the Quorum's.
func (o *Observer) TakeSnapshot(now env.Time, out *env.Outbox) error {
	return o.q.TakeSnapshot(now, out)
}

// Drained and Close are the Quorum's.
func (o *Observer) Drained(now env.Time, out *env.Outbox) { o.q.Drained(now, out) }

// Close saves the log and closes it.
func (o *Observer) Close(t *env.Task) error { return o.q.Close(t) }

// begun makes the checkpoint all that was given to the owner.
func (q *Quorum) begun() {
	q.applied, _ = q.entries.base()
	q.high, q.since = q.entries.head(), 0
	if c := q.entries.snapshot; c != nil {
		q.voters = c.voters
	}
}

// replay gives an observer's owner what is durable: all of it is committed.
func (q *Quorum) replay(now env.Time, out *env.Outbox) {
	for q.failed == nil && !q.working {
		e := q.entries.at(q.applied + 1)
		if e == nil || e.batch.NextOffset() > q.log.Durable() {
			return
		}
		q.applyOne(now, e, out)
	}
}
