package checker

import "slices"

// ladder answers: what is the largest value that was told before a moment?
type ladder struct{ steps []step }

type step struct {
	at    int64 // when it was told
	value int64
	id    ID
}

func (l *ladder) add(at, value int64, id ID) { l.steps = append(l.steps, step{at, value, id}) }

// build leaves only steps that lead up, in the order of time.
func (l *ladder) build() {
	slices.SortFunc(l.steps, func(a, b step) int {
		if c := compare(a.at, b.at); c != 0 {
			return c
		}
		return compare(b.value, a.value)
	})
	kept := l.steps[:0]
	for _, s := range l.steps {
		if len(kept) == 0 || s.value > kept[len(kept)-1].value {
			kept = append(kept, s)
		}
	}
	l.steps = kept
}

// before is the highest step told earlier than at; ok is false if there is none.
func (l *ladder) before(at int64) (highest step, ok bool) {
	i, _ := slices.BinarySearchFunc(l.steps, at, func(s step, t int64) int { return compare(s.at, t) })
	if i == 0 {
		return step{}, false
	}
	return l.steps[i-1], true
}

// endsTold are the ends that were told, by the time of the answer.
func (p *part) endsTold() *ladder {
	l := &ladder{}
	if !p.asksForEnds() {
		return l
	}
	for i := range p.stands {
		if s := &p.stands[i]; s.ret != never {
			l.add(s.ret, s.reach(), s.id)
		}
	}
	l.build()
	return l
}

// asksForEnds tells whether any answer has to be compared with those ends.
func (p *part) asksForEnds() bool {
	for _, id := range p.others {
		if r := p.row(id); r.kind == ListOp && r.answer != Latest && r.answer != Earliest {
			return true
		}
	}
	for _, id := range p.fetches {
		if p.row(id).has(OutOfRange) {
			return true
		}
	}
	return false
}
