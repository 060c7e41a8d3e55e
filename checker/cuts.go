package checker

import (
	"cmp"
	"math"
	"slices"
)

// event is the invocation or the return of an operation that was answered.
type event struct {
	at  int64
	ret bool
}

// cuts are the moments between windows, the last one behind everything; clean
// tells that nothing was under way at any of them. A window is cut at the
// first quiet moment after half its size, or, if there is none until twice its
// size, where least is under way.
func (p *part) cuts() (at []int64, clean bool) {
	events := p.events()
	clean = true
	flying, done := 0, 0
	best, least := -1, 0
	for i := 0; i < len(events); i++ {
		if !events[i].ret {
			flying++
			continue
		}
		flying--
		done++
		last := i+1 == len(events)
		if 2*done >= p.o.Window && (last || events[i+1].at > events[i].at) && (best < 0 || flying <= least) {
			best, least = i, flying
		}
		if best >= 0 && (least == 0 || done >= 2*p.o.Window) && !last {
			at = append(at, events[best].at)
			clean = clean && least == 0
			i, flying, done, best = best, least, 0, -1
		}
	}
	return append(at, math.MaxInt64), clean
}

func (p *part) events() []event {
	var all []event
	for i := range p.stands {
		if s := &p.stands[i]; s.id >= 0 && s.ret != never {
			all = append(all, event{s.inv, false}, event{s.ret, true})
		}
	}
	slices.SortFunc(all, func(a, b event) int {
		if c := cmp.Compare(a.at, b.at); c != 0 {
			return c
		}
		return cmp.Compare(btoi(a.ret), btoi(b.ret))
	})
	return all
}
