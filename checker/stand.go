package checker

import (
	"cmp"
	"math"
	"slices"
)

// A stand is what one operation says of the end of the log: at some moment
// between inv and ret it was as the stand states.
//
//	append   it grew from at to end, by one batch
//	exact    it was at (a high watermark, an answer to Latest)
//	lagging  it was at or more (a high watermark that may be an old one)
//	least    it was at or more (a record read, an offset named)
//
// All appends and exact stands follow one another in the order of (at, kind);
// that leaves nothing to choose, so that no search is needed:
//
//	append [0,3)  exact 3  exact 3  append [3,4)  append [4,9)  exact 9 ...
type stand struct {
	at, end  int64
	inv, ret int64
	id       ID
	kind     standKind
}

type standKind uint8

const (
	lagging standKind = iota
	least
	exact
	appended
)

// soft stands bind from below only: nothing need come after them.
func (s *stand) soft() bool { return s.kind == lagging || s.kind == least }

// reach is the least length that the log then had.
func (s *stand) reach() int64 { return max(s.at, s.end) }

// order: an append at an offset comes behind the readings that end there.
func (s *stand) order(t *stand) int {
	if c := cmp.Compare(s.at, t.at); c != 0 {
		return c
	}
	return cmp.Compare(btoi(s.kind == appended), btoi(t.kind == appended))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// takeStands collects the stands of a partition, in order.
func (p *part) takeStands() {
	p.stands = make([]stand, 0, 1+len(p.produces)+len(p.fetches)+len(p.others))
	p.stands = append(p.stands, stand{inv: math.MinInt64, ret: math.MinInt64, id: -1, kind: exact}) // every log begins empty
	p.standAppends()
	for _, id := range p.fetches {
		if r := p.row(id); answered(r) {
			p.standFetch(id, r)
		}
	}
	for _, id := range p.others {
		if r := p.row(id); r.outcome == OK {
			p.standOther(id, r)
		}
	}
	slices.SortStableFunc(p.stands, func(a, b stand) int { return a.order(&b) })
}

func (p *part) standAppends() {
	for _, id := range p.produces {
		if r := p.row(id); p.base[id] != unplaced && r.count > 0 {
			p.standAppend(spot{id, p.base[id], int(r.count)}, p.mustReturn(r))
		}
	}
	for _, s := range p.copies {
		p.standAppend(s, never)
	}
	for _, s := range p.guesses {
		p.standAppend(s, never)
	}
}

// mustReturn is when a produce has surely been appended.
func (p *part) mustReturn(r *row) int64 {
	if p.binds(r) && (r.offset != Unknown || !mayRepeat(r)) {
		return r.ret
	}
	return never
}

func (p *part) standAppend(s spot, ret int64) {
	p.stands = append(p.stands, stand{s.base, past(s.base, s.n), p.row(s.op).invoke, ret, s.op, appended})
}

func (p *part) stand(kind standKind, at int64, id ID, r *row) {
	p.stands = append(p.stands, stand{at, at, r.invoke, r.ret, id, kind})
}

func (p *part) standFetch(id ID, r *row) {
	if r.answer != Unknown {
		switch {
		case !p.o.EndMayLag:
			p.stand(exact, r.answer, id, r)
		case r.answer != r.extra: // no end is told below the start, which may lie inside a batch
			p.stand(lagging, r.answer, id, r)
		}
	}
	if end := p.endOfRecords(r); end > r.answer || p.o.EndMayLag && end > 0 {
		p.stand(least, end, id, r)
	}
}

// endOfRecords is one past the last record of a fetch that somebody sent.
func (p *part) endOfRecords(r *row) int64 {
	records := p.h.recordsOf(r)
	if len(records) == 0 {
		return 0
	}
	last := records[len(records)-1]
	if from, ok := p.senders.only(last.Value); ok && p.base[from.op] != before(last.Offset, from.index) {
		return 0 // judged already
	}
	if s := p.senders.of(last.Value).get(uint64(last.Value)); s == nil || !s.set {
		return 0
	}
	return past(last.Offset, 1)
}

func (p *part) standOther(id ID, r *row) {
	switch {
	case r.kind == ListOp && r.offset == Unknown:
	case r.kind == ListOp && r.answer == Latest && p.o.LeaderMayBeDeposed:
		p.stand(lagging, r.offset, id, r)
	case r.kind == ListOp && r.answer == Latest:
		p.stand(exact, r.offset, id, r)
	case r.kind == ListOp && r.answer == Earliest:
		p.stand(least, r.offset, id, r)
	case r.kind == ListOp: // a record lies there
		p.stand(least, past(r.offset, 1), id, r)
	case r.kind == TrimOp:
		p.stand(least, max(r.offset, r.answer), id, r)
	}
}
