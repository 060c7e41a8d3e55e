package group

import (
	"bytes"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// sync answers SyncGroup v0..v5: the leader's carries the assignments, and each
// member is told its own.
func (c *Coordinator) sync(k call, req *kmsg.SyncGroupRequest) {
	g := c.groups[req.Group]
	switch {
	case req.Version >= 5 && (req.ProtocolType == nil || req.Protocol == nil):
		c.refuseSync(k, req.Version, kerr.InconsistentGroupProtocol)
	case req.Group == "":
		c.refuseSync(k, req.Version, kerr.InvalidGroupID)
	case g == nil || g.size() == 0:
		c.refuseSync(k, req.Version, kerr.UnknownMemberID)
	default:
		g.sync(k, req)
	}
}

func (c *Coordinator) refuseSync(k call, version int16, err *kerr.Error) {
	c.out.reply(k.token, refusedSync(version, err))
}

func refusedSync(version int16, err *kerr.Error) *kmsg.SyncGroupResponse {
	resp := kmsg.NewPtrSyncGroupResponse()
	resp.Version, resp.ErrorCode, resp.MemberAssignment = version, err.Code, []byte{}
	return resp
}

func (g *classic) sync(k call, req *kmsg.SyncGroupRequest) {
	if err := g.maySync(req); err != nil {
		g.c.refuseSync(k, req.Version, err)
		return
	}
	m := g.members[req.MemberID]
	g.synced(m.id)
	if g.phase == stable {
		g.c.out.reply(k.token, g.assignment(m, req.Version))
		return
	}
	g.answerSync(m, kerr.RebalanceInProgress) // an older one, of a connection that it gave up
	m.syncs = &wait{k.token, req.Version}
	if m.id == g.leader {
		g.assign(req.GroupAssignment)
	}
}

func (g *classic) maySync(req *kmsg.SyncGroupRequest) *kerr.Error {
	if err := g.known(req.MemberID, req.InstanceID); err != nil {
		return err
	}
	switch {
	case req.Generation != g.generation:
		return kerr.IllegalGeneration
	case req.ProtocolType != nil && *req.ProtocolType != g.typ,
		req.Protocol != nil && (g.protocol == nil || *req.Protocol != *g.protocol):
		return kerr.InconsistentGroupProtocol
	case g.phase == preparing:
		return kerr.RebalanceInProgress
	}
	return nil
}

// synced notes that a member has come for its assignment; after the last one
// nobody waits any more.
func (g *classic) synced(id string) {
	delete(g.unsynced, id)
	if len(g.unsynced) == 0 {
		g.endSync()
	}
}

// assign takes over what the leader decided; who is not named gets nothing to do.
// The generation is complete, and written. An assignment too large to be written
// sends everybody back to join.
func (g *classic) assign(rows []kmsg.SyncGroupRequestGroupAssignment) {
	for _, id := range g.ids() {
		g.members[id].assigned = []byte{}
	}
	for _, row := range rows {
		if m := g.members[row.MemberID]; m != nil {
			m.assigned = bytes.Clone(row.MemberAssignment)
		}
	}
	g.enter(stable)
	r := g.record()
	if !g.c.fits([]Record{r}) {
		g.forgetAssignment(kerr.UnknownServerError)
		g.rebalance()
		return
	}
	g.c.write(r)
	for _, id := range g.ids() {
		if m := g.members[id]; m.syncs != nil {
			g.c.out.reply(m.syncs.token, g.assignment(m, m.syncs.version))
			m.syncs = nil
			g.heard(m)
		}
	}
}

func (g *classic) assignment(m *member, version int16) *kmsg.SyncGroupResponse {
	resp := kmsg.NewPtrSyncGroupResponse()
	resp.Version, resp.ProtocolType, resp.Protocol, resp.MemberAssignment = version, &g.typ, g.protocol, m.assigned
	return resp
}

// forgetAssignment answers all who wait for theirs with an error.
func (g *classic) forgetAssignment(err *kerr.Error) {
	for _, id := range g.ids() {
		m := g.members[id]
		m.assigned = []byte{}
		if m.syncs != nil {
			g.answerSync(m, err)
			g.heard(m)
		}
	}
}

// answerSync ends the wait of a member's sync with an error, if there is one.
func (g *classic) answerSync(m *member, err *kerr.Error) {
	if m.syncs == nil {
		return
	}
	g.c.refuseSync(call{token: m.syncs.token}, m.syncs.version, err)
	m.syncs = nil
}
