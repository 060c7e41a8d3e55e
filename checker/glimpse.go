package checker

import "slices"

// glimpses attributes every record that was read to the produce that sent it.
type glimpses struct {
	*part
	copied map[spot]bool
	unsure map[Value][]glimpse // offsets of values that were sent several times
	order  []Value
}

type glimpse struct {
	offset int64
	by     ID
}

func (g *glimpses) see(id ID, r *row, rec Record) {
	fresh := g.tell(id, r, rec)
	from, ok := g.senders.only(rec.Value)
	if ok {
		g.precommitted(id, r, rec, from)
		if g.allowed(id, r, rec, from) {
			g.attribute(id, rec, from, fresh)
		}
		return
	}
	if g.allowed(id, r, rec, g.senders.more[rec.Value]...) && fresh {
		if g.unsure == nil {
			g.unsure = map[Value][]glimpse{}
		}
		if g.unsure[rec.Value] == nil {
			g.order = append(g.order, rec.Value)
		}
		g.unsure[rec.Value] = append(g.unsure[rec.Value], glimpse{rec.Offset, id})
	}
}

// allowed judges whether anybody could have sent what was read.
func (g *glimpses) allowed(id ID, r *row, rec Record, sends ...sender) bool {
	failed := ID(-1)
	for _, s := range sends {
		switch from := g.row(s.op); {
		case from.tp != r.tp || from.invoke > r.ret:
		case g.refused(from, r):
			failed = s.op
		default:
			return true
		}
	}
	if failed >= 0 {
		g.broken("failed-read", []ID{failed, id}, "value %s at %d was read, and its produce or transaction had failed", g.h.show(rec.Value), rec.Offset)
	} else {
		g.broken("phantom", []ID{id}, "value %s at %d had not been sent to this partition", g.h.show(rec.Value), rec.Offset)
	}
	return false
}

// precommitted judges that a transaction does not read what it sent itself: until its
// end, nobody may.
func (g *glimpses) precommitted(id ID, r *row, rec Record, from sender) {
	if r.txn != 0 && r.txn == g.row(from.op).txn && r.has(ReadCommitted) {
		g.blame("precommitted-read", []ID{from.op, id}, "value %s at %d was read within the transaction that sent it", g.h.show(rec.Value), rec.Offset)
	}
}

// attribute learns from a record where its batch lies.
func (g *glimpses) attribute(id ID, rec Record, from sender, fresh bool) {
	if fresh {
		g.compareSent(id, rec, from)
	}
	base, known := before(rec.Offset, from.index), g.base[from.op]
	if known == base {
		return
	}
	r := g.row(from.op)
	switch {
	case known == unplaced:
		g.base[from.op] = base
	case mayRepeat(r):
		g.again(spot{from.op, base, int(r.count)})
	case fresh:
		g.elsewhere(id, rec, from, known)
	}
}

// compareSent compares a record with what was sent, where no acknowledgement
// had told its offset.
func (g *glimpses) compareSent(id ID, rec Record, from sender) {
	sent := g.h.recordsOf(g.row(from.op))[from.index].Timestamp
	if sent != Unknown && rec.Timestamp != Unknown && sent != rec.Timestamp {
		g.blame("inconsistent-timestamp", []ID{from.op, id}, "offset %d was sent with %d and read with %d", rec.Offset, sent, rec.Timestamp)
	}
}

func (g *glimpses) again(s spot) {
	if g.copied == nil {
		g.copied = map[spot]bool{}
	}
	if !g.copied[s] {
		g.copied[s] = true
		g.copies = append(g.copies, s)
	}
}

// elsewhere names a record that lies where its batch does not.
func (g *glimpses) elsewhere(id ID, rec Record, from sender, base int64) {
	there := past(base, int(from.index))
	if c := g.cells.get(uint64(there)); c != nil && c.set && c.value == rec.Value {
		g.broken("duplicate", []ID{c.by, id}, "value %s lies at %d and at %d", g.h.show(rec.Value), there, rec.Offset)
		return
	}
	g.broken("split-batch", []ID{from.op, id}, "record %d of a batch at %d lies at %d", from.index, base, rec.Offset)
}

// resolve attributes values that were sent several times, once all else is
// known: first what only one send can explain, which may explain more, and then
// the rest by guesses.
func (g *glimpses) resolve() {
	for again := true; again; {
		again = false
		for _, v := range g.order {
			again = g.deduce(v) || again
		}
	}
	for _, v := range g.order {
		free, repeats := g.freeSends(v)
		switch left := g.left(v); {
		case len(left) == 0:
		case len(left) > len(free) && !repeats:
			g.broken("duplicate", []ID{g.senders.more[v][0].op, left[len(left)-1].by}, "value %s was sent %d times, and lies at %d offsets too many",
				g.h.show(v), len(g.senders.more[v]), len(left)-len(free))
		default:
			g.guess(v, left)
		}
	}
}

func (g *glimpses) deduce(v Value) bool {
	free, repeats := g.freeSends(v)
	left := g.left(v)
	if len(free) != 1 || len(left) != 1 || repeats {
		return false
	}
	g.base[free[0].op] = before(left[0].offset, free[0].index)
	return true
}

// left are the offsets of a value that no batch of known place explains.
func (g *glimpses) left(v Value) []glimpse {
	g.unsure[v] = slices.DeleteFunc(g.unsure[v], func(s glimpse) bool { return g.explained(v, s.offset) })
	return g.unsure[v]
}

// freeSends are the sends of a value that may lie anywhere.
func (g *glimpses) freeSends(v Value) (free []sender, repeats bool) {
	for _, s := range g.senders.more[v] {
		r := g.row(s.op)
		if g.h.tps.list[r.tp] != g.tp || r.outcome == Fail {
			continue
		}
		repeats = repeats || mayRepeat(r)
		if g.base[s.op] == unplaced {
			free = append(free, s)
		}
	}
	return free, repeats
}

// explained tells whether a batch of known place has the value at the offset.
func (g *glimpses) explained(v Value, offset int64) bool {
	return slices.ContainsFunc(g.senders.more[v], func(s sender) bool {
		r, base := g.row(s.op), before(offset, s.index)
		here := g.h.tps.list[r.tp] == g.tp
		return here && (g.base[s.op] == base || g.copied[spot{s.op, base, int(r.count)}])
	})
}

// guess places single records, as early and as freely as any of the sends allows.
func (g *glimpses) guess(v Value, left []glimpse) {
	g.vague = true
	first := ID(-1)
	for _, s := range g.senders.more[v] {
		r := g.row(s.op)
		if g.h.tps.list[r.tp] == g.tp && r.outcome != Fail && (first < 0 || r.invoke < g.row(first).invoke) {
			first = s.op
		}
	}
	for _, s := range left {
		g.guesses = append(g.guesses, spot{first, s.offset, 1})
	}
}
