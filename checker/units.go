package checker

import (
	"math"
	"slices"
)

// units are what is atomic, and what is known of their order.
//
//	T1 sends a            a, b in one log          T1 --ww--> T2
//	T2 sends b            T3 reads a               T1 --wr--> T3
//	T3 reads up to a, and is told that the log     T3 --rw--> T2
//	   ends there
//
// Of edges that follow from others the shortest are enough: a record comes before
// the next one in its log, and a reading before the first one behind its end.
type units struct {
	*check
	list  []unit
	nodes int // the units, and moments between them
	edges []edge
	of    map[int64]int32 // by transaction
	alone map[ID]int32    // produces without one
}

// unit is a transaction, or a produce without one.
type unit struct {
	txn      int64
	op       ID
	inv, ret int64
}

func (c *check) newUnits() *units {
	u := &units{check: c, of: map[int64]int32{}, alone: map[ID]int32{}}
	for _, p := range c.parts {
		u.within(p)
	}
	u.nodes = len(u.list)
	u.moments()
	return u
}

// within adds the edges of one partition.
func (u *units) within(p *part) {
	var log []stand
	for _, s := range p.stands {
		if r := u.rowOr(s.id); s.kind == appended && r.outcome != Fail && u.committed(r) {
			log = append(log, s)
		}
	}
	for i := 1; i < len(log); i++ {
		u.edge(u.unit(log[i-1].id), u.unit(log[i].id), ww, log[i-1].id, log[i].id)
	}
	for _, id := range p.fetches {
		if r := u.row(id); r.txn != 0 && answered(r) && r.has(ReadCommitted) && u.txns.of(r).outcome != Fail {
			u.reading(id, r, log)
		}
	}
}

// rowOr is a row, or an empty one for the beginning.
func (u *units) rowOr(id ID) *row {
	if id < 0 {
		return &row{}
	}
	return u.row(id)
}

func (u *units) reading(id ID, r *row, log []stand) {
	reader := u.unit(id)
	for _, rec := range u.h.recordsOf(r) {
		if from, ok := u.senders.only(rec.Value); ok && u.row(from.op).tp == r.tp && u.committed(u.row(from.op)) {
			u.edge(u.unit(from.op), reader, wr, from.op, id)
		}
	}
	if r.answer == Unknown {
		return
	}
	i, _ := slices.BinarySearchFunc(log, r.answer, func(s stand, end int64) int { return compare(s.at, end) })
	if i < len(log) {
		u.edge(reader, u.unit(log[i].id), rw, id, log[i].id)
	}
}

// edge adds an edge, unless it is the one before once more.
func (u *units) edge(from, to int32, kind edgeKind, a, b ID) {
	if n := len(u.edges); from == to || n > 0 && u.edges[n-1].from == from && u.edges[n-1].to == to && u.edges[n-1].kind == kind {
		return
	}
	u.edges = append(u.edges, edge{from, to, kind, [2]ID{a, b}})
}

// unit is the node of an operation.
func (u *units) unit(id ID) int32 {
	r := u.row(id)
	if r.txn == 0 {
		return meet(u, u.alone, id, unit{op: id, inv: r.invoke, ret: r.ret}, r.outcome == OK)
	}
	t := u.txns.of(r)
	if t.id < 0 {
		return meet(u, u.of, r.txn, unit{txn: r.txn, op: id, inv: math.MinInt64}, false)
	}
	end := u.row(t.id)
	return meet(u, u.of, r.txn, unit{txn: r.txn, op: t.id, inv: end.invoke, ret: end.ret}, end.outcome == OK)
}

func meet[K comparable](u *units, known map[K]int32, k K, new unit, ended bool) int32 {
	if n, ok := known[k]; ok {
		return n
	}
	if !ended {
		new.ret = never
	}
	known[k] = int32(len(u.list))
	u.list = append(u.list, new)
	return known[k]
}

// moments adds what time says: not an edge for every pair, but a line of moments,
// one behind each end, that every unit leads to when it ends and comes from when it
// begins.
//
//	units      A     B          C
//	            \     \        ^
//	moments      a --> b -----/
func (u *units) moments() {
	var ends []int32
	for n := range u.list {
		if u.list[n].ret != never {
			ends = append(ends, int32(n))
		}
	}
	slices.SortStableFunc(ends, func(a, b int32) int { return compare(u.list[a].ret, u.list[b].ret) })
	for i, n := range ends {
		moment := int32(len(u.list) + i)
		u.edges = append(u.edges, edge{n, moment, realtime, [2]ID{u.list[n].op, -1}})
		if i > 0 {
			u.edges = append(u.edges, edge{moment - 1, moment, realtime, [2]ID{-1, -1}})
		}
	}
	u.nodes = len(u.list) + len(ends)
	for n := range u.list {
		i, _ := slices.BinarySearchFunc(ends, u.list[n].inv, func(e int32, inv int64) int { return compare(u.list[e].ret, inv) })
		if i > 0 {
			u.edges = append(u.edges, edge{int32(len(u.list) + i - 1), int32(n), realtime, [2]ID{-1, u.list[n].op}})
		}
	}
}
