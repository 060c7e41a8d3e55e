package group

import (
	"bytes"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/mutant"
)

// newMemberTimeout is how long one that never was in a generation may wait to be:
// it does not know its id, so a retry of its join is another member. (Kafka has
// no setting for it.)
const newMemberTimeout = 5 * time.Minute

// join answers JoinGroup v0..v9. A group that is not there is made by a member
// without an id.
func (c *Coordinator) join(k call, req *kmsg.JoinGroupRequest) {
	session := millis(req.SessionTimeoutMillis)
	g := c.groups[req.Group]
	switch {
	case req.Group == "":
		c.refuseJoin(k, req, req.MemberID, kerr.InvalidGroupID)
	case session < c.config.MinSessionTimeout || session > c.config.MaxSessionTimeout:
		c.refuseJoin(k, req, req.MemberID, kerr.InvalidSessionTimeout)
	case g != nil && (g.kind() == classicKind || g.size() > 0):
		g.join(k, req)
	case req.MemberID != "":
		c.refuseJoin(k, req, req.MemberID, kerr.UnknownMemberID)
	case g != nil && !c.bury(req.Group):
		c.refuseJoin(k, req, req.MemberID, kerr.UnknownServerError)
	default:
		c.found(k, req)
	}
}

// found makes a classic group for its first member. An empty record says that it
// is there.
func (c *Coordinator) found(k call, req *kmsg.JoinGroupRequest) {
	g := newClassic(c, req.Group)
	g.since = c.now.Wall
	r := g.record()
	if !c.fits([]Record{r}) {
		c.refuseJoin(k, req, "", kerr.UnknownServerError)
		return
	}
	c.groups[req.Group] = g
	c.write(r)
	g.join(k, req)
}

func (c *Coordinator) refuseJoin(k call, req *kmsg.JoinGroupRequest, member string, err *kerr.Error) {
	c.out.reply(k.token, refusedJoin(req.Version, member, err))
}

// refusedJoin is the answer without a generation.
func refusedJoin(version int16, member string, err *kerr.Error) *kmsg.JoinGroupResponse {
	resp := kmsg.NewPtrJoinGroupResponse()
	resp.Version, resp.ErrorCode, resp.Generation, resp.MemberID = version, err.Code, -1, member
	return resp
}

func (g *classic) join(k call, req *kmsg.JoinGroupRequest) {
	switch {
	case !g.accepts(req.MemberID):
		g.remove(req.MemberID)
		g.c.refuseJoin(k, req, "", kerr.GroupMaxSizeReached)
	case !g.fits(req.ProtocolType, req.Protocols):
		g.c.refuseJoin(k, req, req.MemberID, kerr.InconsistentGroupProtocol)
	case req.MemberID == "" && req.InstanceID != nil:
		g.joinStatic(k, req)
	case req.MemberID == "" && req.Version >= 4:
		g.invite(k, req)
	case req.MemberID == "":
		g.joinNew(k, req, g.newMemberID(k.from.ClientID))
	case g.invited[req.MemberID] && req.InstanceID == nil:
		g.joinNew(k, req, req.MemberID)
	default:
		g.rejoin(k, req)
	}
}

// accepts tells whether there is room for a member. While the group prepares, it
// is those that have joined who count: the last ones to come back are left out of
// a group that has become too large.
func (g *classic) accepts(id string) bool {
	m := g.members[id]
	switch g.phase {
	case empty:
		return true
	case preparing:
		return m != nil && m.joins != nil || g.joining < g.c.config.MaxSize
	}
	return m != nil || len(g.members) < g.c.config.MaxSize
}

// newMemberID draws a member's id: whose it is, and a random UUID.
func (g *classic) newMemberID(of string) string {
	u := env.NewUUID(g.c.rand)
	return fmt.Sprintf("%s-%x-%x-%x-%x-%x", of, u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// invite gives a member its id, with which it shall join: so that a member whose
// answer is lost leaves nobody behind that all would wait for (KIP-394).
func (g *classic) invite(k call, req *kmsg.JoinGroupRequest) {
	id := g.newMemberID(k.from.ClientID)
	g.invited[id] = true
	g.session(id, millis(req.SessionTimeoutMillis))
	g.c.refuseJoin(k, req, id, kerr.MemberIDRequired)
}

func (g *classic) joinStatic(k call, req *kmsg.JoinGroupRequest) {
	id := g.newMemberID(*req.InstanceID)
	if old, there := g.static[*req.InstanceID]; there {
		g.comeBack(k, req, old, id)
		return
	}
	g.joinNew(k, req, id)
}

func (g *classic) joinNew(k call, req *kmsg.JoinGroupRequest, id string) {
	m := &member{id: id, instance: req.InstanceID, from: k.from, typ: req.ProtocolType, fresh: true}
	m.tell(req)
	if g.phase == preparing && g.initial {
		g.grew = true
	}
	g.add(m)
	g.waitsToJoin(m, k, req)
	g.session(id, newMemberTimeout)
	g.rebalance()
}

// tell takes over what a member says of itself in its join. The request's bytes
// are those of its frame, which is not ours to keep.
func (m *member) tell(req *kmsg.JoinGroupRequest) {
	m.protocols, m.session, m.rebalance = nil, req.SessionTimeoutMillis, req.RebalanceTimeoutMillis
	for _, p := range req.Protocols {
		m.protocols = append(m.protocols, kmsg.JoinGroupRequestProtocol{Name: p.Name, Metadata: bytes.Clone(p.Metadata)})
	}
	if req.Version == 0 {
		m.rebalance = req.SessionTimeoutMillis
	}
}

// waitsToJoin keeps the request until the generation begins. An older one of the
// member, of a connection that it gave up, is sent back to join again.
func (g *classic) waitsToJoin(m *member, k call, req *kmsg.JoinGroupRequest) {
	g.sendBackToJoin(m)
	m.joins = &wait{k.token, req.Version}
	g.joining++
}

// sendBackToJoin ends the wait of a member's join: it shall join again.
func (g *classic) sendBackToJoin(m *member) {
	g.answerJoin(m, func(version int16) *kmsg.JoinGroupResponse {
		return refusedJoin(version, m.id, kerr.RebalanceInProgress)
	})
}

// answerJoin ends the wait of a member's join, if there is one.
func (g *classic) answerJoin(m *member, answer func(version int16) *kmsg.JoinGroupResponse) {
	if m.joins == nil {
		return
	}
	g.c.out.reply(m.joins.token, answer(m.joins.version))
	m.joins = nil
	g.joining--
}

// rejoin is the join of a member with an id: it is told its generation, unless
// what it says is new, or it leads and wants another one.
func (g *classic) rejoin(k call, req *kmsg.JoinGroupRequest) {
	if err := g.known(req.MemberID, req.InstanceID); err != nil {
		g.c.refuseJoin(k, req, req.MemberID, err)
		return
	}
	m := g.members[req.MemberID]
	leads := g.leader == m.id
	switch {
	case g.phase == completing && m.says(req.Protocols):
		g.c.out.reply(k.token, g.joined(m, req.Version))
	case g.phase == stable && m.says(req.Protocols) && !leads:
		g.c.out.reply(k.token, g.joined(m, req.Version))
	default:
		g.update(m, req)
		g.waitsToJoin(m, k, req)
		g.rebalance()
	}
}

func (g *classic) update(m *member, req *kmsg.JoinGroupRequest) {
	g.count(m, -1)
	m.tell(req)
	g.count(m, 1)
}

// joined is the answer to a member of the generation; to the leader with all the
// members.
func (g *classic) joined(m *member, version int16) *kmsg.JoinGroupResponse {
	resp := kmsg.NewPtrJoinGroupResponse()
	resp.Version, resp.Generation, resp.MemberID, resp.LeaderID = version, g.generation, m.id, g.leader
	resp.ProtocolType, resp.Protocol = &g.typ, g.protocol
	if m.id != g.leader {
		return resp
	}
	for _, id := range g.ids() {
		one := g.members[id]
		resp.Members = append(resp.Members, kmsg.JoinGroupResponseMember{
			MemberID: id, InstanceID: one.instance, ProtocolMetadata: one.metadata(g.protocol)})
	}
	return resp
}

// comeBack replaces a static member by its next life (KIP-345): under a new id, it
// keeps its place and its assignment, and in a stable group whose protocol stays
// nobody else notices. The new id is written, lest the next coordinator knows the
// old one.
func (g *classic) comeBack(k call, req *kmsg.JoinGroupRequest, old, id string) {
	leaderBefore, before := g.leader, *g.members[old]
	m := g.replace(g.members[old], id)
	g.update(m, req)
	g.heard(m)
	g.waitsToJoin(m, k, req)
	if g.phase == stable && g.protocol != nil && *g.protocol == g.vote() {
		g.settleBack(m, leaderBefore, before)
		return
	}
	g.rebalance()
}

// settleBack writes the new id, and answers. Before v9 the leader is told the old
// leader's id, its own of before, lest it assigns once more to a group that does
// not listen; from v9 on it gets the members and is told to skip assigning
// (KIP-814).
func (g *classic) settleBack(m *member, leaderBefore string, before member) {
	r := g.record()
	if !g.c.fits([]Record{r}) {
		g.standBack(m, before)
		return
	}
	g.subscribe()
	if !mutant.On("F2") { // KAFKA-10284: the id of a static member that came back is lost with the coordinator
		g.c.write(r)
	}
	g.answerJoin(m, func(version int16) *kmsg.JoinGroupResponse {
		resp := g.joined(m, version)
		if version >= 9 {
			resp.SkipAssignment = m.id == g.leader
			return resp
		}
		resp.LeaderID, resp.Members = leaderBefore, nil
		return resp
	})
}

// standBack gives a member its old life back: the new one is too large to be
// written. The answer tells of the generation, as Kafka's does.
func (g *classic) standBack(m *member, before member) {
	waits := m.joins
	m.joins, g.joining = nil, g.joining-1
	g.replace(m, before.id)
	resp := refusedJoin(waits.version, "", kerr.UnknownServerError)
	resp.Generation, resp.ProtocolType, resp.Protocol, resp.LeaderID = g.generation, &g.typ, g.protocol, g.leader
	g.c.out.reply(waits.token, resp)
	g.count(m, -1)
	m.protocols, m.session, m.rebalance, m.fresh = before.protocols, before.session, before.rebalance, before.fresh
	g.count(m, 1)
	g.heard(m)
}

// replace gives a member another id. Whoever waits under the old one is fenced.
func (g *classic) replace(m *member, id string) *member {
	g.answerJoin(m, func(version int16) *kmsg.JoinGroupResponse {
		return refusedJoin(version, m.id, kerr.FencedInstanceID)
	})
	g.answerSync(m, kerr.FencedInstanceID)
	g.c.timers.Cancel(sessionTimer{g.id, m.id})
	delete(g.members, m.id)
	if g.unsynced[m.id] {
		delete(g.unsynced, m.id)
		g.unsynced[id] = true
	}
	if g.leader == m.id {
		g.leader = id
	}
	m.id, m.fresh = id, false
	g.members[id], g.static[*m.instance] = m, id
	return m
}
