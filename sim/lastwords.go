package sim

import "time"

// wordTime is how long producers go on after the ending.
const wordTime = 200 * time.Millisecond

// empty deletes, if that was drawn, all records before the ending: then only what
// the node saved tells who wrote them.
func (r *run) empty() bool {
	if !r.k.Emptied {
		return true
	}
	left := len(r.targets)
	for _, t := range r.targets {
		r.admin.trimTo(t, -1, func() { left-- })
	}
	return r.w.Run(r.w.now+settleTime, mostEvents, func() bool { return left == 0 })
}

// lastWords lets the producers go on after the ending, in the sessions that they
// had: a node that came back has to know them.
func (r *run) lastWords() bool {
	r.stopped = false
	for _, p := range r.producers {
		for _, f := range p.parts {
			f.until, f.woke = 0, true
		}
		p.start()
	}
	r.w.Run(r.w.now+wordTime, mostEvents, func() bool { return false })
	r.stopped = true
	return r.w.Run(r.w.now+settleTime, mostEvents, r.quiet)
}
