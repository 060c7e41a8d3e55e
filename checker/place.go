package checker

import "math"

// cell is what was told of one offset.
type cell struct {
	value     Value
	timestamp int64
	since     int64 // the first answer that told it
	last      int64 // the invocation of the last reading that showed it
	by        ID    // who told it first
	set       bool
	read      bool // some reading showed it
	lost      bool // it was blamed for being gone
}

// spot is n records of a produce at an offset.
type spot struct {
	op   ID
	base int64
	n    int
}

// place learns where every batch lies: an acknowledgement says it, and so does
// any record of it that was read. It finds what cannot be at once.
//
//	produce 7: a b c       read: offset 41 holds b       =>  7 lies at [40, 43)
func (p *part) place() {
	p.cells = spreadOver[cell](p.extent())
	for _, id := range p.produces {
		r := p.row(id)
		if !p.binds(r) || r.offset == Unknown {
			continue
		}
		p.base[id] = before(r.offset, 0)
		for i, rec := range p.h.recordsOf(r) {
			rec.Offset = past(r.offset, i)
			p.tell(id, r, rec)
		}
	}
	g := glimpses{part: p}
	for _, id := range p.fetches {
		r := p.row(id)
		if !answered(r) {
			continue
		}
		for _, rec := range p.h.recordsOf(r) {
			g.see(id, r, rec)
		}
	}
	g.resolve()
}

// extent is the range of offsets that were told.
func (p *part) extent() extent {
	var e extent
	for _, id := range p.produces {
		if r := p.row(id); r.outcome == OK && r.offset != Unknown && r.count > 0 {
			e.add(uint64(r.offset))
			e.add(uint64(past(r.offset, int(r.count))))
			e.count += int(r.count)
		}
	}
	for _, id := range p.fetches {
		records := p.h.recordsOf(p.row(id))
		if n := len(records); n > 0 {
			e.add(uint64(records[0].Offset))
			e.add(uint64(records[n-1].Offset))
		}
	}
	return e
}

// tell notes that an operation told a record; fresh: nobody had told that
// offset before.
func (p *part) tell(id ID, r *row, rec Record) (fresh bool) {
	c := p.cells.put(uint64(rec.Offset))
	if fresh = !c.set; fresh {
		*c = cell{value: rec.Value, timestamp: rec.Timestamp, since: r.ret, last: math.MinInt64, by: id, set: true}
	}
	if c.value != rec.Value {
		p.contradict(c, id, r, rec)
		return false
	}
	if c.timestamp != rec.Timestamp {
		p.compareTimes(c, id, rec)
	}
	c.since = min(c.since, r.ret)
	if r.kind == FetchOp {
		c.read, c.last = true, max(c.last, r.invoke)
	}
	return fresh
}

func (p *part) contradict(c *cell, id ID, r *row, rec Record) {
	p.contradicted = true
	p.broken("inconsistent-offsets", []ID{c.by, id}, "offset %d holds %s and %s", rec.Offset, p.h.show(c.value), p.h.show(rec.Value))
	if r.kind == FetchOp {
		p.gone(rec.Offset, rec.Offset+1, id)
	}
}

func (p *part) compareTimes(c *cell, id ID, rec Record) {
	switch {
	case c.timestamp == Unknown:
		c.timestamp = rec.Timestamp
	case rec.Timestamp != Unknown:
		p.blame("inconsistent-timestamp", []ID{c.by, id}, "offset %d was told with %d and with %d", rec.Offset, c.timestamp, rec.Timestamp)
	}
}
