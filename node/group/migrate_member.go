package group

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// classicStep is what a member of the classic protocol has to do in time: to join
// when it was told to, and to sync after that.
type classicStep struct {
	group, member string
	what          step
}

type step uint8

const (
	toJoin step = iota
	toSync
)

func (t classicStep) fired(c *Coordinator) { c.fence(t.group, t.member, t) }

// due begins the time for a step of a member. The time to join begins when it is
// told first.
func (g *consumerGroup) due(m *consumerMember, what step) {
	key := classicStep{g.id, m.id, what}
	if what == toSync || !g.told[m.id] {
		g.c.timers.Set(key, g.c.now.Mono+millis(m.says.rebalance))
	}
	g.told[m.id] = g.told[m.id] || what == toJoin
}

func (g *consumerGroup) did(member string, what step) {
	g.c.timers.Cancel(classicStep{g.id, member, what})
	if what == toJoin {
		delete(g.told, member)
	}
}

// classicMember finds a member that asks in the classic protocol.
func (g *consumerGroup) classicMember(id string, instance *string, generation int32) (*consumerMember, *kerr.Error) {
	m, err := g.named(id, instance)
	switch {
	case err != nil:
		return nil, err.code
	case m.says.classic == nil:
		return nil, kerr.UnknownMemberID
	case m.has.epoch != generation:
		return nil, kerr.IllegalGeneration
	}
	return m, nil
}

// heartbeat tells a classic member to join when there is a step to its target that
// it can make, or targets are to be made.
func (g *consumerGroup) heartbeat(k call, req *kmsg.HeartbeatRequest) {
	m, err := g.classicMember(req.MemberID, req.InstanceID, req.Generation)
	if err == nil {
		g.heard(m)
		if m.has.epoch < g.target.epoch || g.outdated() || m.has.phase == unrevoked || m.has.phase == unreleased && !g.waits(m) {
			err = kerr.RebalanceInProgress
			g.due(m, toJoin)
		}
	}
	g.c.answerHeartbeat(k, req, err)
}

// outdated tells whether it is time for new targets. A join makes them. (In Kafka a
// heartbeat of a classic member does not see to that: where only those are left,
// as the policy forbids to go back, nobody does.)
func (g *consumerGroup) outdated() bool {
	if g.stale && g.hash(g.all()) == g.now.hash {
		g.stale = false
	}
	return (g.stale || g.now.epoch > g.target.epoch) && g.mayAssign()
}

// waits tells whether something of a member's target has not been released by
// others yet.
func (g *consumerGroup) waits(m *consumerMember) bool {
	for _, x := range spots(g.targets[m.id]) {
		if _, owned := g.owners[x]; owned && !m.has.assigned.has(x) {
			return true
		}
	}
	return false
}

// sync tells a classic member what it has.
func (g *consumerGroup) sync(k call, req *kmsg.SyncGroupRequest) {
	m, err := g.classicMember(req.MemberID, req.InstanceID, req.Generation)
	if err == nil {
		err = g.maySync(m, req)
	}
	if err != nil {
		g.c.refuseSync(k, req.Version, err)
		return
	}
	g.did(m.id, toSync)
	g.heard(m)
	resp := kmsg.NewPtrSyncGroupResponse()
	resp.Version, resp.ProtocolType, resp.Protocol = req.Version, req.ProtocolType, req.Protocol
	resp.MemberAssignment = g.c.assignmentFor(m.says.classic.protocols, m.has.assigned.assignment())
	g.c.out.reply(k.token, resp)
}

func (g *consumerGroup) maySync(m *consumerMember, req *kmsg.SyncGroupRequest) *kerr.Error {
	switch {
	case req.ProtocolType != nil && *req.ProtocolType != consumerType,
		req.Protocol != nil && *req.Protocol != m.says.classic.protocols[0].Name:
		return kerr.InconsistentGroupProtocol
	case g.target.epoch > m.has.epoch && m.has.phase != unrevoked:
		g.due(m, toJoin)
		return kerr.RebalanceInProgress
	}
	return nil
}

// leave takes out members of either protocol, by id or by instance.
func (g *consumerGroup) leave(rows []kmsg.LeaveGroupRequestMember) []*kerr.Error {
	errs := make([]*kerr.Error, len(rows))
	var ids []string
	for i, row := range rows {
		id := row.MemberID
		if m := g.staticMember(row.InstanceID); m != nil && id == "" {
			id = m.id
		}
		m, err := g.named(id, row.InstanceID)
		if err != nil {
			errs[i] = err.code
			continue
		}
		ids = append(ids, m.id)
	}
	if err := g.dismissAll(ids); err != nil {
		for i := range errs {
			errs[i] = err.code
		}
	}
	return errs
}
