package broker

import "odradek/node/env"

// excuse ends the note on disk of a loss, once nobody counts on the replica (see
// partition.Lose). It fetches nothing before the note is gone: a replica that was
// filled again must not say at its next start that it is empty.
func (r *replica) excuse() {
	if r.gone != nil || r.log == nil || !r.log.Bereft() || r.part.Lost() || r.excusing || r.s.stopping {
		return
	}
	r.excusing = true
	r.s.start(r.log.Forgive, func(err error) {
		r.excusing = false
		if err != nil {
			r.s.out.Logf(env.Warn, "%v", err)
			r.s.after(tickPeriod, r.excuse)
			return
		}
		r.MayFetch()
	})
}

// bereft tells whether the replica has to be excused before it fetches.
func (r *replica) bereft() bool { return r.log != nil && r.log.Bereft() }
