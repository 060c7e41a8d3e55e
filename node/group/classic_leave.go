package group

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/mutant"
)

// heartbeat answers Heartbeat v0..v4.
func (c *Coordinator) heartbeat(k call, req *kmsg.HeartbeatRequest) {
	switch g := c.groups[req.Group]; {
	case req.Group == "":
		c.answerHeartbeat(k, req, kerr.InvalidGroupID)
	case g == nil:
		c.answerHeartbeat(k, req, kerr.UnknownMemberID)
	default:
		g.heartbeat(k, req)
	}
}

func (c *Coordinator) answerHeartbeat(k call, req *kmsg.HeartbeatRequest, err *kerr.Error) {
	resp := req.ResponseKind().(*kmsg.HeartbeatResponse)
	if err != nil {
		resp.ErrorCode = err.Code
	}
	c.out.reply(k.token, resp)
}

// heartbeat keeps a member's session, and tells it to join when the group
// prepares. One of another generation keeps nothing and disturbs nothing.
func (g *classic) heartbeat(k call, req *kmsg.HeartbeatRequest) {
	err := g.known(req.MemberID, req.InstanceID)
	if err == nil && req.Generation != g.generation {
		err = kerr.IllegalGeneration
		if mutant.On("F9") && g.phase == completing { // KAFKA-8104: a heartbeat of before undoes the join
			g.expel(g.members[req.MemberID])
		}
	}
	if err == nil {
		g.heard(g.members[req.MemberID])
		if g.phase == preparing {
			err = kerr.RebalanceInProgress
		}
	}
	g.c.answerHeartbeat(k, req, err)
}

// leave answers LeaveGroup v0..v5; before v3 it is one member that leaves, and its
// error is the answer's.
func (c *Coordinator) leave(k call, req *kmsg.LeaveGroupRequest) {
	resp := req.ResponseKind().(*kmsg.LeaveGroupResponse)
	rows := req.Members
	if req.Version < 3 {
		rows = []kmsg.LeaveGroupRequestMember{{MemberID: req.MemberID}}
	}
	if req.Group == "" {
		resp.ErrorCode = kerr.InvalidGroupID.Code
		c.out.reply(k.token, resp)
		return
	}
	errs := c.leaveRows(req.Group, rows)
	for i, row := range rows {
		answer := kmsg.LeaveGroupResponseMember{MemberID: row.MemberID, InstanceID: row.InstanceID}
		if errs[i] != nil {
			answer.ErrorCode = errs[i].Code
		}
		resp.Members = append(resp.Members, answer)
	}
	if req.Version < 3 {
		resp.ErrorCode = resp.Members[0].ErrorCode
	}
	c.out.reply(k.token, resp)
}

// leaveRows tells the error of each row.
func (c *Coordinator) leaveRows(group string, rows []kmsg.LeaveGroupRequestMember) []*kerr.Error {
	if g := c.groups[group]; g != nil {
		return g.leave(rows)
	}
	errs := make([]*kerr.Error, len(rows))
	for i := range errs {
		errs[i] = kerr.UnknownMemberID
	}
	return errs
}

func (g *classic) leave(rows []kmsg.LeaveGroupRequestMember) []*kerr.Error {
	errs := make([]*kerr.Error, len(rows))
	left := false
	for i, row := range rows {
		errs[i] = g.leaveOne(row)
		left = left || errs[i] == nil
	}
	if left && g.phase != empty {
		g.rebalance()
	}
	return errs
}

// leaveOne takes out a member by its id, its instance, or both, or one that was
// only invited.
func (g *classic) leaveOne(row kmsg.LeaveGroupRequestMember) *kerr.Error {
	id := row.MemberID
	switch {
	case id == "" && row.InstanceID == nil:
		return kerr.UnknownMemberID
	case id == "":
		id = g.static[*row.InstanceID]
	}
	if g.invited[id] {
		g.remove(id)
		return nil
	}
	if err := g.known(id, row.InstanceID); err != nil {
		return err
	}
	g.dismiss(g.members[id])
	return nil
}

// dismiss takes out a member and answers what it waits for, so that it joins anew
// if it is there.
func (g *classic) dismiss(m *member) {
	g.answerJoin(m, func(version int16) *kmsg.JoinGroupResponse {
		return refusedJoin(version, "", kerr.UnknownMemberID)
	})
	g.answerSync(m, kerr.UnknownMemberID)
	g.remove(m.id)
}

// expel takes out a member that fell silent.
func (g *classic) expel(m *member) {
	g.dismiss(m)
	if g.phase == preparing {
		g.joinedOrLess()
		return
	}
	g.rebalance()
}
