package checker

import "math"

// lookups judges ListOffsets by time. What was surely in the log throughout
// (told before the question, above every start that may have been set) must
// have been taken into account.
func (p *part) lookups() {
	var k *peaks
	for _, id := range p.others {
		r := p.row(id)
		if r.kind != ListOp || r.outcome != OK || r.answer < 0 && r.answer != MaxTimestamp {
			continue
		}
		if k == nil {
			k = p.peaks()
		}
		p.namesRecord(id, r)
		if p.gapsAllowed() || p.o.Retention || p.o.LeaderMayBeDeposed {
			continue
		}
		if r.answer == MaxTimestamp {
			p.largest(id, r, k)
		} else {
			p.earliest(id, r, k)
		}
	}
}

// namesRecord judges whether the answer fits the record that it names.
func (p *part) namesRecord(id ID, r *row) {
	if r.offset == Unknown || r.extra == Unknown {
		return
	}
	if r.answer >= 0 && r.extra < r.answer {
		p.blame("wrong-timestamp", []ID{id}, "asked for %d or later, told %d at offset %d", r.answer, r.extra, r.offset)
		return
	}
	c := p.cells.get(uint64(r.offset))
	if c != nil && c.set && c.timestamp != Unknown && c.timestamp != r.extra {
		p.blame("wrong-timestamp", []ID{c.by, id}, "told %d at offset %d, and the record there has %d", r.extra, r.offset, c.timestamp)
	}
}

func (p *part) earliest(id ID, r *row, k *peaks) {
	known, _ := p.ends.before(r.invoke)
	to := known.value
	if r.offset != Unknown {
		to = min(to, r.offset)
	}
	if o, t, ok := k.first(p.furthest(r), to, r.answer); ok {
		p.blame("timestamp-lookup-missed", []ID{id}, "asked for %d, told offset %d, and offset %d has %d", r.answer, r.offset, o, t)
	}
}

// largest does not judge the answer "none": a larger timestamp may have been
// appended, and not yet been visible.
func (p *part) largest(id ID, r *row, k *peaks) {
	if r.offset == Unknown || r.extra == Unknown || r.extra == math.MaxInt64 {
		return
	}
	known, _ := p.ends.before(r.invoke)
	if o, t, ok := k.first(p.furthest(r), known.value, r.extra+1); ok {
		p.blame("max-timestamp-wrong", []ID{id}, "told %d at offset %d, and offset %d has %d", r.extra, r.offset, o, t)
	}
}
