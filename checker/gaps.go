package checker

import (
	"cmp"
	"math"
	"slices"
)

// gap is a piece of the log of which nobody was told anything: offsets from to
// to, below a batch or an end that was told. Batches fill it whose place is
// unknown: those of unknown outcome that were never read, and those that were
// acknowledged without an offset.
type gap struct {
	from, to int64
	next     int   // the stand behind it
	by       ID    // who told that there is something behind it
	release  int64 // the last invocation of all that comes before it
	deadline int64 // the earliest return of all that comes behind it
	open     bool  // more may lie there
}

func (g *gap) size() int64 { return g.to - g.from }

// filler is a batch whose place is unknown. One that returned with never may
// lie nowhere.
type filler struct {
	id       ID
	n        int64
	inv, ret int64
	repeats  bool // it may lie in several places
}

func (g *gap) takes(f *filler) bool {
	return f.inv <= g.deadline && f.ret >= g.release && (g.open || f.n <= g.size())
}

// fill judges whether the fillers fill the gaps: each gap by itself first, then
// all of them together by a bounded search.
func (p *part) fill() {
	if p.gapsAllowed() || len(p.guesses) > 0 {
		return
	}
	fillers := p.fillers()
	for i := range p.gaps {
		if !p.gaps[i].possible(fillers) {
			p.hole(&p.gaps[i])
		}
	}
	if p.illegal || p.vague || len(p.gaps)+len(fillers) == 0 {
		return
	}
	f := fitting{gaps: p.gaps, fillers: fillers, used: make([]bool, len(fillers)), steps: mostSteps, release: p.lastRelease}
	switch {
	case f.begin(0, math.MinInt64):
	case f.steps <= 0:
		p.vague = true
	case f.deepest < len(p.gaps):
		p.hole(&p.gaps[f.deepest])
	default:
		p.broken("lost-write", []ID{f.homeless}, "it was acknowledged, and what was told later leaves no room for it")
	}
}

// fillers come largest first: they are the hardest to place.
func (p *part) fillers() []filler {
	var fs []filler
	for _, id := range p.produces {
		r := p.row(id)
		switch {
		case r.count == 0 || r.outcome == Fail:
		case mayRepeat(r):
			fs = append(fs, filler{id, int64(r.count), r.invoke, never, true})
		case p.base[id] == unplaced:
			fs = append(fs, filler{id, int64(r.count), r.invoke, p.mustReturn(r), false})
		}
	}
	slices.SortStableFunc(fs, func(a, b filler) int { return cmp.Compare(b.n, a.n) })
	return fs
}

// possible holds if there are records enough for the gap.
func (g *gap) possible(fillers []filler) bool {
	sum := int64(0)
	for i := range fillers {
		f := &fillers[i]
		if !g.takes(f) {
			continue
		}
		if sum += f.n; sum >= g.size() || f.repeats {
			return true
		}
	}
	return false
}

func (p *part) hole(g *gap) {
	p.broken("hole", []ID{g.by}, "no produce can have written [%d, %d)", g.from, g.to)
}
