package checker

// session is a stream of batches that the protocol keeps in order: those of an
// idempotent producer's epoch, or those of a process, which is then one
// connection without retries.
type session struct {
	process  int32
	producer int64
	epoch    int16
}

func sessionOf(r *row) session {
	if r.producer == Unknown {
		return session{r.process, Unknown, 0}
	}
	return session{0, r.producer, r.epoch}
}

// sends judges that batches of a session lie in the order sent. Without
// idempotence only what was acknowledged binds later sends: a batch that got no
// answer may still arrive, by an old connection.
func (p *part) sends() {
	type last struct {
		base int64
		id   ID
	}
	furthest := map[session]last{}
	for _, id := range p.produces {
		r, base := p.row(id), p.base[id]
		if base == unplaced || r.outcome == Fail || mayRepeat(r) {
			continue
		}
		in := sessionOf(r)
		before, any := furthest[in]
		switch {
		case any && base < before.base && r.txn != 0 && r.txn == p.row(before.id).txn:
			p.blame("int-nonmonotonic-send", []ID{before.id, id}, "sent later than the batch at %d, and lies at %d", before.base, base)
		case any && base < before.base:
			p.blame("nonmonotonic-send", []ID{before.id, id}, "sent later than the batch at %d, and lies at %d", before.base, base)
		}
		binds := r.producer != Unknown || r.outcome == OK && r.acks != 0
		if binds && (!any || base > before.base) {
			furthest[in] = last{base, id}
		}
	}
}
