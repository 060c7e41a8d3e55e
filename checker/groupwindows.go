package checker

import (
	"bytes"
	"math"
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"odradek/models"
)

// secondOpinion gives the commits of a partition, and the answers about them,
// to Porcupine with models.Committed, Options.Window operations at a time. A
// window holds the answers that lie in it whole, and the commits under way in it;
// it begins with any position. Those commits that began before it, or whose fate
// nobody knows, may take effect in it or not:
//
//	     |  window          |
//	|--a--|  |--b--|      |--c---|       a: optional, b, c: they happen
//	  |--r--|   |---s---|  |---t--|      s alone is judged
func (p *place) secondOpinion() {
	var all []ID
	for _, ids := range [][]ID{p.commits, p.forgets, p.asks} {
		all = append(all, ids...)
	}
	slices.SortStableFunc(all, func(a, b ID) int { return compare(p.row(a).invoke, p.row(b).invoke) })
	illegal, settled, from := false, true, int64(math.MinInt64)
	for first := 0; first < len(all); first += p.o.Window {
		to := int64(math.MaxInt64)
		if next := first + p.o.Window; next < len(all) {
			to = p.row(all[next]).invoke
		}
		switch p.askAbout(p.window(all, from, to), first == 0) {
		case porcupine.Illegal:
			illegal = true
		case porcupine.Unknown:
			settled = false
		}
		from = to
	}
	switch {
	case illegal && !p.illegal && !p.vague:
		p.accuse("checkers-disagree", p.tp, nil, "Porcupine finds no order, and the sweep found one")
	case !illegal && p.illegal && settled && len(all) <= p.o.Window && !p.o.CoordinatorMayBeDeposed:
		p.accuse("checkers-disagree", p.tp, nil, "Porcupine finds an order, and the sweep found none")
	}
}

// stretch is a window of a committed offset's history.
type stretch struct {
	ops []porcupine.Operation
	ids []ID
}

func (p *place) window(all []ID, from, to int64) *stretch {
	w := &stretch{}
	last := int64(math.MinInt64)
	asked := map[models.Position]bool{}
	for _, id := range all {
		r := p.row(id)
		if r.kind == CommittedOp && r.invoke >= from && r.ret <= to && !p.lags(id) {
			w.ops = append(w.ops, porcupine.Operation{ClientId: int(r.process), Input: models.AskPosition{}, Output: p.position(r), Call: r.invoke, Return: r.ret})
			w.ids = append(w.ids, id)
			asked[p.position(r)] = true
		}
		last = max(last, r.invoke, r.ret)
	}
	for _, id := range all {
		r := p.row(id)
		sure := r.outcome == OK && r.invoke >= from
		if r.kind == CommittedOp || r.invoke > to || r.outcome == OK && r.ret < from || !sure && !asked[p.position(r)] {
			continue
		}
		ret := r.ret
		if r.outcome != OK {
			ret = past(last, 1)
		}
		w.ops = append(w.ops, porcupine.Operation{ClientId: int(r.process), Input: models.SetPosition{To: p.position(r), Optional: !sure}, Call: r.invoke, Return: ret})
		w.ids = append(w.ids, id)
	}
	return w
}

func (p *place) position(r *row) models.Position {
	if r.kind == ForgetOp {
		return models.Uncommitted
	}
	return models.Position{Offset: r.offset, Metadata: p.h.texts.list[r.metadata]}
}

func (p *place) askAbout(w *stretch, fresh bool) porcupine.CheckResult {
	if len(w.ops) == 0 {
		return porcupine.Ok
	}
	p.r.Stats.Windows++
	limit := time.Duration(p.o.Seconds) * time.Second
	model := models.Committed(fresh && !p.o.OffsetsExpire)
	got, info := porcupine.CheckOperationsVerbose(model, w.ops, limit)
	switch got {
	case porcupine.Illegal:
		p.accuse("porcupine-illegal", p.tp, w.ids, "no order of these %d operations fits a committed offset", len(w.ops))
		var html bytes.Buffer
		if len(p.r.pages) < mostPages && porcupine.Visualize(model, info, &html) == nil { // a bytes.Buffer takes everything
			p.r.pages = append(p.r.pages, page{p.tp, html.String()})
		}
	case porcupine.Unknown:
		p.accuse("porcupine-unknown", p.tp, w.ids, "not settled in %v", limit)
	}
	return got
}
