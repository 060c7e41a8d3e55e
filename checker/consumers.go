package checker

// position is where a consumer stopped, and after which reading.
type position struct {
	next  int64
	ret   int64
	id    ID
	known bool
}

// consumer is where one process is. In a transaction that is not committed it goes on
// as ever, and after it where it was before.
type consumer struct {
	at     position
	before position // the transaction
	txn    int64    // that is not committed; 0: none
}

// consumers judges the way of each consumer: it goes on where it stopped,
// unless it says that it goes elsewhere (Seek).
func (p *part) consumers() {
	all := map[int32]*consumer{}
	for _, id := range p.fetches {
		r := p.row(id)
		c := all[r.process]
		if c == nil {
			c = &consumer{}
			all[r.process] = c
		}
		c.enter(r.txn, p.txns.of(r).outcome == OK)
		switch r.outcome {
		case OK:
			if c.at.known && !r.has(Seek) && c.at.ret <= r.invoke {
				p.goesOn(c.at, id, r)
			}
			p.moveOn(c, id, r)
		case Corrupt: // how far it went nobody knows
			c.at.known = false
		}
	}
}

// enter goes into a transaction, or out of one.
func (c *consumer) enter(txn int64, committed bool) {
	if committed {
		txn = 0
	}
	if txn == c.txn {
		return
	}
	if c.txn != 0 {
		c.at = c.before
	}
	c.before, c.txn = c.at, txn
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

func (p *part) moveOn(c *consumer, id ID, r *row) {
	records := p.h.recordsOf(r)
	switch {
	case len(records) > 0:
		c.at = position{past(records[len(records)-1].Offset, 1), r.ret, id, true}
	case r.offset != Unknown:
		c.at = position{r.offset, r.ret, id, true}
	case r.has(Seek):
		c.at.known = false
	}
}
