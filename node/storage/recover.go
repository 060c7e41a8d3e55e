package storage

import (
	"errors"
	"fmt"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// recover reads what lies past the recovery point:
//
//	segments below    | the point's segment      | later segments
//	taken as they are | headers, then from the point on every batch with its CRC
//
// The first thing that is no intact batch, continuing the one before, ends the
// log: past the point that is a torn tail; below it, storage was lost.
func (r *recovery) recover(scanEpochs bool) error {
	l := r.l
	if scanEpochs {
		if err := r.epochsFromRecords(); err != nil {
			return err
		}
	}
	first := r.firstToRead()
	expected := l.point.offset
	for i := first; i < len(l.segments); i++ {
		s := l.segments[i]
		at, from := int64(0), s.base
		if r.found && s.base <= l.point.offset && i == first {
			at, from = l.point.position, l.point.offset
		}
		if from != expected && (i > first || r.found) {
			return r.endAt(i, 0, expected)
		}
		next, position, err := r.readSegment(s, at, from)
		if err != nil {
			return err
		}
		expected = next
		if position < s.size {
			return r.endAt(i, position, next)
		}
	}
	l.end = expected
	if len(l.segments) == 0 {
		l.end = max(l.point.offset, l.start)
	}
	return nil
}

// firstToRead is the index of the segment that holds the recovery point.
func (r *recovery) firstToRead() int {
	segments := r.l.segments
	if !r.found {
		if len(segments) > 0 {
			r.l.point = recoveryPoint{offset: segments[0].base, start: r.l.start}
		}
		return 0
	}
	for i := len(segments) - 1; i >= 0; i-- {
		if segments[i].base <= r.l.point.offset && (segments[i].base < r.l.point.offset || r.l.point.position == 0) {
			return i
		}
	}
	if len(segments) > 0 || r.l.point.offset > r.l.point.start {
		r.lose()
	}
	return 0
}

func (r *recovery) lose() {
	// B30: what had to be cut below the synced mark passes for a clean restart.
	if !mutant.On("B30") {
		r.report.Lost = true
	}
}

// readSegment verifies batches from a position on, and writes them again in
// place: after a failed sync the page cache may hold what the disk does not,
// and would never be told so (the 2018 findings on fsync).
func (r *recovery) readSegment(s *segment, at, offset int64) (next, position int64, err error) {
	l := r.l
	if at > s.size {
		r.lose()
		return r.shorter(s)
	}
	size := s.size
	s.size, s.end, l.end = at, offset, offset
	if err := r.indexesBelow(s, at, offset); err != nil {
		return 0, 0, err
	}
	position, err = l.eachBatch(r.t, s, at, size, func(b record.Batch, at int64) (bool, error) { return r.take(s, b, at) })
	if err != nil {
		return 0, 0, err
	}
	s.size = size
	r.report.Recovered += position - at
	return s.end, position, r.save(s)
}

// indexesBelow loads what the indexes say of a segment below a position.
func (r *recovery) indexesBelow(s *segment, at, offset int64) error {
	if at == 0 {
		s.index, s.times = &OffsetIndex{}, &TimeIndex{}
		return nil
	}
	if err := r.l.loadIndexes(r.t, s); err != nil && !isCorrupt(err) {
		return err
	}
	if s.index == nil { // the records below the point are damaged
		s.index, s.times = &OffsetIndex{}, &TimeIndex{}
		r.lose()
	}
	s.index.Truncate(at)
	s.times.Truncate(offset - s.base)
	s.savedIndex, s.savedTimes = min(s.savedIndex, s.index.Len()), min(s.savedTimes, s.times.Len())
	return nil
}

// take judges one batch; false ends the log before it.
func (r *recovery) take(s *segment, b record.Batch, at int64) (bool, error) {
	if err := record.Check(b); err != nil && !mutant.On("B26") { // B26: a torn last batch is accepted
		return false, nil
	}
	if b.BaseOffset() != r.l.end {
		return false, nil
	}
	r.dirty = true
	done := r.t.Do(env.Disk{Kind: env.Write, File: s.file, Off: at, Data: b})
	if done.Err != nil {
		return false, fmt.Errorf("write segment %d again: %w", s.base, done.Err)
	}
	r.l.note(s, b, batchMark(b))
	return true, nil
}

func (r *recovery) save(s *segment) error {
	s.written, s.synced = s.end, s.end
	if !r.dirty {
		return nil
	}
	if err := r.l.open(r.t, s); err != nil {
		return err
	}
	if done := r.t.Do(env.Disk{Kind: env.Sync, File: s.file}); done.Err != nil {
		return fmt.Errorf("sync segment %d: %w", s.base, done.Err)
	}
	return nil
}

// shorter finds the intact part of a segment that lost bytes below the point.
func (r *recovery) shorter(s *segment) (next, position int64, err error) {
	r.dirty = true
	return r.readSegment(s, 0, s.base)
}

// endAt makes an offset the end of the log: the rest of the i-th segment and
// the later ones are cut off.
func (r *recovery) endAt(i int, position, offset int64) error {
	l := r.l
	if offset < l.point.offset && r.found {
		r.lose()
	}
	r.dirty = true
	for len(l.segments) > i+1 {
		r.report.Cut += l.active().size
		if err := l.removeLast(r.t); err != nil {
			return err
		}
	}
	s := l.active()
	r.report.Cut += s.size - position
	if position == 0 && s.base != offset {
		if err := l.removeLast(r.t); err != nil {
			return err
		}
	} else if err := r.truncate(s, position); err != nil {
		return err
	}
	l.end = offset
	l.epochs.TruncateFromEnd(offset)
	return nil
}

func (r *recovery) truncate(s *segment, position int64) error {
	if err := r.l.open(r.t, s); err != nil {
		return err
	}
	for _, d := range []env.Disk{{Kind: env.Truncate, File: s.file, Off: position}, {Kind: env.Sync, File: s.file}} {
		if done := r.t.Do(d); done.Err != nil {
			return fmt.Errorf("cut segment %d: %w", s.base, done.Err)
		}
	}
	s.size, s.sealed = position, false
	return nil
}

// epochsFromRecords derives the leader epochs from all headers.
func (r *recovery) epochsFromRecords() error {
	for _, s := range r.l.segments {
		err := r.l.eachHeader(r.t, s, 0, s.size, func(b record.Batch, _ int64) bool {
			if record.Batch(b).Magic() != record.Magic {
				return false
			}
			r.l.epochs.Assign(b.PartitionLeaderEpoch(), b.BaseOffset())
			return true
		})
		if err != nil && !isCorrupt(err) {
			return err
		}
	}
	return nil
}

func isCorrupt(err error) bool {
	var c *CorruptError
	return errors.As(err, &c)
}

// finish brings back the producers and leaves a recovery point, so that what
// was read now need not be read again.
func (r *recovery) finish() error {
	l := r.l
	l.end = max(l.end, l.start)
	if len(l.segments) == 0 {
		l.start = l.end
	}
	l.next, l.oldSnapshots = l.point, r.snapshots
	l.written, l.durable = l.end, l.end
	l.epochs.TruncateFromEnd(l.end)
	l.epochs.TruncateFromStart(l.start)
	if s := l.active(); s != nil {
		if err := l.open(r.t, s); err != nil {
			return err
		}
		s.end, s.written, s.synced = l.end, l.end, l.end
	}
	if err := l.rebuildProducers(r.t); err != nil {
		return err
	}
	if !r.dirty && r.found {
		return nil
	}
	if done := r.t.Do(env.Disk{Kind: env.SyncDir, Path: l.o.Dir}); done.Err != nil {
		return fmt.Errorf("sync %s: %w", l.o.Dir, done.Err)
	}
	if done := r.t.Do(env.Disk{Kind: env.SyncDir, Path: parent(l.o.Dir)}); done.Err != nil {
		return fmt.Errorf("sync %s: %w", parent(l.o.Dir), done.Err)
	}
	return l.Checkpoint(r.t)
}
