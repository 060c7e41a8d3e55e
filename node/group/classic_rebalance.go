package group

import (
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/mutant"
)

// joinTimer ends the time to join. It is the initial rebalance's if it has a
// delay: then it may be set once more, as long as there is some remaining.
type joinTimer struct{ group string }

// syncTimer ends the time to sync.
type syncTimer struct{ group string }

// rebalance begins the preparation of the next generation, unless it is under way:
// then it ends it if nobody is missing.
func (g *classic) rebalance() {
	if g.phase == preparing {
		if !g.initial {
			g.joinedOrLess()
		}
		return
	}
	if g.phase == completing {
		g.forgetAssignment(kerr.RebalanceInProgress)
	}
	g.endSync()
	g.enter(preparing)
	if g.initial {
		length := g.c.config.InitialRebalanceDelay
		g.delay(length, millis(g.rebalanceTimeout())-length)
		return
	}
	if !g.joinedOrLess() {
		g.c.timers.Set(joinTimer{g.id}, g.c.now.Mono+millis(g.rebalanceTimeout()))
	}
}

// delay gives a group that was empty time for the next members to come; what then
// remains, of the rebalance timeout, is for those who come because of them.
func (g *classic) delay(length, remaining time.Duration) {
	g.grew, g.remaining = false, max(remaining, 0)
	g.c.timers.Set(joinTimer{g.id}, g.c.now.Mono+length)
}

func (t joinTimer) fired(c *Coordinator) {
	g, ok := c.groups[t.group].(*classic)
	switch {
	case !ok || g.phase != preparing:
	case g.initial && g.grew && g.remaining > 0:
		length := min(c.config.InitialRebalanceDelay, g.remaining)
		g.delay(length, g.remaining-length)
	default:
		g.complete()
	}
}

// joinedOrLess completes the preparation if all have joined, of those that are
// members and those that were invited.
func (g *classic) joinedOrLess() bool {
	if g.phase != preparing || g.joining < len(g.members) || len(g.invited) > 0 {
		return false
	}
	g.complete()
	return true
}

// complete begins the next generation with those that have joined. Static members
// stay until their session ends.
func (g *classic) complete() {
	g.c.timers.Cancel(joinTimer{g.id})
	for _, id := range g.ids() {
		if m := g.members[id]; m.joins == nil && m.instance == nil {
			g.remove(id)
		}
	}
	if len(g.members) > 0 && !g.electJoined() {
		g.c.timers.Set(joinTimer{g.id}, g.c.now.Mono+millis(g.rebalanceTimeout()))
		return
	}
	g.generation++
	if len(g.members) == 0 {
		g.becomeEmpty()
		return
	}
	g.begin()
}

// electJoined takes the lead from one that has not joined; false: nobody has.
func (g *classic) electJoined() bool {
	if m := g.members[g.leader]; m != nil && m.joins != nil {
		return true
	}
	for _, id := range g.ids() {
		if g.members[id].joins != nil {
			g.leader = id
			return true
		}
	}
	return false
}

// becomeEmpty writes that the group has no members any more. If that does not fit
// (a type of protocol that is too long), the last generation stays in the log.
func (g *classic) becomeEmpty() {
	g.protocol = nil
	g.enter(empty)
	g.subscribe()
	if r := g.record(); g.c.fits([]Record{r}) {
		g.c.write(r)
	}
}

// begin tells the members of their generation, and waits for them to sync.
func (g *classic) begin() {
	chosen := g.vote()
	g.protocol = &chosen
	g.enter(completing)
	g.subscribe()
	for _, id := range g.ids() {
		m := g.members[id]
		g.answerJoin(m, func(version int16) *kmsg.JoinGroupResponse { return g.joined(m, version) })
		g.heard(m)
		m.fresh = false
		g.unsynced[id] = true
	}
	if mutant.On("F5") { // KAFKA-12890: nobody waits in vain for a member that never syncs, but for ever
		return
	}
	g.c.timers.Set(syncTimer{g.id}, g.c.now.Mono+millis(g.rebalanceTimeout()))
}

// fired takes out who has not synced in time.
func (t syncTimer) fired(c *Coordinator) {
	g, ok := c.groups[t.group].(*classic)
	if !ok || len(g.unsynced) == 0 || g.phase != completing && g.phase != stable {
		return
	}
	for _, id := range g.ids() {
		if g.unsynced[id] {
			g.remove(id)
		}
	}
	g.rebalance()
}

// endSync stops waiting for members to sync.
func (g *classic) endSync() {
	clear(g.unsynced)
	g.c.timers.Cancel(syncTimer{g.id})
}
