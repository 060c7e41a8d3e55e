package checker

import "slices"

// starts judges where the log begins: only DeleteRecords (or retention) moves
// that, and never back.
func (p *part) starts() {
	told, by := int64(0), ID(-1) // the largest start told before now
	asked := int64(0)            // the largest start that anybody asked for
	end := int64(0)              // the largest end told before now
	type known struct {
		start, end int64
		by         ID
	}
	before := map[ID]known{}
	for _, m := range p.moments() {
		r := p.row(m.id)
		if !m.ret {
			before[m.id] = known{told, end, by}
			if r.kind == TrimOp {
				asked = max(asked, p.asks(r))
			}
			continue
		}
		b := before[m.id]
		delete(before, m.id)
		p.judgeStart(m.id, r, b.start, b.end, b.by, asked)
		if s := startTold(r); s > told {
			told, by = s, m.id
		}
		end = max(end, p.told(r))
	}
}

// asks is the most that a trim can have set: Unknown means up to the end.
func (p *part) asks(r *row) int64 {
	if r.offset == Unknown {
		return never
	}
	return r.offset
}

// startTold is the log start that an answer states.
func startTold(r *row) int64 {
	switch {
	case r.kind == TrimOp:
		return r.answer
	case r.kind == FetchOp:
		return r.extra
	case r.kind == ListOp && r.answer == Earliest:
		return r.offset
	}
	return Unknown
}

func (p *part) judgeStart(id ID, r *row, told, end int64, by ID, asked int64) {
	start := startTold(r)
	if start != Unknown && start < told {
		p.blame("log-start-went-back", []ID{by, id}, "told %d after %d", start, told)
	}
	if start != Unknown && start > asked && !p.o.Retention {
		p.blame("log-start-too-high", []ID{id}, "told %d, nobody asked for more than %d", start, asked)
	}
	if r.kind != FetchOp {
		return
	}
	if records := p.h.recordsOf(r); len(records) > 0 && records[0].Offset < told {
		p.blame("read-below-log-start", []ID{by, id}, "read %d, and the log began at %d", records[0].Offset, told)
	}
	if r.has(OutOfRange) && r.offset >= asked && r.offset <= end && !p.o.Retention {
		p.blame("false-out-of-range", []ID{id}, "offset %d was inside [%d, %d]", r.offset, asked, end)
	}
}

// finalRead judges what is left when all is over: everything that was
// acknowledged or seen, from the start to the end, without a hole.
func (p *part) finalRead() {
	f := p.finalState()
	if f == nil {
		return
	}
	offsets := make([]int64, 0, len(p.at))
	for o := range p.at {
		offsets = append(offsets, o)
	}
	slices.Sort(offsets)
	for _, o := range offsets {
		c := p.at[o]
		r := p.row(c.op)
		if o < f.start || f.has[o] || r.kind == ProduceOp && !p.acked(r) || p.o.gaps(p.tp.Topic) {
			continue
		}
		p.blame("lost-write", []ID{c.op}, "value %d at %d is not in the final reading [%d, %d)", c.value, o, f.start, f.end)
	}
	if p.o.gaps(p.tp.Topic) {
		return
	}
	for o := f.start; o < f.end; o++ {
		if !f.has[o] {
			p.blame("hole", []ID{f.last}, "nothing lies at %d", o)
			return
		}
	}
}

type finalState struct {
	start, end int64
	has        map[int64]bool
	last       ID
}

func (p *part) finalState() *finalState {
	var f *finalState
	for _, id := range p.fetches {
		r := p.row(id)
		if r.outcome != OK || r.invoke < p.final || r.answer == Unknown {
			continue
		}
		if f == nil {
			f = &finalState{has: map[int64]bool{}}
		}
		f.start, f.end, f.last = max(f.start, r.extra), max(f.end, r.answer), id
		for _, rec := range p.h.recordsOf(r) {
			f.has[rec.Offset] = true
		}
	}
	return f
}
