package checker

// readings judges every fetch by itself: its records must be a piece of the
// log that begins where it asked.
func (p *part) readings() {
	for _, id := range p.fetches {
		r := p.row(id)
		if r.outcome != OK {
			continue
		}
		p.sent(id, r)
		p.contiguous(id, r)
	}
}

// sent judges whether somebody had sent what was read.
func (p *part) sent(id ID, r *row) {
	for _, rec := range p.h.recordsOf(r) {
		from, ok := p.senders[rec.Value]
		if !ok || p.h.tps.list[p.row(from).tp] != p.tp || p.row(from).invoke > r.ret {
			p.blame("phantom", []ID{id}, "value %d at %d was never sent here", rec.Value, rec.Offset)
			continue
		}
		if p.row(from).outcome == Fail {
			p.blame("failed-read", []ID{from, id}, "value %d at %d had failed", rec.Value, rec.Offset)
		}
	}
}

func (p *part) contiguous(id ID, r *row) {
	next := r.offset
	for i, rec := range p.h.recordsOf(r) {
		switch {
		case next == Unknown || rec.Offset == next:
		case i == 0 && rec.Offset < next:
			p.blame("nonmonotonic-poll", []ID{id}, "asked from %d, got %d", next, rec.Offset)
		case rec.Offset < next:
			p.blame("int-nonmonotonic-poll", []ID{id}, "%d after %d", rec.Offset, next-1)
		case p.o.gaps(p.tp.Topic):
		case i == 0:
			p.blame("poll-skip", []ID{id}, "asked from %d, got %d", next, rec.Offset)
		default:
			p.blame("int-poll-skip", []ID{id}, "%d after %d", rec.Offset, next-1)
		}
		next = rec.Offset + 1
		if r.answer != Unknown && rec.Offset >= r.answer {
			p.blame("past-high-watermark", []ID{id}, "offset %d, and the high watermark is %d", rec.Offset, r.answer)
		}
	}
}

// consumers judges the way of each consumer: it goes on where it stopped.
func (p *part) consumers() {
	type position struct {
		next int64
		id   ID
	}
	at := map[int32]position{}
	for _, id := range p.fetches {
		r := p.row(id)
		if r.outcome != OK || r.offset == Unknown {
			continue
		}
		last, known := at[r.process]
		if known && !r.has(Seek) && r.offset > last.next {
			p.blame("poll-skip", []ID{last.id, id}, "stopped at %d, went on at %d", last.next, r.offset)
		}
		if known && !r.has(Seek) && r.offset < last.next {
			p.blame("nonmonotonic-poll", []ID{last.id, id}, "stopped at %d, went on at %d", last.next, r.offset)
		}
		next := r.offset
		if records := p.h.recordsOf(r); len(records) > 0 {
			next = records[len(records)-1].Offset + 1
		}
		at[r.process] = position{next, id}
	}
}

// senderOrder judges that records of one producer lie in the order sent, where
// the protocol promises that: idempotent, or never sent twice.
func (p *part) senderOrder() {
	type last struct {
		offset int64
		id     ID
	}
	type session struct {
		process  int32
		producer int64
		epoch    int16
	}
	seen := map[session]last{}
	for _, id := range p.produces {
		r := p.row(id)
		if r.has(Resends) && r.producer == Unknown {
			continue
		}
		for i, rec := range p.h.recordsOf(r) {
			offset, known := p.where[rec.Value]
			if !known {
				continue
			}
			in := session{r.process, r.producer, r.epoch}
			before, any := seen[in]
			if any && offset < before.offset {
				p.blame("nonmonotonic-send", []ID{before.id, id}, "sent later, lies at %d before %d", offset, before.offset)
			} else if i > 0 && any && before.id == id && offset != before.offset+1 && !p.o.gaps(p.tp.Topic) {
				p.blame("split-batch", []ID{id}, "records at %d and %d", before.offset, offset)
			}
			seen[in] = last{offset, id}
		}
	}
}
