package checker

import "math"

// processing judges how a group goes through a partition. What its members have
// fetched so far reaches up to one offset; nobody begins, or commits, beyond it:
//
//	owner 1   [0 1 2 3)  commit 4
//	owner 2                       [4 5)     [7 8)   5 and 6 were skipped
func (p *place) processing() {
	p.strangers()
	if p.outsiders || p.o.GroupsMaySkip || p.gapsAllowed() {
		return
	}
	commits := p.commits
	w := &way{place: p, reached: math.MinInt64}
	for _, id := range p.fetches {
		for len(commits) > 0 && p.row(commits[0]).invoke < p.row(id).invoke {
			w.commit(commits[0])
			commits = commits[1:]
		}
		w.fetch(id)
	}
	for _, id := range commits {
		w.commit(id)
	}
}

func (p *place) gapsAllowed() bool { return p.o.gaps(p.tp.Topic) }

type way struct {
	*place
	reached int64
	last    ID // who got so far
}

func (w *way) fetch(id ID) {
	r := w.row(id)
	records := w.h.recordsOf(r)
	if len(records) == 0 {
		return
	}
	from := begins(w.h, r)
	switch {
	case w.reached == math.MinInt64:
		w.reached = from
	case from > w.reached && from > w.trimmed(r):
		w.accuse("skipped-records", w.tp, []ID{w.last, id}, "%s begins at %d, and nobody has processed what is from %d on", w.by(id).Member, from, w.reached)
	}
	if next := past(records[len(records)-1].Offset, 1); next > w.reached {
		w.reached, w.last = next, id
	}
}

func (w *way) commit(id ID) {
	r := w.row(id)
	if w.reached != math.MinInt64 && r.offset > w.reached && r.offset > w.trimmed(r) {
		w.accuse("skipped-records", w.tp, []ID{w.last, id}, "%s commits %d, and nobody has processed what is from %d on", w.by(id).Member, r.offset, w.reached)
		w.reached = r.offset
	}
}

// trimmed is how far the log may have been cut at its front.
func (p *place) trimmed(r *row) int64 {
	if part := p.part(); part != nil {
		return part.furthest(r)
	}
	return math.MinInt64
}

// part is the log of this partition, or nil if the history says nothing of it.
func (p *place) part() *part {
	for _, part := range p.parts {
		if part.tp == p.tp {
			return part
		}
	}
	return nil
}

// strangers finds members that processed what was not theirs.
func (p *place) strangers() {
	told := map[Membership]int64{}
	for _, id := range p.assigns {
		if by := p.by(id); p.owns(id, p.tp) {
			if ret, ok := told[*by]; !ok || p.row(id).ret < ret {
				told[*by] = p.row(id).ret
			}
		}
	}
	for _, id := range p.fetches {
		by, r := p.by(id), p.row(id)
		if ret, ok := told[*by]; by.Member != "" && (!ok || ret > r.invoke) {
			p.accuse("consumed-by-stranger", p.tp, []ID{id}, "%s does not own it in %d", by.Member, by.Generation)
		}
	}
}

// withinLog finds committed offsets beyond the end of the log.
func (p *place) withinLog() {
	part := p.part()
	if part == nil || p.outsiders {
		return
	}
	l := &ladder{}
	for _, id := range p.commits {
		if r := p.row(id); r.outcome == OK {
			l.add(r.ret, r.offset, id)
		}
	}
	for _, id := range p.asks {
		l.add(p.row(id).ret, p.row(id).offset, id)
	}
	l.build()
	for _, ids := range [][]ID{part.fetches, part.others} {
		for _, id := range ids {
			p.endOf(l, id)
		}
	}
}

func (p *place) endOf(committed *ladder, id ID) {
	r := p.row(id)
	end := Unknown
	switch {
	case r.kind == FetchOp && answered(r) && (!p.o.EndMayLag || r.invoke >= p.final):
		end = r.answer
	case r.kind == ListOp && r.outcome == OK && r.answer == Latest && (!p.o.EndMayLag && !p.o.LeaderMayBeDeposed || r.invoke >= p.final):
		end = r.offset
	}
	if at, ok := committed.before(r.invoke); ok && end != Unknown && at.value > end {
		p.accuse("committed-beyond-end", p.tp, []ID{at.id, id}, "%d is committed, and the log ends at %d", at.value, end)
	}
}
