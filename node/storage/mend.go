package storage

import (
	"errors"
	"fmt"

	"odradek/node/env"
	"odradek/node/record"
)

// ErrUnfit says that records are not those that a damaged range has lost.
var ErrUnfit = errors.New("records do not fit the damaged range")

// Mend puts records in the place of a damaged range: whole batches that fill it,
// from another replica. They are verified, also against the leader epochs around
// them. The segment's file is replaced by a new one:
//
//	old: intact | damaged | intact
//	      copy     records   copy     -> .tmp, synced -> renamed -> directory synced
//
// so that a crash leaves the old or the new one, and ranges of the old one that are
// being sent stay what they are. Errors: ErrUnfit; ErrBusy and env.ErrNoSpace,
// then it is to be tried again; others stop the log. A range that is not damaged
// any more is no error.
func (l *Log) Mend(t *env.Task, where Range, records []byte) error {
	s, d := l.stretchOf(where)
	if s == nil {
		return nil
	}
	if err := l.fitting(s, d, records); err != nil {
		return err
	}
	if s == l.active() && l.Appendable() == nil {
		l.roll(t.Out())
	}
	switch {
	case l.stopped != nil:
		return l.stopped
	case l.busy() || !s.sealed:
		return ErrBusy
	case l.durable < s.end:
		l.sync(t.Out())
		return ErrBusy
	}
	s.mending = true
	err := l.alone(t, func(t *env.Task) error { return l.replace(t, s, d, records) })
	s.mending = false
	if err != nil {
		return err
	}
	return l.troubled(t, l.generation, l.removeOld(t)) // what had to wait
}

func (l *Log) stretchOf(where Range) (*segment, stretch) {
	for _, s := range l.segments {
		for _, d := range s.damaged {
			if d.Range == where {
				return s, d
			}
		}
	}
	return nil, stretch{}
}

// fitting verifies records from elsewhere.
func (l *Log) fitting(s *segment, d stretch, records []byte) error {
	next, last := d.From, l.epochs.EpochAt(d.From-1)
	for b, err := range record.Batches(records) {
		if err == nil {
			err = record.Check(b)
		}
		if err == nil {
			err = l.fittingOne(d, b, next, last)
		}
		if err != nil {
			return fmt.Errorf("%w: at %d: %w", ErrUnfit, next, err)
		}
		next, last = b.NextOffset(), max(last, b.PartitionLeaderEpoch())
	}
	_, damaged := l.sound(d.To, d.To+1)
	switch {
	case next != d.To:
		return fmt.Errorf("%w: they end at %d", ErrUnfit, next)
	case d.To < l.end && damaged == nil && last > l.epochs.EpochAt(d.To):
		return fmt.Errorf("%w: they end in leader epoch %d", ErrUnfit, last)
	case d.end != s.size && d.end-d.at != int64(len(records)):
		return fmt.Errorf("%w: %d bytes for %d", ErrUnfit, len(records), d.end-d.at)
	case !fits(d.To-s.base, d.at+int64(len(records))):
		return fmt.Errorf("%w: the segment would grow too large", ErrUnfit)
	}
	return nil
}

var errOffsets = errors.New("offsets or leader epoch of a batch are others")

func (l *Log) fittingOne(d stretch, b record.Batch, next int64, last int32) error {
	epoch := b.PartitionLeaderEpoch()
	known := d.unsure || next < l.start || epoch == l.epochs.EpochAt(next)
	if b.BaseOffset() != next || b.NextOffset() > d.To || epoch >= 0 && (epoch < last || !known) {
		return fmt.Errorf("%w: %d to %d in epoch %d", errOffsets, b.BaseOffset(), b.LastOffset(), epoch)
	}
	return nil
}
