package checker

import (
	"fmt"
	"strings"
)

// circle is a kind of cycle: an edge of one kind, and a way back.
type circle struct {
	name    string
	through edgeKind
	rest    edgeKind // the kinds of edges of the way back
	not     edgeKind // edges do not count that lie on a cycle of these kinds alone
}

// Those on the left of one another are not looked for in the component where the
// first was found: G2 is what is no G-single.
var circleKinds = [][]circle{
	{{"G0", ww, ww, 0}},
	{{"G1c", wr, wr, 0}},
	{{"G1c-realtime", wr, wr | realtime, wr}},
	{{"G1c-ww", wr, ww | wr, wr}},
	{{"G-single", rw, ww | wr, 0}, {"G2", rw, ww | wr | rw, 0}},
}

// mostWalked bounds the search for the shortest cycles of a kind, in nodes; each
// component is looked at in any case.
const mostWalked = 1 << 22

// circles finds transactions that come before themselves. Single operations are
// no cause of a cycle: where every partition's log is in order, so are all of them
// together (linearizability is local). So nothing is done without transactions.
func (c *check) circles() {
	if len(c.txns.list) == 0 {
		return
	}
	u := c.newUnits()
	for _, kinds := range circleKinds {
		all := kinds[len(kinds)-1]
		component := newDigraph(u.nodes, u.edges, all.through|all.rest).components()
		done := map[int32]bool{}
		for _, k := range kinds {
			u.circle(k, component, done)
		}
	}
}

// circle names the shortest cycle of a kind that is found in each component.
func (u *units) circle(k circle, component []int32, done map[int32]bool) {
	var apart []int32
	if k.not != 0 {
		apart = newDigraph(u.nodes, u.edges, k.not).components()
	}
	w := newWalk(newDigraph(u.nodes, u.edges, k.rest), component, mostWalked)
	best := map[int32][]int32{}
	var order []int32
	for i := range u.edges {
		e := &u.edges[i]
		in := component[e.from]
		if e.kind&k.through == 0 || in != component[e.to] || apart != nil && apart[e.from] == apart[e.to] || done[in] {
			continue
		}
		had := best[in]
		if w.steps <= 0 && had != nil {
			continue
		}
		most := u.nodes
		if had != nil {
			most = len(had) - 2
		}
		if way := w.way(e.to, e.from, most); way != nil {
			if had == nil {
				order = append(order, in)
			}
			best[in] = append([]int32{int32(i)}, way...)
		}
	}
	for _, in := range order {
		done[in] = true
		u.name(k.name, best[in])
	}
}

// name shows a cycle: every unit once, and the operations that show each edge; of a
// long one, its beginning.
func (u *units) name(name string, way []int32) {
	var ops []ID
	var text strings.Builder
	for n, i := range way {
		e := &u.edges[i]
		if n > 2*mostShown {
			fmt.Fprintf(&text, "... (%d edges in all) ... ", len(way))
			break
		}
		if e.from < int32(len(u.list)) {
			text.WriteString(u.title(e.from) + u.because(e))
		}
		ops = append(ops, e.by[0], e.by[1])
	}
	u.blameAt(name, TP{}, ops, "%s%s", text.String(), u.title(u.edges[way[0]].from))
}

func (u *units) title(n int32) string {
	if t := u.list[n].txn; t != 0 {
		return fmt.Sprintf("transaction %d", t)
	}
	return fmt.Sprintf("operation %d", u.list[n].op)
}

func (u *units) because(e *edge) string {
	if e.kind == realtime {
		return " ended before "
	}
	tp := u.h.tps.list[u.row(e.by[0]).tp]
	return map[edgeKind]string{ww: " lies before ", wr: " was read by ", rw: " did not see "}[e.kind] + fmt.Sprintf("(%s-%d) ", tp.Topic, tp.Partition)
}
