package sim

import (
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
)

// beginAssign begins an assignment, unless it is sent again.
func (m *member) beginAssign() {
	if !m.joining {
		m.assign, m.joining = m.h.InvokeAssign(m.process, m.at(), m.by, int64(m.node)), true
	}
}

// own takes an assignment; places of what it had before stay.
func (m *member) own(generation int32, all []target) {
	old := m.owned
	m.owned = nil
	var owned []checker.TP
	for _, t := range all {
		owned = append(owned, t.tp())
		if i := slices.IndexFunc(old, func(x *cursor) bool { return x.target == t }); i >= 0 {
			m.owned = append(m.owned, old[i])
			continue
		}
		delete(m.commits, t)
		delete(m.ends, t)
		m.owned = append(m.owned, &cursor{target: t})
	}
	m.by.Generation, m.joined, m.joining = generation, true, false
	m.h.OKAssign(m.assign, m.at(), checker.Assigned{Member: m.by.Member, Generation: generation, Owned: owned})
}

func (m *member) join() {
	m.beginAssign()
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.MemberID, req.ProtocolType = m.version(req, 4), m.g.name, m.by.Member, "consumer"
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = int32(m.g.k.Session/time.Millisecond), 1000
	p := kmsg.NewJoinGroupRequestProtocol()
	meta := kmsg.NewConsumerMemberMetadata()
	meta.Topics = m.names
	p.Name, p.Metadata = "range", meta.AppendTo(nil)
	req.Protocols = append(req.Protocols, p)
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		if err != nil {
			m.refused(0, err)
			return
		}
		got := resp.(*kmsg.JoinGroupResponse)
		switch got.ErrorCode {
		case 0:
			m.by.Member = got.MemberID
			m.sync(got)
		case kerr.MemberIDRequired.Code:
			m.by.Member = got.MemberID
			m.turn()
		default:
			m.refused(got.ErrorCode, nil)
		}
	})
}

func (m *member) sync(j *kmsg.JoinGroupResponse) {
	req := kmsg.NewPtrSyncGroupRequest()
	req.Version, req.Group, req.Generation, req.MemberID = m.version(req, 3), m.g.name, j.Generation, m.by.Member
	kind, name := "consumer", "range"
	req.ProtocolType, req.Protocol = &kind, &name
	if j.LeaderID == m.by.Member {
		req.GroupAssignment = m.g.assign(j.Members)
	}
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		if err != nil {
			m.refused(0, err)
			return
		}
		got := resp.(*kmsg.SyncGroupResponse)
		if got.ErrorCode != 0 {
			m.refused(got.ErrorCode, nil)
			return
		}
		var a kmsg.ConsumerMemberAssignment
		if err := a.ReadFrom(got.MemberAssignment); err != nil {
			m.complain("%s was given an assignment that is none: %v", m.by.Member, err)
		}
		var all []target
		for _, t := range a.Topics {
			all = append(all, m.g.find(t.Partitions, func(x target) bool { return x.topic == t.Topic })...)
		}
		m.beat = m.w.now
		m.own(j.Generation, all)
		m.turn()
	})
}

// assign gives each member a range of each topic.
func (g *group) assign(members []kmsg.JoinGroupResponseMember) (all []kmsg.SyncGroupRequestGroupAssignment) {
	members = slices.SortedFunc(slices.Values(members), func(a, b kmsg.JoinGroupResponseMember) int {
		return strings.Compare(a.MemberID, b.MemberID)
	})
	n := len(members)
	for i, x := range members {
		a := kmsg.NewConsumerMemberAssignment()
		for _, name := range g.names {
			t := kmsg.NewConsumerMemberAssignmentTopic()
			t.Topic = name
			for p := i * int(g.partitions) / n; p < (i+1)*int(g.partitions)/n; p++ {
				t.Partitions = append(t.Partitions, int32(p))
			}
			a.Topics = append(a.Topics, t)
		}
		y := kmsg.NewSyncGroupRequestGroupAssignment()
		y.MemberID, y.MemberAssignment = x.MemberID, a.AppendTo(nil)
		all = append(all, y)
	}
	return all
}

func (m *member) heartbeat() {
	m.beat = m.w.now
	if m.g.k.Epochs {
		m.tell()
		return
	}
	req := kmsg.NewPtrHeartbeatRequest()
	req.Version, req.Group, req.Generation, req.MemberID = m.version(req, 0), m.g.name, m.by.Generation, m.by.Member
	id := m.h.InvokeHeartbeat(m.process, m.at(), m.by, int64(m.node))
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		code := int16(0)
		if err == nil {
			code = resp.(*kmsg.HeartbeatResponse).ErrorCode
		}
		if err != nil || code != 0 {
			m.h.Fail(id, m.at(), reason(code, err))
			m.refused(code, err)
			return
		}
		m.h.OK(id, m.at())
		m.turn()
	})
}

// leave leaves for good.
func (m *member) leave() {
	m.failAssign("it leaves")
	m.gone = true
	if !m.joined {
		return
	}
	if m.g.k.Epochs {
		m.leaveEpochs()
		return
	}
	req := kmsg.NewPtrLeaveGroupRequest()
	req.Version, req.Group = m.version(req, 3), m.g.name
	x := kmsg.NewLeaveGroupRequestMember()
	x.MemberID = m.by.Member
	req.Members = append(req.Members, x)
	m.sendLeave(req)
}

func (m *member) sendLeave(req kmsg.Request) {
	id := m.h.InvokeLeave(m.process, m.at(), m.by, int64(m.node))
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		code := int16(0)
		switch got := resp.(type) {
		case *kmsg.LeaveGroupResponse:
			if code = got.ErrorCode; code == 0 && len(got.Members) > 0 {
				code = got.Members[0].ErrorCode
			}
		case *kmsg.ConsumerGroupHeartbeatResponse:
			code = got.ErrorCode
		}
		if err != nil || code != 0 {
			m.h.Maybe(id, m.at(), reason(code, err))
			return
		}
		m.h.OK(id, m.at())
	})
}
