package checker

// position is where a consumer stopped, and after which reading.
type position struct {
	next int64
	ret  int64
	id   ID
}

// consumers judges the way of each consumer: it goes on where it stopped,
// unless it says that it goes elsewhere (Seek). After a transaction that was not
// committed it goes on where that one began.
func (p *part) consumers() {
	at := map[int32]position{}
	for _, id := range p.fetches {
		r := p.row(id)
		switch r.outcome {
		case OK:
			last, known := at[r.process]
			if known && !r.has(Seek) && last.ret <= r.invoke {
				p.goesOn(last, id, r)
			}
			if p.txns.of(r).outcome == OK {
				p.moveOn(at, id, r)
			} else if r.has(Seek) {
				delete(at, r.process)
			}
		case Corrupt: // how far it went nobody knows
			delete(at, r.process)
		}
	}
}

// goesOn compares where a reading begins with where the one before it stopped.
func (p *part) goesOn(last position, id ID, r *row) {
	from := begins(p.h, r)
	switch _, skips := p.skips(last.next, from); {
	case from == Unknown || from == last.next:
	case from < last.next:
		p.blame("nonmonotonic-poll", []ID{last.id, id}, "stopped at %d, went on at %d", last.next, from)
	case skips:
		p.blame("poll-skip", []ID{last.id, id}, "stopped at %d, went on at %d", last.next, from)
	}
}

// begins is the offset where a reading begins: the one asked or, if that is not
// known, that of its first record.
func begins(h *History, r *row) int64 {
	if records := h.recordsOf(r); r.offset == Unknown && len(records) > 0 {
		return records[0].Offset
	}
	return r.offset
}

func (p *part) moveOn(at map[int32]position, id ID, r *row) {
	records := p.h.recordsOf(r)
	switch {
	case len(records) > 0:
		at[r.process] = position{past(records[len(records)-1].Offset, 1), r.ret, id}
	case r.offset != Unknown:
		at[r.process] = position{r.offset, r.ret, id}
	case r.has(Seek):
		delete(at, r.process)
	}
}
