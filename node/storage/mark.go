package storage

import (
	"odradek/node/mutant"
	"odradek/node/record"
)

// takeAll reads the intact batches of a segment from a position on. What is
// damaged between them is marked, if it may be; else it ends at the first fault.
func (r *recovery) takeAll(s *segment, at, size int64) (position int64, err error) {
	var odd map[int64]bool
	if r.mayMark() {
		if odd, err = r.oddEpochs(s, at, size); err != nil {
			return at, err
		}
	}
	for {
		position, err = r.l.eachBatch(r.t, s, at, size, func(b record.Batch, at int64) (bool, error) {
			if odd[at] && r.mayMark() {
				return false, nil
			}
			return r.take(s, b, at)
		})
		if err != nil || position == size {
			return position, err
		}
		leapt, err := r.leap(s, position, size)
		if err != nil || leapt == position {
			return position, err
		}
		at = leapt
	}
}

// leap marks what is damaged at a position, up to the next intact batch of the
// segment, or to the next segment. It returns the position itself if the log has
// to end there: behind what the disk is known to have held, a fault is a torn tail.
func (r *recovery) leap(s *segment, at, size int64) (int64, error) {
	l := r.l
	if !r.mayMark() {
		return at, nil
	}
	limit := l.end + size - at // there is no more room for batches of one record
	if s.sealed {
		if limit = r.baseAfter(s); limit <= l.end {
			return at, nil // the next segment goes on where the fault is
		}
	}
	next, base, found, err := l.resync(r.t, s, at, size, l.end, limit)
	switch {
	case err != nil:
		return at, err
	case !found && !s.sealed:
		return at, nil
	case !found:
		next, base = size, limit
	}
	r.mark(s, stretch{Range{l.end, base}, at, next, true})
	return next, nil
}

func (r *recovery) mayMark() bool {
	l := r.l
	// B12 (NATS 7549): what lies behind a flipped bit is dropped.
	return l.o.Mendable && l.end < max(l.point.offset, l.high) && !mutant.On("B12")
}

func (r *recovery) mark(s *segment, d stretch) {
	if !r.l.Unsure() {
		r.l.doubtful = d.From
	}
	r.l.mark(s, d)
	s.size, s.end, r.l.end = d.end, d.To, d.To
	s.sinceEntry = r.l.o.Config.IndexInterval + 1 // so that nobody need walk over it
	r.report.Damaged = append(r.report.Damaged, d.Range)
	r.dirty = true
}

// lacks marks what is missing between a segment and the next one's base, if it
// may be marked.
func (r *recovery) lacks(s *segment, base int64) bool {
	if base < r.l.end || !r.mayMark() {
		return false
	}
	r.mark(s, stretch{Range{r.l.end, base}, s.size, s.size, true})
	return true
}

func (r *recovery) baseAfter(s *segment) int64 {
	for _, x := range r.l.segments {
		if x.base > s.base {
			return x.base
		}
	}
	return s.end
}
