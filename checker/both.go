package checker

import (
	"bytes"
	"time"

	"github.com/anishathalye/porcupine"

	"odradek/models"
)

// CheckBoth is Check, and Porcupine over windows of every partition's log with
// models.Log, a specification that shares no code with the sweep. A partition
// of which the two think differently is checkers-disagree; a window that
// Porcupine cannot settle in Options.Seconds is porcupine-unknown. What no
// window covers is counted in Stats.Unwindowed.
func CheckBoth(h *History, o Options) *Result {
	if o.Window == 0 {
		o.Window = 64
	}
	if o.Seconds == 0 {
		o.Seconds = 10
	}
	c := newCheck(h, o)
	for _, p := range c.parts {
		p.sweep()
		if !p.gapsAllowed() {
			p.secondOpinion()
		}
	}
	for _, g := range c.groups() {
		g.judge()
		for _, p := range g.places {
			p.secondOpinion()
		}
	}
	c.finish()
	return c.r
}

// mostPages is how many of Porcupine's pages a result keeps.
const mostPages = 4

func (p *part) secondOpinion() {
	w := newWindower(p)
	illegal, settled := false, true
	for w.next() {
		model := models.Log(models.Known{End: w.low, Value: w.valueAt})
		switch p.ask(model, w) {
		case porcupine.Illegal:
			illegal = true
		case porcupine.Unknown:
			settled = false
		}
	}
	p.r.Stats.Unwindowed += w.left
	switch {
	case illegal && !p.illegal && !p.vague:
		p.blame("checkers-disagree", nil, "Porcupine finds no order, and the sweep found one")
	case !illegal && p.illegal && settled && w.whole:
		p.blame("checkers-disagree", nil, "Porcupine finds an order, and the sweep found none")
	}
}

func (p *part) ask(model porcupine.Model, w *windower) porcupine.CheckResult {
	if len(w.ops) == 0 {
		return porcupine.Ok
	}
	p.r.Stats.Windows++
	limit := time.Duration(p.o.Seconds) * time.Second
	got := porcupine.CheckOperationsTimeout(model, w.ops, limit)
	switch got {
	case porcupine.Illegal:
		p.blame("porcupine-illegal", w.ids, "no order of these %d operations fits a log that was %d long before", len(w.ops), w.low)
		p.picture(model, w, limit)
	case porcupine.Unknown:
		p.blame("porcupine-unknown", w.ids, "not settled in %v", limit)
	}
	return got
}

func (p *part) picture(model porcupine.Model, w *windower, limit time.Duration) {
	if len(p.r.pages) == mostPages {
		return
	}
	_, info := porcupine.CheckOperationsVerbose(model, w.ops, limit)
	var html bytes.Buffer
	if porcupine.Visualize(model, info, &html) == nil { // a bytes.Buffer takes everything
		p.r.pages = append(p.r.pages, page{p.tp, html.String()})
	}
}
