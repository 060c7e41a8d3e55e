package group

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// mayDowngrade tells whether all who are left without some members, and those who
// come, speak the classic protocol, and the group may be theirs again.
func (g *consumerGroup) mayDowngrade(without []string, come int) bool {
	left := come
	for _, m := range g.all() {
		if slices.Contains(without, m.id) {
			continue
		}
		if m.says.classic == nil {
			return false
		}
		left++
	}
	return left > 0 && left <= g.c.config.MaxSize && g.c.mayDowngrade()
}

// downgrade makes it a classic group without some members. It rebalances: the
// leader assigns to who is left.
func (g *consumerGroup) downgrade(without []string) *refusal {
	n, err := g.becomeClassic(without)
	if err == nil {
		n.rebalance()
	}
	return err
}

// comesBackClassic lets the next life of a static member, the last one of the new
// protocol, into the classic group that is left then. While the targets are those
// of the group's epoch, nobody else notices.
func (g *consumerGroup) comesBackClassic(k call, req *kmsg.JoinGroupRequest, old *consumerMember) *refusal {
	behind := g.now.epoch > g.target.epoch
	next := *old
	next.says.classic = &classicSays{req.SessionTimeoutMillis, req.Protocols}
	g.members[old.id] = &next
	n, err := g.becomeClassic(nil)
	if err != nil {
		g.members[old.id] = old
		return err
	}
	n.join(k, req)
	if behind {
		n.rebalance()
	}
	return nil
}

func (g *consumerGroup) becomeClassic(without []string) (*classic, *refusal) {
	n := g.asClassic(without)
	records := append(g.tombstones(), n.record())
	if err := g.writeAllAs(records, n); err != nil {
		return nil, err
	}
	for _, id := range n.ids() {
		n.heard(n.members[id])
	}
	return n, nil
}

// writeAllAs ends the group's records and writes those of a classic one.
func (g *consumerGroup) writeAllAs(records []Record, n *classic) *refusal {
	last := len(records) - 1
	if !g.c.fits(records) {
		return tooLarge()
	}
	for _, r := range records[:last] {
		g.c.write(r)
	}
	g.c.groups[g.id] = n
	g.c.write(records[last])
	return nil
}

func (g *consumerGroup) asClassic(without []string) *classic {
	n := newClassic(g.c, g.id)
	n.generation, n.phase = g.now.epoch, stable
	for _, m := range g.all() {
		if slices.Contains(without, m.id) {
			continue
		}
		says := m.says.classic
		n.add(&member{id: m.id, instance: m.says.instance, from: m.says.from, typ: consumerType,
			rebalance: m.says.rebalance, session: says.session, protocols: says.protocols,
			assigned: g.c.assignmentFor(says.protocols, g.targets[m.id])})
	}
	chosen := n.vote()
	n.protocol = &chosen
	n.subscribe()
	return n
}
