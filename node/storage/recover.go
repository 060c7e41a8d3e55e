package storage

import (
	"errors"
	"fmt"
	"slices"

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
	first, at := r.firstToRead()
	l.end = l.point.offset
	l.epochs.TruncateFromEnd(l.end) // the file may be newer than the point
	for i := first; i < len(l.segments); i++ {
		s, from := l.segments[i], l.segments[i].base
		if i > first {
			at = 0
		}
		if at > 0 {
			from = l.point.offset
		}
		if from != l.end && !(i > first && r.lacks(l.segments[i-1], from)) {
			return r.endAt(i, 0, l.end)
		}
		position, err := r.readSegment(s, at, from)
		if err != nil {
			return err
		}
		if position == s.size {
			continue
		}
		if i+1 == len(l.segments) || l.segments[i+1].base != l.end {
			return r.endAt(i, position, l.end)
		}
		if err := r.trim(s, position); err != nil {
			return err
		}
	}
	if r.found && l.end < l.point.offset {
		r.lose()
	}
	return nil
}

// firstToRead is the index of the segment that holds the recovery point, and
// where in it the point is.
func (r *recovery) firstToRead() (first int, at int64) {
	l := r.l
	i := len(l.segments) - 1
	for ; i >= 0 && l.segments[i].base > l.point.offset; i-- {
	}
	switch {
	case i < 0 && len(l.segments) > 0:
		l.point = r.nextPoint(l.segments[0].base)
		return 0, 0
	case i < 0 && l.point.offset > l.point.start:
		r.lose()
		return 0, 0
	case i < 0 || l.segments[i].base == l.point.offset:
		return max(i, 0), 0
	case l.point.position == 0 && i == 0 && l.point.offset <= l.point.start: // the log began anew inside its first batch
		l.point.offset = l.segments[0].base
		return 0, 0
	case l.point.position == 0: // the point's own segment was empty, and is gone; it will be made again
		l.segments[i].sealed = true
		return i + 1, 0
	}
	return i, l.point.position
}

// nextPoint stands for a point below which there is no segment: all was deleted
// up to the start, or there never was a point, or storage was lost.
func (r *recovery) nextPoint(base int64) recoveryPoint {
	p := r.l.point
	switch {
	case r.found && base > max(p.offset, p.start) && p.start >= p.offset:
		r.l.start = p.start // the segment is of a torn tail
		return recoveryPoint{offset: p.start, start: p.start}
	case r.found && base > max(p.offset, p.start):
		r.lose()
	}
	return recoveryPoint{offset: base, start: r.l.start}
}

// readSegment verifies batches from a position on, and writes them again in
// place: after a failed sync the page cache may hold what the disk does not,
// and would never be told so (the 2018 findings on fsync). It returns where the
// intact batches end.
func (r *recovery) readSegment(s *segment, at, offset int64) (position int64, err error) {
	l, size := r.l, s.size
	if at > size {
		return r.readShorter(s)
	}
	s.size, s.end, l.end = at, offset, offset
	s.damaged = slices.DeleteFunc(s.damaged, func(d stretch) bool { return d.end > at })
	if err := r.indexesBelow(s, at, offset); err != nil {
		return 0, err
	}
	fits, err := r.fits(s, at, offset)
	if err != nil {
		return 0, err
	}
	if !fits {
		s.size = size
		return r.readShorter(s)
	}
	if position, err = r.takeAll(s, at, size); err != nil {
		return 0, err
	}
	s.size = size
	r.report.Recovered += position - at
	return position, r.save(s)
}

// readShorter finds the intact part of a segment that lost bytes below the point.
func (r *recovery) readShorter(s *segment) (position int64, err error) {
	if !r.l.o.Mendable { // else it may all be there, or come back
		r.lose()
	}
	r.dirty = true
	return r.readSegment(s, 0, s.base)
}

// indexesBelow loads what the indexes say of a segment below a position. They
// will be written again as a whole, for the same reason as the records.
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
		if !r.l.o.Mendable {
			r.lose()
		}
	}
	s.index.Truncate(at)
	s.times.Truncate(offset - s.base)
	s.savedIndex, s.savedTimes = 0, 0
	s.largest.Timestamp, s.largest.Offset = s.times.Last()
	return nil
}

// fits tells whether a batch below a position ends there, and the next one has
// this offset: whether this is the segment that the recovery point means.
func (r *recovery) fits(s *segment, at, offset int64) (fits bool, err error) {
	if at == 0 {
		return true, nil
	}
	last, err := r.l.positionOf(r.t, s, offset-1)
	if err == nil {
		err = r.l.eachHeader(r.t, s, last, at, func(b record.Batch, p int64) bool {
			size, _ := record.PeekSize(b)
			fits = b.NextOffset() == offset && p+int64(size) == at
			return false
		})
	}
	if isCorrupt(err) {
		return false, nil
	}
	return fits, err
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
		return l.removeLast(r.t)
	}
	s.sealed = false
	return r.truncate(s, position)
}

// trim cuts off what lies behind a segment's last batch although the next segment
// continues it: it was cut off before, and the disk did not say that it is back.
func (r *recovery) trim(s *segment, position int64) error {
	r.dirty = true
	r.report.Cut += s.size - position
	return r.truncate(s, position)
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
	s.size = position
	return nil
}

// epochsFromRecords derives the leader epochs from the headers below the
// recovery point; those past it are taken as they are read.
func (r *recovery) epochsFromRecords() error {
	l := r.l
	for i, s := range l.segments {
		if s.base >= l.point.offset {
			return nil
		}
		to := s.size
		if last := i+1 == len(l.segments) || l.segments[i+1].base > l.point.offset; last && l.point.position > 0 {
			to = min(to, l.point.position)
		}
		err := l.eachHeader(r.t, s, 0, to, func(b record.Batch, _ int64) bool {
			l.epochs.Assign(b.PartitionLeaderEpoch(), b.BaseOffset())
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
