package checker

import "slices"

// moment is the invocation or the return of an operation.
type moment struct {
	at  int64
	ret bool
	id  ID
}

func (p *part) moments() []moment {
	all := make([]moment, 0, 2*len(p.ops))
	for _, id := range p.ops {
		r := p.row(id)
		all = append(all, moment{r.invoke, false, id})
		if r.outcome == OK {
			all = append(all, moment{r.ret, true, id})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int {
		if c := compare(a.at, b.at); c != 0 {
			return c
		}
		switch { // what returns at a time does not precede what begins then
		case a.ret == b.ret:
			return 0
		case a.ret:
			return 1
		}
		return -1
	})
	return all
}

// ends sweeps over time: the end of the log, as anybody was told it, only grows.
// lower is the largest end that was told before the present moment.
func (p *part) ends() {
	lower, by := int64(0), ID(-1)
	need := make(map[ID]moment, 16) // what was lower at an invocation
	least := make(map[ID]int64, 16)
	for _, m := range p.moments() {
		r := p.row(m.id)
		if !m.ret {
			least[m.id] = lower
			need[m.id] = moment{id: by}
			continue
		}
		p.judgeEnd(m.id, r, least[m.id], need[m.id].id)
		delete(least, m.id)
		delete(need, m.id)
		if told := p.told(r); told > lower {
			lower, by = told, m.id
		}
	}
	p.torn()
}

// told is the end of the log that an answer implies.
func (p *part) told(r *row) int64 {
	switch r.kind {
	case ProduceOp:
		if p.acked(r) {
			return r.offset + int64(r.count)
		}
	case FetchOp:
		end := r.answer
		if records := p.h.recordsOf(r); len(records) > 0 {
			end = max(end, records[len(records)-1].Offset+1)
		}
		return end
	case ListOp:
		if r.answer == Latest {
			return r.offset
		}
	}
	return Unknown
}

func (p *part) judgeEnd(id ID, r *row, least int64, by ID) {
	if by < 0 {
		return
	}
	produced := p.row(by).kind == ProduceOp
	switch {
	case r.kind == ProduceOp && r.offset != Unknown && r.acks != 0 && r.offset < least && produced:
		p.blame("nonmonotonic-append", []ID{by, id}, "appended at %d below the end %d", r.offset, least)
	case r.kind == ProduceOp && r.offset != Unknown && r.acks != 0 && r.offset < least:
		p.blame("append-below-end", []ID{by, id}, "appended at %d below the end %d", r.offset, least)
	case p.o.EndMayLag:
	case r.kind == FetchOp && r.answer != Unknown && r.answer < least, r.kind == ListOp && r.answer == Latest && r.offset != Unknown && r.offset < least:
		name := "end-went-back"
		if produced {
			name = "stale-read"
		}
		p.blame(name, []ID{by, id}, "told the end %d after %d was known", p.told(r), least)
	}
}

// torn finds ends told inside a batch.
func (p *part) torn() {
	type span struct {
		from, to int64
		id       ID
	}
	var batches []span
	for _, id := range p.produces {
		if r := p.row(id); r.outcome == OK && r.offset != Unknown && r.count > 1 {
			batches = append(batches, span{r.offset, r.offset + int64(r.count), id})
		}
	}
	slices.SortFunc(batches, func(a, b span) int { return compare(a.from, b.from) })
	for _, id := range slices.Concat(p.fetches, p.lists) {
		r := p.row(id)
		end := r.answer
		if r.kind == ListOp {
			if end = r.offset; r.answer != Latest {
				continue
			}
		}
		if r.outcome != OK || end == Unknown {
			continue
		}
		i, _ := slices.BinarySearchFunc(batches, end, func(s span, e int64) int { return compare(s.to, e) })
		if i < len(batches) && batches[i].from < end && end < batches[i].to {
			p.blame("torn-batch", []ID{batches[i].id, id}, "the end %d lies inside the batch [%d, %d)", end, batches[i].from, batches[i].to)
		}
	}
}
