package checker

import (
	"math"
	"slices"
)

// register judges the committed offset: whether its commits and answers have one
// order. Where every commit can be told from the others, each has its span, in
// which its offset was the one committed:
//
//	commit a  |-----|            |-----| an answer a
//	                f            s          from the first return to the last invocation
//
// The span of no commit may begin before another's ends and end after that
// begins: no order is left for those two (Gibbons and Korach, 1997).
func (p *place) register() {
	r := &register{place: p, of: map[setting]*kept{}}
	for _, id := range p.commits {
		k := r.at(id)
		k.writes = append(k.writes, id)
	}
	for _, id := range p.asks {
		k := r.at(id)
		k.reads = append(k.reads, id)
	}
	r.spans = append(r.spans, r.nothing()...)
	for _, s := range r.order {
		r.span(s, r.of[s])
	}
	r.overlaps()
	r.perNode()
}

// setting is one value of a committed offset.
type setting struct {
	offset   int64
	metadata int32
}

// kept is who set a value, and who was told it.
type kept struct{ writes, reads []ID }

type register struct {
	*place
	of    map[setting]*kept
	order []setting
	spans []span
}

// span is when a value must have been the one committed.
type span struct {
	f, s   int64 // the first return and the last invocation
	fID    ID
	sID    ID
	born   int64 // when its commit began
	origin bool  // nothing was committed yet
	told   bool  // some answer shows it
}

func (r *register) at(id ID) *kept {
	row := r.row(id)
	s := setting{row.offset, row.metadata}
	if r.of[s] == nil {
		r.of[s] = &kept{}
		r.order = append(r.order, s)
	}
	return r.of[s]
}

// lags tells whether an answer may show what was committed once.
func (p *place) lags(id ID) bool {
	return p.o.CoordinatorMayBeDeposed && p.row(id).invoke < min(p.settled, p.final)
}

func newSpan(born int64) span {
	return span{f: math.MaxInt64, s: math.MinInt64, fID: -1, sID: -1, born: born}
}

// ends says that an operation has ended that did, or saw, the commit.
func (s *span) ends(at int64, id ID) {
	if at < s.f || s.fID < 0 && !s.origin {
		s.f, s.fID = at, id
	}
}

// begins says that one began when the commit still had to come, or to be seen.
func (s *span) begins(at int64, id ID) {
	if at > s.s || s.sID < 0 {
		s.s, s.sID = at, id
	}
}

func (r *register) read(s *span, id ID) {
	s.ends(r.row(id).ret, id)
	if !r.lags(id) {
		s.begins(r.row(id).invoke, id)
	}
}

// nothing is the time before the first commit. Where offsets are deleted there
// may be more than one such time, which cannot be told apart.
func (r *register) nothing() []span {
	none := setting{Unknown, 0}
	k := r.of[none]
	if k == nil {
		return r.unread(r.forgets)
	}
	delete(r.of, none)
	if len(r.forgets) > 0 || r.o.OffsetsExpire {
		r.vague = true
		return nil
	}
	s := newSpan(math.MinInt64)
	s.f, s.origin, s.told = math.MinInt64, true, true
	for _, id := range k.reads {
		r.read(&s, id)
	}
	return []span{s}
}

func (r *register) span(at setting, k *kept) {
	switch {
	case k == nil: // the time before
	case len(k.writes) == 0:
		r.unsent(at, k.reads[0])
	case len(k.reads) == 0:
		r.spans = append(r.spans, r.unread(k.writes)...)
	case len(k.writes) > 1: // which of them was seen nobody can tell
		r.vague = true
		r.early(k)
	default:
		r.early(k)
		w := r.row(k.writes[0])
		s := newSpan(w.invoke)
		s.told = true
		s.begins(w.invoke, k.writes[0])
		if w.outcome == OK {
			s.ends(w.ret, k.writes[0])
		}
		for _, id := range k.reads {
			r.read(&s, id)
		}
		r.seen[k.writes[0]] = true
		r.spans = append(r.spans, s)
	}
}

// unread are commits that no answer shows: each has been there once.
func (r *register) unread(writes []ID) (all []span) {
	for _, id := range writes {
		if w := r.row(id); w.outcome == OK {
			all = append(all, span{f: w.ret, s: w.invoke, fID: id, sID: id, born: w.invoke})
		}
	}
	return all
}

// early finds answers that came before their commit had begun.
func (r *register) early(k *kept) {
	for _, id := range k.reads {
		if r.row(id).ret < r.row(k.writes[0]).invoke {
			r.wrong("phantom-commit", []ID{k.writes[0], id}, "told %d, which was committed later", r.row(id).offset)
		}
	}
}

// unsent names an answer that shows no commit which can have been accepted.
func (r *register) unsent(at setting, read ID) {
	for _, id := range r.refused {
		if w := r.row(id); at == (setting{w.offset, w.metadata}) {
			r.wrong("refused-commit-read", []ID{id, read}, "told %d, whose commit was refused", at.offset)
			return
		}
	}
	r.wrong("phantom-commit", []ID{read}, "told %d %q, which nobody committed", at.offset, r.h.texts.list[at.metadata])
}

func (r *register) wrong(name string, ops []ID, format string, args ...any) {
	r.illegal = true
	r.accuse(name, r.tp, ops, format, args...)
}

// overlaps finds two spans that leave no order. For each it looks among those
// that begin before it ends at the one that ends last.
func (r *register) overlaps() {
	slices.SortStableFunc(r.spans, func(a, b span) int { return compare(a.f, b.f) })
	first, second := make([]int, len(r.spans)), make([]int, len(r.spans)) // who ends last among [0, i], and next to last
	top, next := -1, -1
	for i := range r.spans {
		switch {
		case top < 0 || r.spans[i].s > r.spans[top].s:
			top, next = i, top
		case next < 0 || r.spans[i].s > r.spans[next].s:
			next = i
		}
		first[i], second[i] = top, next
	}
	blamed := map[ID]bool{}
	for i := range r.spans {
		z := &r.spans[i]
		n, _ := slices.BinarySearchFunc(r.spans, z.s, func(s span, at int64) int { return compare(s.f, at) })
		if n == 0 {
			continue
		}
		other := first[n-1]
		if other == i {
			other = second[n-1]
		}
		if other >= 0 && r.spans[other].s > z.f {
			r.clash(z, &r.spans[other], blamed)
		}
	}
}

// clash names two spans that leave no order: the older was told when the newer
// was there.
func (r *register) clash(a, b *span, blamed map[ID]bool) {
	if b.origin || !a.origin && b.born < a.born {
		a, b = b, a
	}
	if blamed[a.sID] {
		return
	}
	blamed[a.sID] = true
	name := "committed-went-back"
	switch {
	case a.origin:
		name = "committed-vanished"
	case b.fID >= 0 && r.row(b.fID).kind == CommitOp:
		name = "lost-commit"
	}
	r.wrong(name, []ID{b.fID, a.sID}, "told %s, and %s was there before", r.shows(a.sID), r.shows(b.fID))
}

// shows is the position that an operation told or set.
func (r *register) shows(id ID) string {
	if row := r.row(id); row.kind != ForgetOp && row.offset != Unknown {
		return told(row.offset)
	}
	return "none"
}

// perNode judges answers that may lag. A coordinator, deposed or not, knows at least
// all that was written before something of which it is known that it knows it: a
// commit that it acknowledged, or a generation that it told or let in.
func (r *register) perNode() {
	if !r.o.CoordinatorMayBeDeposed {
		return
	}
	knows, since := r.knowledge(), r.settings()
	for _, id := range r.asks {
		row := r.row(id)
		l, f := knows[row.extra], since[setting{row.offset, row.metadata}]
		if l == nil || f == nil || !r.lags(id) {
			continue
		}
		ack, ok := l.before(row.invoke)
		switch {
		case !ok || ack.value <= f.f:
		case f.origin:
			r.accuse("committed-vanished", r.tp, []ID{ack.id, id}, "told none by a node that knew of %d", r.row(ack.id).offset)
		default:
			r.accuse("lost-commit", r.tp, []ID{ack.id, id}, "told %d by a node that knew of %d", row.offset, r.row(ack.id).offset)
		}
	}
}

// knowledge tells, by node and time, when the latest commit had begun that it
// knows of.
func (r *register) knowledge() map[int64]*ladder {
	acked := &ladder{}
	for _, id := range r.commits {
		if w := r.row(id); w.outcome == OK {
			acked.add(w.ret, w.invoke, id)
		}
	}
	acked.build()
	knows := map[int64]*ladder{}
	learn := func(id ID, written int64) {
		node := r.row(id).extra
		if node == Unknown {
			return
		}
		if knows[node] == nil {
			knows[node] = &ladder{}
		}
		if ack, ok := acked.before(written); ok {
			knows[node].add(r.row(id).ret, ack.value, ack.id)
		}
	}
	for _, id := range r.commits {
		if w := r.row(id); w.outcome == OK && w.extra != Unknown {
			learn(id, w.invoke)
			knows[w.extra].add(w.ret, w.invoke, id)
		}
	}
	begun := r.begun()
	for _, ids := range [][]ID{r.assigns, r.group.shows} {
		for _, id := range ids {
			if at, ok := begun[r.term(id)]; ok && r.row(id).kind != CommitOp {
				learn(id, at)
			}
		}
	}
	for _, l := range knows { // each alone
		l.build()
	}
	return knows
}

// term is a generation of the group, or an epoch of one member.
type term struct {
	member     string
	generation int32
}

func (g *group) term(id ID) term {
	by := g.by(id)
	if by.groupWide() {
		return term{"", by.Generation}
	}
	return term{by.Member, by.Generation}
}

// begun is when the first assignment of each term was asked for: it was written
// later.
func (g *group) begun() map[term]int64 {
	begun := map[term]int64{}
	for _, id := range g.assigns {
		t := g.term(id)
		if at, ok := begun[t]; !ok || g.row(id).invoke < at {
			begun[t] = g.row(id).invoke
		}
	}
	return begun
}

// settings are the spans of values that can be told from others.
func (r *register) settings() map[setting]*span {
	of := map[setting]*span{}
	for i := range r.spans {
		s := &r.spans[i]
		switch {
		case s.origin:
			of[setting{Unknown, 0}] = s
		case s.told:
			of[setting{r.row(s.fID).offset, r.row(s.fID).metadata}] = s
		}
	}
	return of
}
