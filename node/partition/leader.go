package partition

import (
	"math"
	"slices"
	"time"

	"odradek/node/env"
)

// leading is what a leader knows in its epoch, and forgets with it.
type leading struct {
	followers []*follower
	pending   *change // of the ISR, proposed
	begun     int64   // where the leader epoch begins in the log
	offered   int64   // what followers were last told that they may read
}

// follower is another replica, as its fetches show it in this leader epoch
// (Kafka's Replica).
type follower struct {
	id        int32
	end       int64         // all below is durable there; -1: not known
	start     int64         // of its log; -1: not known
	broker    int64         // epoch of the broker that fetched last; -1: not known
	fetched   time.Duration // when it fetched last
	leaderEnd int64         // where our log ended then; -1: never
	caughtUp  time.Duration // when it last had all that there was
	told      int64         // the high watermark that it was told last
	again     int           // fetches in a row of one offset at which there is something
}

// longAgo is when those last were caught up who never were.
const longAgo = time.Duration(math.MinInt64 / 2)

// seat gives every other replica a place, and takes it from those that are none.
// Members of the ISR are taken to be caught up now.
func (p *Partition) seat(now env.Time) {
	l := &p.leading
	if !p.Leads() {
		l.followers = nil
		return
	}
	l.followers = slices.DeleteFunc(l.followers, func(f *follower) bool { return !slices.Contains(p.state.Replicas, f.id) })
	for _, id := range p.state.Replicas {
		if id == p.me || l.of(id) != nil {
			continue
		}
		f := &follower{id: id, end: -1, start: -1, broker: -1, leaderEnd: -1, caughtUp: longAgo}
		if slices.Contains(p.state.ISR, id) {
			f.caughtUp = now.Mono
		}
		l.followers = append(l.followers, f)
	}
}

func (l *leading) of(id int32) *follower {
	for _, f := range l.followers {
		if f.id == id {
			return f
		}
	}
	return nil
}

// lead begins the leader's epoch at the end of the log, where its first record
// will lie.
func (p *Partition) lead() {
	if p.log == nil || !p.Leads() {
		return
	}
	p.log.Epochs().Assign(p.state.LeaderEpoch, p.log.End())
	p.leading.begun = p.log.Epochs().StartOf(p.state.LeaderEpoch)
}

// LatestKnown tells whether consumers may be told where the log ends. After an
// election it is not known until the high watermark has reached the leader
// epoch's first offset: OFFSET_NOT_AVAILABLE until then (KIP-207).
func (p *Partition) LatestKnown() bool { return p.Leads() && p.log != nil && p.hw >= p.leading.begun }

// took notes a fetch (Kafka's Replica.updateFetchState): who asks for what lies
// at the end has caught up now, who asks for what lay there at its last fetch had
// caught up then.
func (f *follower) took(now time.Duration, x *FollowerFetch, leaderEnd int64) {
	switch {
	case x.Offset >= leaderEnd:
		f.caughtUp = max(f.caughtUp, now)
	case f.leaderEnd >= 0 && x.Offset >= f.leaderEnd:
		f.caughtUp = max(f.caughtUp, f.fetched)
	}
	if f.again++; x.Offset != f.end || x.Offset >= leaderEnd {
		f.again = 0
	}
	f.end, f.start, f.broker = x.Offset, x.LogStart, x.BrokerEpoch
	f.fetched, f.leaderEnd = now, max(f.leaderEnd, leaderEnd)
}

func (f *follower) inSync(now time.Duration, leaderEnd int64, maxLag time.Duration) bool {
	return f.end >= leaderEnd || now-f.caughtUp <= maxLag
}

// raise recomputes the high watermark. A leader's is the least that the members of the maximal
// ISR hold for certain (KIP-497). It stands still while the committed ISR is
// below min.insync.replicas (KIP-966). A follower's follows.
func (p *Partition) raise(now env.Time) {
	if p.log != nil && p.Leads() {
		p.begins.reach(p.LowWatermark(), nil)
	}
	switch {
	case p.log == nil || p.follow.cutting:
		return
	case !p.Leads():
		p.keepUp()
		return
	case !p.mayCommit():
		return
	}
	reached := p.log.Acked() // this node's own share
	for _, f := range p.leading.followers {
		if p.waitsFor(now, f) {
			reached = min(reached, f.end)
		}
	}
	if reached > p.hw {
		p.setHigh(reached)
		p.commit.reach(reached, p.shortage())
		p.wake()
	}
}

func (p *Partition) setHigh(hw int64) {
	p.hw = hw
	p.log.SetHigh(hw)
}

// waitsFor tells whether a follower holds the high watermark back: a member of
// the maximal ISR, or one about to join, which would never get there if it ran
// ahead (Kafka's shouldWaitForReplicaToJoinIsr).
func (p *Partition) waitsFor(now env.Time, f *follower) bool {
	if slices.Contains(p.state.ISR, f.id) || p.leading.pending.holds(f.id) {
		return true
	}
	return f.end >= 0 && f.inSync(now.Mono, p.log.Written(), p.maxLag) && p.eligible(f)
}

// Tick is to be called now and then, some times in the lag that followers may
// have: it sees who has fallen out of the ISR, and asks again what was not
// answered.
func (p *Partition) Tick(now env.Time) {
	if p.log == nil || !p.Leads() {
		return
	}
	if c := p.leading.pending; c != nil {
		p.askAgain(c)
	} else {
		p.shrink(now)
	}
	p.raise(now)
}
