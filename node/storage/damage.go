package storage

import (
	"fmt"
	"slices"

	"odradek/node/env"
)

// Range is the offsets [From, To).
type Range struct{ From, To int64 }

// DamagedError says that an offset lies in a range of which the log has no
// intact copy.
type DamagedError struct{ Range }

func (e *DamagedError) Error() string {
	return fmt.Sprintf("records %d to %d are damaged", e.From, e.To-1)
}

// stretch is a damaged range of a segment: whoever walks through the segment
// leaps over its bytes.
//
//	intact | from ... to-1 | intact
//	       at             end         positions; equal where the bytes are missing
type stretch struct {
	Range
	at, end int64
	unsure  bool // what is derived from records lacks these
}

// Damaged are the ranges at or after the start that are known to be damaged,
// ascending. They are not read; all others are.
func (l *Log) Damaged() (all []Range) {
	if !l.hurt {
		return nil
	}
	for _, s := range l.segments {
		for _, d := range s.damaged {
			if d.To > l.start {
				all = append(all, d.Range)
			}
		}
	}
	return all
}

// Unsure tells whether damaged records lie past the recovery point: then the
// epochs and producers, which are derived from records, lack them. Such a log is
// not to be led with. Nothing is checkpointed until it is mended.
func (l *Log) Unsure() bool {
	return l.deriving || l.hurt && slices.ContainsFunc(l.segments, func(s *segment) bool {
		return slices.ContainsFunc(s.damaged, func(d stretch) bool { return d.unsure && d.To > l.start })
	})
}

// sound is how far a read that begins at an offset may go; an error if it begins
// in a damaged range.
func (l *Log) sound(from, limit int64) (int64, error) {
	if !l.hurt {
		return limit, nil
	}
	for _, s := range l.segments {
		for _, d := range s.damaged {
			switch {
			case d.To <= from || d.From >= limit:
			case d.From <= from:
				return 0, &DamagedError{d.Range}
			default:
				return d.From, nil
			}
		}
	}
	return limit, nil
}

// leap is where to go on from a position: behind the damaged stretch that holds
// it, if one does.
func (s *segment) leap(at int64) int64 {
	for _, d := range s.damaged {
		if at >= d.at && at < d.end {
			at = d.end
		}
	}
	return at
}

// behind is the offset after the damaged stretch that begins at an offset, if one
// does.
func (s *segment) behind(offset int64) int64 {
	for _, d := range s.damaged {
		if d.From == offset {
			offset = d.To
		}
	}
	return offset
}

// mark notes a stretch that was found, and swallows those that it covers.
func (l *Log) mark(s *segment, d stretch) {
	l.hurt = true
	s.damaged = slices.DeleteFunc(s.damaged, func(x stretch) bool {
		overlaps := x.From < d.To && d.From < x.To
		if overlaps {
			d.From, d.To, d.at, d.end = min(d.From, x.From), max(d.To, x.To), min(d.at, x.at), max(d.end, x.end)
			d.unsure = d.unsure || x.unsure
		}
		return overlaps
	})
	s.damaged = append(s.damaged, d)
	slices.SortFunc(s.damaged, func(a, b stretch) int { return int(a.From - b.From) })
}

// crop forgets the stretches behind the end of a segment that was shortened.
func (s *segment) crop() {
	s.damaged = slices.DeleteFunc(s.damaged, func(d stretch) bool { return d.From >= s.end })
	for i := range s.damaged {
		d := &s.damaged[i]
		d.To, d.end = min(d.To, s.end), min(d.end, s.size)
	}
}

// passes tells whether a read of records from an offset to another goes over a
// damaged stretch.
func (s *segment) passes(from, to int64) *DamagedError {
	for _, d := range s.damaged {
		if d.From < to && from < d.To {
			return &DamagedError{d.Range}
		}
	}
	return nil
}

// saveDamage leaves what is known for the next start, which does not read what
// lies below the recovery point. On a full disk the scrub has to find it again.
func (l *Log) saveDamage(t *env.Task) error {
	if l.listed = false; l.listing || l.stopped != nil { // who is at it does it again
		return nil
	}
	l.listing = true
	l.working++
	defer func() {
		l.listing = false
		l.working--
	}()
	for !l.listed {
		l.listed = true
		if err := l.writeDamage(t); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) writeDamage(t *env.Task) error {
	text := l.encodeDamage()
	if len(text) > 0 {
		return ReplaceFile(t, l.path(damageFile), text)
	}
	if done := t.Do(env.Disk{Kind: env.Remove, Path: l.path(damageFile)}); done.Err != nil {
		return fmt.Errorf("remove %s: %w", damageFile, done.Err)
	}
	return nil
}
