package checker

import (
	"math"
	"slices"

	"github.com/anishathalye/porcupine"

	"odradek/models"
)

// windower cuts a partition's history into windows for Porcupine. An append
// across a cut, or of unknown outcome, belongs where an end beyond it is told
// first; where it lies, any reading of it tells. Of what was never told, it is
// left open in every window with room for it whether it happens there.
//
//	      cut            cut
//	|--a--| |  |--b--|    |     a, b   whole, in one window
//	   |------x-----------|--|  x      in the second window, where b is told beyond it
//	        |      |---r--|--|  r      a reading across a cut: left out
//	|--m--------------------    m      never told: optional, or nowhere
type windower struct {
	*part
	cuts   []int64
	begin  int64
	placed []stand // the appends of known place
	told   ladder
	reads  []stand // left, by invocation
	coming []spot  // appends that no window has met, by invocation
	open   []spot  // appends of known place that a later window may need
	loose  []spot  // appends of unknown place that have begun

	low   int64 // the log's least length at the beginning
	high  int64 // and at the end
	ops   []porcupine.Operation
	ids   []ID
	left  int  // operations that no window holds
	whole bool // Porcupine sees all that the sweep sees
}

// mostOptional bounds how many appends a window holds of which nothing is known:
// each multiplies the work.
const mostOptional = 4

func newWindower(p *part) *windower {
	w := &windower{part: p, begin: math.MinInt64}
	w.cuts, w.whole = p.cuts()
	w.whole = w.whole && (len(w.cuts) == 1 || len(p.gaps) == 0 && !p.vague && !p.contradicted && !p.untold())
	for _, s := range p.stands {
		if s.ret != never {
			w.told.add(s.ret, s.end, s.id)
		}
		if s.kind == appended {
			w.placed = append(w.placed, s)
		}
	}
	w.told.build()
	w.reads = p.judgedReads()
	w.coming = p.mayTakeEffect()
	if p.uncountable() || len(p.guesses) > 0 && len(w.cuts) > 1 {
		w.whole, w.left, w.cuts = false, len(w.reads)+len(w.coming), nil
	}
	return w
}

// uncountable tells that batches that may lie in the log any number of times
// may lie where nobody looked.
func (p *part) uncountable() bool {
	return len(p.gaps)+len(p.guesses) > 0 && slices.ContainsFunc(p.produces, func(id ID) bool { return mayRepeat(p.row(id)) })
}

// untold tells whether an append surely happened, nobody knows where.
func (p *part) untold() bool {
	return slices.ContainsFunc(p.produces, func(id ID) bool {
		r := p.row(id)
		return p.base[id] == unplaced && r.count > 0 && p.mustReturn(r) != never
	})
}

// judgedReads are all that tell something of the log's state: fetches that were
// answered, and the stands of other operations.
func (p *part) judgedReads() []stand {
	var all []stand
	for _, id := range p.fetches {
		if r := p.row(id); answered(r) {
			all = append(all, stand{inv: r.invoke, ret: r.ret, id: id})
		}
	}
	for _, s := range p.stands {
		if s.id >= 0 && s.kind != appended && p.row(s.id).kind != FetchOp {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b stand) int { return compare(a.inv, b.inv) })
	return all
}

// mayTakeEffect are all appends, those of unknown place only where there is
// room for them.
func (p *part) mayTakeEffect() []spot {
	all := slices.Clone(p.copies)
	room := len(p.gaps) > 0 || p.vague
	for _, id := range p.produces {
		r := p.row(id)
		if r.count > 0 && r.outcome != Fail && (p.base[id] != unplaced || room || p.mustReturn(r) != never) {
			all = append(all, spot{id, p.base[id], int(r.count)})
		}
	}
	slices.SortStableFunc(all, func(a, b spot) int { return compare(p.row(a.op).invoke, p.row(b.op).invoke) })
	return all
}

// next makes the next window.
func (w *windower) next() bool {
	if len(w.cuts) == 0 {
		return false
	}
	end := w.cuts[0]
	w.ops, w.ids = nil, nil
	w.low, w.high = w.toldBy(w.begin), w.toldBy(end)
	w.takeReads(end)
	earlier := len(w.loose)
	w.takeAppends(end)
	if !w.takeLoose(earlier, end) {
		w.left += len(w.ops)
		w.ops, w.whole = nil, false
	}
	w.endOptionals()
	w.cuts, w.begin = w.cuts[1:], end
	return true
}

// toldBy is the largest end told by a moment.
func (w *windower) toldBy(at int64) int64 {
	if at < math.MaxInt64 {
		at++
	}
	s, _ := w.told.before(at)
	return s.value
}

func (w *windower) takeReads(end int64) {
	for len(w.reads) > 0 && w.reads[0].inv <= end {
		s := w.reads[0]
		w.reads = w.reads[1:]
		if s.ret > end {
			w.left++
			continue
		}
		in, out := w.reading(s)
		w.add(s.id, in, out, s.ret)
	}
}

func (w *windower) reading(s stand) (models.Read, models.Seen) {
	r := w.row(s.id)
	if r.kind != FetchOp {
		return models.Read{From: models.Untold, Lagging: s.soft()}, models.Seen{End: s.at}
	}
	out := models.Seen{End: r.answer}
	for _, rec := range w.h.recordsOf(r) {
		out.Records = append(out.Records, models.Record{Offset: rec.Offset, Value: uint64(rec.Value)})
	}
	return models.Read{From: r.offset, Lagging: w.o.EndMayLag}, out
}

func (w *windower) add(id ID, in, out any, ret int64) {
	r := w.row(id)
	w.ops = append(w.ops, porcupine.Operation{ClientId: int(r.process), Input: in, Output: out, Call: r.invoke, Return: ret})
	w.ids = append(w.ids, id)
}

// takeAppends adds the appends that belong into a window; those that a later
// one may need stay open.
func (w *windower) takeAppends(end int64) {
	for ; len(w.coming) > 0 && w.row(w.coming[0].op).invoke <= end; w.coming = w.coming[1:] {
		if s := w.coming[0]; s.base == unplaced {
			w.loose = append(w.loose, s)
		} else {
			w.open = append(w.open, s)
		}
	}
	w.open = slices.DeleteFunc(w.open, func(s spot) bool {
		r := w.row(s.op)
		ret := w.returns(s, r)
		switch over := ret != never && ret <= end; {
		case s.base < w.low && r.invoke <= w.begin: // it is in the prefix
			return true
		case over:
			w.addAppend(s, r, models.Appended{Base: r.offset}, ret)
			return true
		case s.base < w.high: // what was told in the window lies behind it
			w.addAppend(s, r, models.Appended{Base: s.base}, never)
		}
		return false
	})
}

// takeLoose adds appends of unknown place: what surely happened in this window,
// and as optional what may have. It fails if that is too much.
func (w *windower) takeLoose(earlier int, end int64) bool {
	room, optional := w.roomFor(), earlier
	for _, s := range w.loose[earlier:] {
		r := w.row(s.op)
		if ret := w.mustReturn(r); ret == never || ret > end {
			optional++
		} else { // it stays loose: an end told later may be the first to count it
			w.addAppend(s, r, models.Appended{Base: models.Untold}, ret)
		}
	}
	if room && optional > mostOptional {
		return false
	}
	for i := 0; room && i < len(w.loose); i++ {
		s, r := w.loose[i], w.row(w.loose[i].op)
		if ret := w.mustReturn(r); i < earlier || ret == never || ret > end {
			w.addAppend(s, r, nil, never)
		}
	}
	return true
}

// returns is when an append has surely happened.
func (w *windower) returns(s spot, r *row) int64 {
	if s.base != w.base[s.op] { // a copy
		return never
	}
	return w.mustReturn(r)
}

// roomFor tells whether something unknown can lie in what the window appended.
func (w *windower) roomFor() bool {
	return w.vague || slices.ContainsFunc(w.gaps, func(g gap) bool { return g.from < w.high && g.to > w.low })
}

// addAppend adds an append; without an answer, it is optional.
func (w *windower) addAppend(s spot, r *row, answer any, ret int64) {
	in := models.Append{Optional: answer == nil}
	for _, rec := range w.h.recordsOf(r) {
		in.Values = append(in.Values, uint64(rec.Value))
	}
	if answer == nil {
		answer = models.Appended{Base: models.Untold}
	}
	w.add(s.op, in, answer, ret)
}

// endOptionals lets what has no end return behind all else, for the picture.
func (w *windower) endOptionals() {
	last := int64(math.MinInt64)
	for i := range w.ops {
		if ret := w.ops[i].Return; ret != never {
			last = max(last, ret)
		}
		last = max(last, w.ops[i].Call)
	}
	for i := range w.ops {
		if w.ops[i].Return == never {
			w.ops[i].Return = last + 1
		}
	}
}

// valueAt is the record that a placed batch has at an offset.
func (w *windower) valueAt(offset int64) (value uint64, known bool) {
	i, _ := slices.BinarySearchFunc(w.placed, offset, func(s stand, o int64) int {
		if s.at <= o {
			return -1
		}
		return 1
	})
	if i == 0 || offset >= w.placed[i-1].end {
		return 0, false
	}
	s := &w.placed[i-1]
	records := w.h.recordsOf(w.row(s.id))
	if s.end-s.at == int64(len(records)) {
		return uint64(records[offset-s.at].Value), true
	}
	return uint64(w.cells.put(uint64(offset)).value), true // a guess: one record that was read
}
