package checker

// readings judges every fetch by itself: its records must be a piece of the
// log that begins where it asked and ends below the end that it states.
func (p *part) readings() {
	for _, id := range p.fetches {
		if r := p.row(id); answered(r) {
			p.contiguous(id, r)
			p.withinHighWatermark(id, r)
		}
	}
}

func (p *part) contiguous(id ID, r *row) {
	next, first := r.offset, true
	for _, rec := range p.h.recordsOf(r) {
		if next != Unknown && rec.Offset != next {
			p.jump(id, first, next, rec.Offset)
		}
		next, first = past(rec.Offset, 1), false
	}
}

// jump names a record that does not lie behind the one before it, or, being
// the first, not where the fetch asked.
func (p *part) jump(id ID, first bool, want, got int64) {
	ops := []ID{id}
	lost, skips := p.skips(want, got)
	switch {
	case got < want && first:
		p.broken("nonmonotonic-poll", ops, "asked from %d, got %d", want, got)
	case got < want:
		p.broken("int-nonmonotonic-poll", ops, "%d after %d", got, want-1)
	case !skips:
	case first:
		p.broken("poll-skip", ops, "asked from %d, got %d", want, got)
		p.gone(lost, got, id)
	default:
		p.broken("int-poll-skip", ops, "%d after %d", got, want-1)
		p.gone(lost, got, id)
	}
}

func (p *part) withinHighWatermark(id ID, r *row) {
	if r.answer == Unknown {
		return
	}
	for _, rec := range p.h.recordsOf(r) {
		if rec.Offset >= r.answer {
			p.broken("past-high-watermark", []ID{id}, "offset %d was returned, and the high watermark told is %d", rec.Offset, r.answer)
			return
		}
	}
}
