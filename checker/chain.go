package checker

import (
	"math"
	"slices"
)

// chain judges the order of time against the order of offsets. It sweeps twice
// over the stands: up, for what overlaps, tears or is missing; and down, with
// the earliest return of all that comes later in the log: what was asked only
// after that return cannot come before it.
func (p *part) chain() {
	p.takeStands()
	p.upward()
	p.downward()
}

// upward walks along the log. cover is the batch or the told end that reaches
// furthest so far.
func (p *part) upward() {
	cover := stand{id: -1}
	release := int64(math.MinInt64)
	soft := []stand(nil)
	for i := range p.stands {
		s := &p.stands[i]
		switch {
		case s.soft():
			if s.at > cover.end {
				soft = append(soft, *s)
			}
			p.settle(s, &cover)
			continue
		case s.at < 0: // before all: the way down names it
		case s.at < cover.end:
			p.inside(s, &cover)
		case s.at > cover.end:
			p.gaps = append(p.gaps, gap{from: cover.end, to: s.at, next: i, by: s.id, release: release})
			p.vague = p.vague || len(soft) > 0
		}
		if s.end > cover.end {
			cover = *s
		}
		release = max(release, s.inv)
		soft = soft[:0]
	}
	p.openEnd(soft, &cover, release)
}

// openEnd is the gap behind everything that is known, below an end told as a
// lower bound.
func (p *part) openEnd(soft []stand, cover *stand, release int64) {
	p.lastRelease = release
	if len(soft) == 0 {
		return
	}
	p.vague = true
	last := soft[len(soft)-1]
	i := slices.IndexFunc(p.stands, func(s stand) bool { return s.at == last.at && s.soft() })
	p.gaps = append(p.gaps, gap{from: cover.end, to: last.at, next: i, by: last.id, release: release, open: true})
}

// settle moves a lower bound's end to where a batch ends for sure: up, if it is
// inside a batch, since batches are appended whole; down, if it is in a gap.
func (p *part) settle(s, cover *stand) {
	if s.end = cover.end; s.kind == lagging && s.at < cover.end && cover.at < s.at {
		p.blame("torn-batch", []ID{cover.id, s.id}, "told the end %d inside the batch [%d, %d)", s.at, cover.at, cover.end)
	}
}

// inside judges a stand that begins before the batch before it has ended.
func (p *part) inside(s, cover *stand) {
	switch {
	case s.kind == exact:
		p.broken("torn-batch", []ID{cover.id, s.id}, "told the end %d inside the batch [%d, %d)", s.at, cover.at, cover.end)
	case !p.contradicted:
		p.contradicted = true
		p.broken("inconsistent-offsets", []ID{cover.id, s.id}, "batches at [%d, %d) and at [%d, %d)", cover.at, cover.end, s.at, s.end)
	default:
		p.illegal = true
	}
}

// downward sweeps against the log's direction, one group of equal rank after
// another; what is in one group may be in any order.
func (p *part) downward() {
	first := stand{ret: never, id: -1} // the earliest return above
	g := len(p.gaps)
	for hi := len(p.stands); hi > 0; {
		lo := hi - 1
		for lo > 0 && p.stands[lo-1].order(&p.stands[lo]) == 0 {
			lo--
		}
		for i := lo; i < hi; i++ {
			if s := &p.stands[i]; !s.soft() && s.inv > first.ret {
				p.misplaced(s, &first)
			}
		}
		for i := lo; i < hi; i++ {
			if s := &p.stands[i]; s.ret < first.ret {
				first = *s
			}
		}
		for g > 0 && p.gaps[g-1].next >= lo {
			g--
			p.gaps[g].deadline = first.ret
		}
		hi = lo
	}
}

// misplaced names the case where late began after early had returned, though
// it lies before it in the log.
func (p *part) misplaced(late, early *stand) {
	ops := []ID{early.id, late.id}
	switch {
	case late.kind == appended && early.kind == appended:
		p.broken("nonmonotonic-append", ops, "appended at %d, below %d, where an earlier one lies", late.at, early.at)
	case late.kind == appended && p.shows(early.id, late):
		p.illegal = true // it was read before it was sent: a phantom
	case late.kind == appended:
		p.broken("append-below-end", ops, "appended at %d, below the end %d", late.at, early.at)
	default:
		p.oldEnd(late, early)
	}
}

func (p *part) shows(id ID, batch *stand) bool {
	return id >= 0 && p.row(id).kind == FetchOp && slices.ContainsFunc(p.h.recordsOf(p.row(id)), func(rec Record) bool {
		return batch.at <= rec.Offset && rec.Offset < batch.end
	})
}

// oldEnd names an end that was too small for the time when it was asked.
func (p *part) oldEnd(late, early *stand) {
	if p.gone(late.at, early.reach(), late.id) {
		p.illegal = true
		return
	}
	name := "end-went-back"
	if early.kind == appended {
		name = "stale-read"
	}
	p.broken(name, []ID{early.id, late.id}, "told the end %d, when it was at least %d", late.at, early.reach())
}

// mostLooked bounds the work for one anomaly.
const mostLooked = 64

// gone blames a reading for lacking the records of [from, to) that had been
// told before it began, if no later reading has them either.
func (p *part) gone(from, to int64, reader ID) bool {
	r := p.row(reader)
	for o := from; o < to && o-from < mostLooked; o++ {
		c := p.cells.get(uint64(o))
		if c != nil && c.set && c.since < r.invoke && c.last < r.invoke {
			c.lost = true
			p.blame("lost-write", []ID{c.by, reader}, "value %s at %d was known, and is not there", p.h.show(c.value), o)
			return true
		}
	}
	return false
}
