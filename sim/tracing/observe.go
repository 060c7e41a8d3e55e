package tracing

import (
	"fmt"
	"slices"
	"time"

	"odradek/node/broker"
	"odradek/node/partition"
	"odradek/sim"
)

func nameOf(topic string, index int32) string { return fmt.Sprintf("%s-%d", topic, index) }

// observe compares a replica with what was seen of it before, in the order in which
// a step of it goes: what was cut, metadata, log, disk, ISR, high watermark.
func (p *part) observe(now time.Duration, n *sim.Node, s *broker.ReplicaState) {
	at := p.place(int32(n.Place()) + 1)
	if at == 0 || !s.Loaded && p.replica(at).loaded || s.Cutting && p.replica(at).loaded {
		return
	}
	x, l := p.replica(at), &line{at: now}
	if s.Loaded && !x.loaded {
		p.opened(n, x, s)
	}
	x.resolve(p, n, s.Written)
	x.lost = s.Lost
	if !x.up { // it does nothing, but may be opened
		if s.Loaded {
			x.high, x.end, x.acked = s.High, s.End, s.Acked
		}
		return
	}
	if s.Loaded {
		x.cuts(l, at, s)
	}
	x.applies(p, l, at, s)
	if s.Loaded {
		x.logs(p, l, at, s)
		x.syncs(l, at, s)
		x.asksFor(p, l, at, s)
		x.raises(l, at, s)
	}
	if len(l.acts) == 0 {
		return
	}
	if s.State.Leader >= 0 {
		l.after = append(l.after, change{name: "view", replica: at, entry: Entry{
			Leader: p.place(s.State.Leader), LeaderEpoch: int(s.State.LeaderEpoch), ISR: p.places(s.State.ISR)}})
	}
	p.lines = append(p.lines, l)
}

// opened is the first sight of a log in a process: what the one before has left.
func (p *part) opened(n *sim.Node, x *replica, s *broker.ReplicaState) {
	x.loaded = true
	if o := x.opening; o != nil {
		high := s.High
		if s.Leads { // it may have raised it in the same step
			high = min(high, o.high)
		}
		o.lost, o.end, o.high, o.span, x.high = s.Lost, s.End, high, p.whole(n, x, s.End), high
		for _, sp := range o.unwritten {
			sp.found(o.span)
		}
	}
	x.end, x.acked, x.spans = s.End, s.Acked, nil
}

// applies replays metadata. What was proposed is settled by it, and another change may
// follow at once.
func (x *replica) applies(p *part, l *line, at int, s *broker.ReplicaState) {
	epoch := max(s.State.PartitionEpoch, x.base)
	if epoch == x.applied {
		return
	}
	place := p.metas[epoch]
	for range place - p.metas[x.applied] {
		l.acts = append(l.acts, act{name: "Apply", replica: at})
	}
	if len(l.acts) > 0 {
		l.after = append(l.after, change{name: "applied", replica: at, n: int64(place)})
	} else if x.proposing {
		l.acts = append(l.acts, act{name: "Drop", replica: at})
	}
	if x.applied = epoch; x.proposing {
		x.proposing = false
		l.after = append(l.after, change{name: "pending", replica: at, n: -1})
	}
}

// cuts is what was cut off. That takes a while, in which the replica is not looked at: what
// it applied then came after the word of its leader.
func (x *replica) cuts(l *line, at int, s *broker.ReplicaState) {
	if s.End >= x.end {
		return
	}
	l.acts = append(l.acts, act{name: "Truncate", replica: at, n: s.End})
	l.after = append(l.after, change{name: "log", replica: at, n: s.End})
	x.spans = slices.DeleteFunc(x.spans, func(sp *span) bool { return sp.from >= s.End })
	x.end, x.hint = s.End, hint{}
	if s.High < x.high { // the cut took it along
		l.after = append(l.after, change{name: "hw", replica: at, n: s.High})
		x.high = s.High
	}
}

// logs is what was appended.
func (x *replica) logs(p *part, l *line, at int, s *broker.ReplicaState) {
	if s.End > x.end {
		sp := &span{from: x.end, to: s.End, epoch: s.State.LeaderEpoch, leader: p.place(s.State.Leader)}
		x.spans = append(x.spans, sp)
		name := "Fetch"
		if s.Leads {
			name = "Write"
		} else {
			x.learns(l, at, s)
		}
		l.acts = append(l.acts, act{name: name, replica: at, n: s.End, span: sp})
		l.after = append(l.after, change{name: "log", replica: at, span: sp})
		x.end = s.End
	}
}

// learns is what a response says of the high watermark, which is known as far as the
// log reached before it.
func (x *replica) learns(l *line, at int, s *broker.ReplicaState) {
	if s.High > x.high {
		l.acts = append(l.acts, act{name: "LearnHW", replica: at, n: s.High})
		l.after = append(l.after, change{name: "hw", replica: at, n: s.High})
		x.high = s.High
	}
}

func (x *replica) syncs(l *line, at int, s *broker.ReplicaState) {
	if s.Acked > x.acked {
		l.acts = append(l.acts, act{name: "Sync", replica: at, n: s.Acked})
	}
	if s.Acked != x.acked {
		l.after = append(l.after, change{name: "durable", replica: at, n: s.Acked})
	}
	x.acked = s.Acked
}

// asksFor is what became of a change of the ISR.
func (x *replica) asksFor(p *part, l *line, at int, s *broker.ReplicaState) {
	ids := s.Proposal.Ids()
	switch {
	case x.proposing && !s.Proposing:
		l.acts = append(l.acts, act{name: "Drop", replica: at})
	case !x.proposing && s.Proposing:
		l.acts = append(l.acts, p.proposal(at, s))
		x.asks = ids
	case x.proposing && !slices.Equal(ids, x.asks):
		l.acts = append(l.acts, act{name: "Restate", replica: at})
		x.asks = ids
	}
	if x.proposing == s.Proposing && (!s.Proposing || x.joins == s.Joins) {
		return
	}
	x.proposing, x.joins = s.Proposing, s.Joins
	c := change{name: "pending", replica: at, n: -1}
	if s.Proposing {
		c.n = int64(p.place(s.Joins))
	}
	l.after = append(l.after, c)
}

func (p *part) proposal(at int, s *broker.ReplicaState) act {
	if s.Joins < 0 {
		return act{name: "Shrink", replica: at, set: p.places(s.Proposal.Ids())}
	}
	joins := p.place(s.Joins)
	i := slices.IndexFunc(s.Proposal.ISR, func(m partition.Member) bool { return m.ID == s.Joins })
	epoch := int64(-1)
	if i >= 0 {
		epoch = s.Proposal.ISR[i].Epoch
	}
	return act{name: "Expand", replica: at, set: []int{joins}, more: p.ordinal(joins, epoch)}
}

// raises is the high watermark.
func (x *replica) raises(l *line, at int, s *broker.ReplicaState) {
	if s.High == x.high {
		return
	}
	name := "LearnHW"
	if s.Leads {
		name = "AdvanceHW"
	}
	l.acts = append(l.acts, act{name: name, replica: at, n: s.High})
	l.after = append(l.after, change{name: "hw", replica: at, n: s.High})
	x.high = s.High
}
