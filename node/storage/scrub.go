package storage

import (
	"odradek/node/env"
	"odradek/node/record"
)

// scrub is how far the log was read again.
//
//	first segment ... | at: intact so far ... | recovery point
//	                    offset
type scrub struct {
	segment    *segment // nil: the round begins anew
	at, offset int64
	generation int
	mends      int
}

// Scrub reads what lies below the recovery point again, from where the last call
// stopped, at most so many bytes and one batch, and marks what is damaged:
// batches whose CRC, offset or leader epoch is wrong, and records that are
// missing. The round is over when ended says so; the next call begins a new one.
// An error of the disk says nothing of the records.
func (l *Log) Scrub(t *env.Task, most int64) (read int64, found []Range, ended bool, err error) {
	for read < most && len(found) == 0 {
		if !l.scrubOn() {
			return read, nil, true, nil
		}
		at := l.scrub.at
		if found, err = l.scrubSome(t, most-read); err != nil {
			l.scrub = scrub{}
			return read, found, true, err
		}
		read += max(l.scrub.at-at, 0)
	}
	return read, found, false, nil
}

// scrubOn finds the segment to read in; false: there is no more.
func (l *Log) scrubOn() bool {
	c := &l.scrub
	if l.stopped != nil || l.closed {
		return false
	}
	if s := c.segment; s == nil || s.gone || c.generation != l.generation || c.mends != s.mends {
		return l.scrubIn(max(c.offset, l.start))
	}
	if c.at < l.stable(c.segment) {
		return true
	}
	return l.scrubIn(c.segment.end)
}

// scrubIn begins with the segment that holds an offset.
func (l *Log) scrubIn(offset int64) bool {
	l.scrub = scrub{}
	if offset >= l.point.offset || len(l.segments) == 0 {
		return false
	}
	s := l.holding(offset)
	if !s.sealed && l.point.position == 0 { // the log began anew inside its first batch
		return false
	}
	l.scrub = scrub{segment: s, offset: s.base, generation: l.generation, mends: s.mends}
	return true
}

// stable is the position up to which nothing more is written to a segment but to
// mend it.
func (l *Log) stable(s *segment) int64 {
	switch {
	case s.end <= l.point.offset && s.sealed:
		return s.size
	case s.base < l.point.offset:
		return min(l.point.position, s.size)
	}
	return 0
}

// scrubSome reads on in the cursor's segment.
func (l *Log) scrubSome(t *env.Task, most int64) ([]Range, error) {
	c := l.scrub
	s, begun, to, full := c.segment, c.at, l.stable(c.segment), false
	at, err := l.eachBatch(t, s, begun, to, func(b record.Batch, at int64) (bool, error) {
		c.offset = s.behind(c.offset)
		if full = at-begun >= most; full || !l.intact(b, c.offset) {
			return false, nil
		}
		c.offset = b.NextOffset()
		return true, nil
	})
	if err != nil || l.changed(&c) {
		return nil, err
	}
	c.at, c.offset = at, s.behind(c.offset)
	if !full && c.offset >= min(s.end, l.point.offset) {
		c.at = to
	}
	l.scrub = c
	if full || c.at == to && c.offset >= min(s.end, l.point.offset) {
		return nil, nil
	}
	return l.condemn(t, c, to)
}

// changed tells whether what was read may not be what is there now.
func (l *Log) changed(c *scrub) bool {
	return c.segment.gone || l.closed || c.generation != l.generation || c.mends != c.segment.mends
}

// intact tells whether a batch is what was once written at an offset. A leader
// epoch is under no CRC: the cache of epochs knows it, too.
func (l *Log) intact(b record.Batch, offset int64) bool {
	if record.Check(b) != nil || b.BaseOffset() != offset {
		return false
	}
	epoch := b.PartitionLeaderEpoch()
	return epoch < 0 || offset < l.start || l.Unsure() || epoch == l.epochs.EpochAt(offset)
}

// condemn marks what is damaged from where the cursor is, up to the next intact
// batch.
func (l *Log) condemn(t *env.Task, c scrub, to int64) ([]Range, error) {
	s, limit := c.segment, min(c.segment.end, l.point.offset)
	next, base, found, err := l.resync(t, s, c.at, to, c.offset, limit)
	if err != nil || l.changed(&c) {
		return nil, err
	}
	if !found {
		next, base = to, limit
	}
	s.mark(stretch{Range{c.offset, base}, c.at, next, false})
	l.scrub.at, l.scrub.offset = next, base
	generation := l.generation
	return []Range{{c.offset, base}}, l.troubled(t, generation, l.saveDamage(t))
}
