package storage

import (
	"odradek/node/env"
	"odradek/node/record"
)

// scrub is how far the log was read again.
//
//	first segment ... | at: intact so far ... | Durable
//	                    offset
type scrub struct {
	segment    *segment // nil: the round begins anew
	at, offset int64
	generation int
	mends      int
}

// Scrub reads what is durable again, from where the last call
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
		if found, err = l.scrubSome(t, &l.scrub, most-read); err != nil {
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
	s := c.segment
	switch {
	case l.stopped != nil || l.closed:
		return false
	case s == nil || l.changed(c):
		return l.scrubIn(c.offset)
	case c.offset >= min(s.end, l.durable):
		return l.scrubIn(c.offset)
	}
	return true
}

// scrubIn begins with the segment that holds an offset. What lies before the start
// of the log is read, too: lookups walk over it.
func (l *Log) scrubIn(offset int64) bool {
	l.scrub = scrub{}
	if offset >= l.durable || len(l.segments) == 0 {
		return false
	}
	s := l.holding(max(offset, l.segments[0].base))
	l.scrub = scrub{segment: s, offset: s.base, generation: l.generation, mends: s.mends}
	return true
}

// scrubSome reads on in a cursor's segment.
func (l *Log) scrubSome(t *env.Task, cursor *scrub, most int64) ([]Range, error) {
	c := *cursor
	s, begun, limit, full := c.segment, c.at, min(c.segment.end, l.durable), false
	at, err := l.eachBatch(t, s, begun, s.size, func(b record.Batch, at int64) (bool, error) {
		c.offset = s.behind(c.offset)
		if full = at-begun >= most || c.offset >= limit; full || !l.intact(b, c.offset) {
			return false, nil
		}
		c.offset = b.NextOffset()
		return true, nil
	})
	if err != nil || l.changed(&c) {
		return nil, err
	}
	c.at, c.offset = at, s.behind(c.offset)
	*cursor = c
	if full || c.offset >= limit {
		return nil, nil
	}
	return l.condemn(t, cursor, limit)
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
	return epoch < 0 || offset < l.start || epoch == l.epochs.EpochAt(offset) || l.Unsure()
}

// condemn marks what is damaged from where the cursor is, up to the next intact
// batch.
func (l *Log) condemn(t *env.Task, cursor *scrub, limit int64) ([]Range, error) {
	c := *cursor
	s := c.segment
	next, base, found, err := l.resync(t, s, c.at, s.size, c.offset, limit)
	if err != nil || l.changed(&c) {
		return nil, err
	}
	if p := l.recent.at(s, c.offset); p != nil {
		next, base, found = p.position+p.size, p.last+1, true
	}
	cursor.at, cursor.offset = s.size, limit
	switch {
	case !found && (!s.sealed || s.end > limit):
		return nil, nil // how far it goes shows when there is more behind it
	case !found:
		next, base = s.size, limit
	}
	l.mark(s, stretch{Range{c.offset, base}, c.at, next, false})
	cursor.at, cursor.offset = next, base
	generation := l.generation
	return []Range{{c.offset, base}}, l.troubled(t, generation, l.saveDamage(t))
}

// Inspect is a Scrub of the batch at an offset, at once: somebody could not use
// what was read there.
func (l *Log) Inspect(t *env.Task, offset int64) (found []Range, err error) {
	if offset < l.start || offset >= l.durable || l.stopped != nil {
		return nil, nil
	}
	s := l.holding(offset)
	c := scrub{segment: s, offset: s.base, generation: l.generation, mends: s.mends}
	at, err := l.positionOf(t, s, offset)
	if err == nil {
		var b record.Batch
		if b, err = l.intactAt(t, s, at, s.size); b != nil && l.intact(b, b.BaseOffset()) && b.BaseOffset() <= offset && b.LastOffset() >= offset {
			return nil, nil
		}
	}
	if isCorrupt(err) {
		err = nil
	}
	for err == nil && len(found) == 0 && !l.changed(&c) && c.offset <= offset && c.offset < min(s.end, l.durable) {
		found, err = l.scrubSome(t, &c, scanWindow)
	}
	return found, err
}
