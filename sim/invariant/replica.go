package invariant

import (
	"odradek/node/broker"
	"odradek/sim"
)

// replica looks at one replica after a step of its shard.
func (x *Watch) replica(n *sim.Node, s *seen, r *broker.ReplicaState) error {
	if !r.Loaded {
		return nil
	}
	p := x.part(key{r.Topic, r.Index}, r.Name)
	x.count(Cuts, r.End < s.ends[p.key])
	s.ends[p.key] = r.End
	if r.Broken > 0 {
		return p.wrong("cut-below-high-watermark", "node %d has cut its log, which ends at %d", id(n), r.End)
	}
	if !r.Cutting && (r.High < r.Start || r.High > r.End) {
		return p.wrong("high-watermark-outside-log", "node %d has %d, and its log is [%d, %d]", id(n), r.High, r.Start, r.End)
	}
	if r.Leads {
		if err := p.leads(n, s, r); err != nil {
			return err
		}
	}
	p.start = max(p.start, r.Start)
	if r.High <= p.published {
		return nil
	}
	p.published = r.High
	return x.complete(p)
}

// leads looks at a leader.
func (p *part) leads(n *sim.Node, s *seen, r *broker.ReplicaState) error {
	epoch := r.State.LeaderEpoch
	if who, known := p.leaders[epoch]; known && who != id(n) {
		return p.wrong("two-leaders", "node %d and node %d lead in epoch %d", who, id(n), epoch)
	}
	p.leaders[epoch] = id(n)
	was, known := s.highs[p.key]
	s.highs[p.key] = high{epoch, r.High}
	if known && was.epoch == epoch && r.High < was.at {
		return p.wrong("high-watermark-fell", "from %d to %d on node %d, in epoch %d", was.at, r.High, id(n), epoch)
	}
	return nil
}
