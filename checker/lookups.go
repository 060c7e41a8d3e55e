package checker

import "slices"

// lookups judges ListOffsets by time: the answer is the first record, among
// those surely in the log, with at least the timestamp asked for.
func (p *part) lookups() {
	if p.o.gaps(p.tp.Topic) || len(p.lists) == 0 {
		return
	}
	stamps := p.stamps()
	for _, id := range p.lists {
		r := p.row(id)
		if r.outcome != OK {
			continue
		}
		if r.answer >= 0 {
			p.lookup(id, r, stamps)
		}
		if r.answer == MaxTimestamp {
			p.largest(id, r, stamps)
		}
	}
}

// stamp is a record whose produce was acknowledged.
type stamp struct {
	offset, timestamp, since int64
}

func (p *part) stamps() []stamp {
	var all []stamp
	for _, id := range p.produces {
		r := p.row(id)
		if !p.acked(r) {
			continue
		}
		for i, rec := range p.h.recordsOf(r) {
			all = append(all, stamp{r.offset + int64(i), rec.Timestamp, r.ret})
		}
	}
	slices.SortFunc(all, func(a, b stamp) int { return compare(a.offset, b.offset) })
	return all
}

// trimmed is the most that can have been deleted before an answer came.
func (p *part) trimmed(r *row) int64 {
	most := int64(0)
	for _, id := range p.trims {
		if t := p.row(id); t.invoke <= r.ret {
			most = max(most, p.asks(t))
		}
	}
	return most
}

func (p *part) lookup(id ID, r *row, stamps []stamp) {
	if p.o.Retention {
		return
	}
	least := p.trimmed(r)
	if c, known := p.at[r.offset]; known && r.offset != Unknown {
		if r.extra < r.answer || c.timestamp != Unknown && c.timestamp != r.extra {
			p.blame("wrong-timestamp", []ID{id}, "asked %d, told %d at offset %d", r.answer, r.extra, r.offset)
		}
	}
	for _, s := range stamps {
		if s.offset < least || s.timestamp < r.answer || s.since >= r.invoke {
			continue
		}
		if r.offset == Unknown || s.offset < r.offset {
			p.blame("timestamp-lookup-missed", []ID{id}, "asked %d, told offset %d, and %d has %d", r.answer, r.offset, s.offset, s.timestamp)
		}
		return
	}
}

func (p *part) largest(id ID, r *row, stamps []stamp) {
	if p.o.Retention {
		return
	}
	least := p.trimmed(r)
	for _, s := range stamps {
		if s.offset >= least && s.since < r.invoke && s.timestamp > r.extra {
			p.blame("max-timestamp-wrong", []ID{id}, "told %d, and offset %d has %d", r.extra, s.offset, s.timestamp)
			return
		}
	}
}
