package group

// consumerSession ends a member that is not heard of.
type consumerSession struct{ group, member string }

// revokeTimer ends a member that does not let go in the time that it said it
// needs.
type revokeTimer struct{ group, member string }

// heard begins a member's session anew.
func (g *consumerGroup) heard(m *consumerMember) {
	length := g.c.config.TimesOf(g.id).Session
	if m.says.classic != nil {
		length = millis(m.says.classic.session)
	}
	g.c.timers.Set(consumerSession{g.id, m.id}, g.c.now.Mono+length)
}

// revokes begins the time in which a member has to let go.
func (g *consumerGroup) revokes(m *consumerMember) {
	if m.says.classic == nil {
		g.c.timers.Set(revokeTimer{g.id, m.id}, g.c.now.Mono+millis(m.says.rebalance))
	}
}

func (g *consumerGroup) endTimers(member string) {
	g.c.timers.Cancel(consumerSession{g.id, member})
	g.c.timers.Cancel(revokeTimer{g.id, member})
	g.did(member, toJoin)
	g.did(member, toSync)
}

func (t consumerSession) fired(c *Coordinator) { c.fence(t.group, t.member, t) }

func (t revokeTimer) fired(c *Coordinator) {
	g, ok := c.groups[t.group].(*consumerGroup)
	if !ok {
		return
	}
	if m := g.members[t.member]; m != nil && m.has.phase == unrevoked && m.has.epoch >= 0 {
		c.fence(t.group, t.member, t)
	}
}

// fence takes a member out that failed to do something in time. Should its records
// have no room in this batch, it is tried again.
func (c *Coordinator) fence(group, member string, by timer) {
	g, ok := c.groups[group].(*consumerGroup)
	if !ok || g.members[member] == nil {
		return
	}
	if err := g.dismissAll([]string{member}); err != nil {
		c.timers.Set(by, c.now.Mono+nextBatch)
	}
}
