package partition

import (
	"slices"
	"time"

	"odradek/node/env"
)

// Standing is how a leader sees one replica of its partition.
type Standing struct {
	ID       int32
	End      int64         // all below is durable there; -1: not known in this leader epoch
	Start    int64         // of its log; -1: not known
	Lag      int64         // records that it lacks; -1: not known
	Behind   time.Duration // since it last had all that there was; -1: never in this leader epoch
	InISR    bool          // as committed
	Pending  bool          // it is in the maximal ISR by a proposal
	Eligible bool          // its broker is active, and of the epoch that fetched last
}

// Describe lists the replicas in the order of the metadata; it is empty unless
// this one leads.
func (p *Partition) Describe(now env.Time) []Standing {
	if !p.Leads() || p.log == nil {
		return nil
	}
	var all []Standing
	for _, id := range p.state.Replicas {
		s := Standing{ID: id, InISR: slices.Contains(p.state.ISR, id), Pending: p.leading.pending.holds(id)}
		if f := p.leading.of(id); f != nil {
			s.standsAs(f, p.log.End(), now.Mono)
			s.Eligible = p.eligible(f)
		} else {
			s.End, s.Start, s.Eligible = p.log.Acked(), p.log.Start(), true
			s.Lag = p.log.End() - s.End
		}
		all = append(all, s)
	}
	return all
}

func (s *Standing) standsAs(f *follower, end int64, now time.Duration) {
	s.End, s.Start, s.Lag, s.Behind = f.end, f.start, -1, -1
	if f.end >= 0 {
		s.Lag = max(end-f.end, 0)
	}
	if f.caughtUp > longAgo {
		s.Behind = now - f.caughtUp
	}
}

// Pending is the change of the ISR under way, and who comes into the maximal ISR by
// it (-1: nobody); false: there is none.
func (p *Partition) Pending() (c Proposal, joins int32, there bool) {
	if p.leading.pending == nil {
		return Proposal{}, -1, false
	}
	return p.leading.pending.proposal, p.leading.pending.joins, true
}

// Broken counts the truncations below the high watermark: promises that someone
// broke.
func (p *Partition) Broken() int { return p.broken }
