package checker

// finalReading judges what is left when all is over: from the mark FinalRead
// on, every partition was read from its start to its end.
func (p *part) finalReading() {
	if p.final == never || p.gapsAllowed() && !p.o.markers(p.tp.Topic) {
		return
	}
	f := finalReading{part: p, start: p.finalStart(), end: p.finalEnd(), passed: p.finalPassed()}
	for i := range p.stands {
		if s := &p.stands[i]; s.kind == appended && p.committed(p.row(s.id)) {
			f.judge(s)
		}
	}
	if f.start > 0 {
		return // what lies nowhere may have been deleted
	}
	for _, id := range p.produces {
		if r := p.row(id); p.base[id] == unplaced && p.binds(r) && r.count > 0 {
			p.blame("unseen", []ID{id}, "it was acknowledged without an offset, and no record of it was ever read")
		}
	}
}

type finalReading struct {
	*part
	start  int64 // below it, records may have been deleted
	end    int64 // the largest end told in the final reading; Unknown: none
	passed int64 // under Markers: the largest offset in it; Unknown: none
}

// finalStart is the largest start that was told or asked for, ever. Where
// retention works unasked, a reading that began elsewhere on purpose says it too.
func (p *part) finalStart() int64 {
	start := int64(0)
	for _, ids := range [][]ID{p.fetches, p.others} {
		for _, id := range ids {
			r := p.row(id)
			start = max(start, startTold(r))
			if p.o.Retention && r.kind == FetchOp && r.invoke >= p.final && (r.has(Seek) || r.offset == Unknown) {
				start = max(start, begins(p.h, r))
			}
		}
	}
	if n := len(p.asked.steps); n > 0 {
		start = max(start, p.asked.steps[n-1].value)
	}
	return start
}

func (p *part) finalEnd() int64 {
	end := Unknown
	for _, id := range p.fetches {
		if r := p.row(id); r.invoke >= p.final && answered(r) {
			end = max(end, r.answer)
		}
	}
	return end
}

// finalPassed is how far the final reading got, where no ends are told.
func (p *part) finalPassed() int64 {
	passed := Unknown
	for _, id := range p.fetches {
		records := p.h.recordsOf(p.row(id))
		if p.row(id).invoke >= p.final && len(records) > 0 && p.o.markers(p.tp.Topic) {
			passed = max(passed, records[len(records)-1].Offset)
		}
	}
	return passed
}

// judge looks at the first record of a batch that was told and is not in the
// final reading.
func (f *finalReading) judge(s *stand) {
	for o := max(s.at, f.start); o < s.end; o++ {
		c := f.cells.get(uint64(o))
		if c == nil || !c.set || c.read && c.last >= f.final {
			continue
		}
		switch lies := f.end != Unknown && o >= f.end; {
		case c.lost: // named already
		case lies && f.o.EndMayLag:
			f.blame("lost-write", []ID{c.by, s.id}, "value %s at %d is not in the final reading, which ends at %d", f.h.show(c.value), o, f.end)
		case lies: // the chain has named it
		case o < f.passed:
			f.blame("lost-write", []ID{c.by, s.id}, "value %s at %d is not in the final reading, which got to %d", f.h.show(c.value), o, f.passed)
		default:
			f.blame("unseen", []ID{c.by, s.id}, "value %s at %d is not in the final reading", f.h.show(c.value), o)
		}
		return
	}
}
