package checker

// sender is a produce and the place of a value in its batch.
type sender struct {
	op    ID
	index int32
	set   bool
	twice bool // more sends of the value are in senders.more
}

// senders tells who sent a value. Values come from a counter, or are texts,
// which are numbered too: two ranges that are dense.
type senders struct {
	numbers, texts *spread[sender]
	more           map[Value][]sender // all sends, where there are several
}

func (h *History) findSenders() *senders {
	var number, text extent
	for i := range h.rows {
		if r := &h.rows[i]; r.kind == ProduceOp {
			for _, rec := range h.recordsOf(r) {
				if rec.Value&textBit != 0 {
					text.add(uint64(rec.Value))
				} else {
					number.add(uint64(rec.Value))
				}
			}
		}
	}
	s := &senders{spreadOver[sender](number), spreadOver[sender](text), map[Value][]sender{}}
	for i := range h.rows {
		if r := &h.rows[i]; r.kind == ProduceOp {
			for j, rec := range h.recordsOf(r) {
				s.add(rec.Value, sender{op: ID(i), index: int32(j), set: true})
			}
		}
	}
	return s
}

// extent is the smallest and largest of some numbers, and how many there are.
type extent struct {
	low, high uint64
	count     int
}

func (e *extent) add(k uint64) {
	if e.count == 0 {
		e.low, e.high = k, k
	}
	e.low, e.high = min(e.low, k), max(e.high, k)
	e.count++
}

func spreadOver[V any](e extent) *spread[V] {
	if e.count == 0 {
		return &spread[V]{}
	}
	return newSpread[V](e.low, e.high, e.count)
}

func (s *senders) of(v Value) *spread[sender] {
	if v&textBit != 0 {
		return s.texts
	}
	return s.numbers
}

func (s *senders) add(v Value, from sender) {
	first := s.of(v).put(uint64(v))
	if !first.set {
		*first = from
		return
	}
	if !first.twice {
		s.more[v] = []sender{*first}
		first.twice = true
	}
	s.more[v] = append(s.more[v], from)
}

// only is the one send of a value; ok is false for none and for several.
func (s *senders) only(v Value) (from sender, ok bool) {
	p := s.of(v).get(uint64(v))
	if p == nil || !p.set || p.twice {
		return sender{}, false
	}
	return *p, true
}
