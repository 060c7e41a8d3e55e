package sim

import (
	"slices"
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

// own takes an assignment; places of what it had before stay. It tells what it has
// given up for it.
func (m *member) own(generation int32, all []target) (given []checker.TP) {
	old := m.owned
	for _, x := range old {
		if !slices.Contains(all, x.target) {
			given = append(given, x.tp())
		}
	}
	if len(given) > 0 {
		m.remember()
		m.h.Released(m.process, m.at(), m.by, given...)
	}
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
	m.by.Generation, m.joined, m.known, m.joining = generation, true, true, false
	m.h.OKAssign(m.assign, m.at(), checker.Assigned{Member: m.by.Member, Generation: generation, Owned: owned})
	return given
}

func (m *member) join() {
	m.beginAssign()
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.MemberID, req.ProtocolType = m.version(req, 5), m.g.name, m.by.Member, "consumer"
	req.InstanceID = m.instanceID()
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = int32(m.g.k.Session/time.Millisecond), int32(rebalanceTimeout/time.Millisecond)
	p := kmsg.NewJoinGroupRequestProtocol()
	p.Name, p.Metadata = m.assignor(), m.subscription()
	req.Protocols = append(req.Protocols, p)
	began := m.w.now
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		if err != nil {
			m.unsure()
			m.refused(0, err)
			return
		}
		got := resp.(*kmsg.JoinGroupResponse)
		switch got.ErrorCode {
		case 0:
			m.by.Member, m.heard = got.MemberID, began
			m.joinedAs(got)
		case kerr.MemberIDRequired.Code:
			m.by.Member = got.MemberID
			m.turn()
		default:
			m.refused(got.ErrorCode, nil)
		}
	})
}

// joinedAs goes on to sync; as one that takes its time, or as one that does not.
func (m *member) joinedAs(got *kmsg.JoinGroupResponse) {
	strays := m.stray()
	switch n := m.w.Rand.IntN(20); {
	case !m.stopped && (n == 0 || n < 5 && m.g.calm):
		m.by.Generation, m.heard = got.Generation, 0
		m.hang(m.w.now + 6*rebalanceTimeout)
	case strays || n < 10 && !m.stopped:
		m.w.After(m.w.between(0, 50*time.Millisecond), func() { m.sync(got) })
	default:
		m.sync(got)
	}
}

// rebalanceTimeout is what members of the classic protocol agree to wait for each
// other.
const rebalanceTimeout = 400 * time.Millisecond

func (m *member) sync(j *kmsg.JoinGroupResponse) {
	req := kmsg.NewPtrSyncGroupRequest()
	req.Version, req.Group, req.Generation, req.MemberID = m.version(req, 3), m.g.name, j.Generation, m.by.Member
	kind, name := "consumer", m.assignor()
	req.ProtocolType, req.Protocol, req.InstanceID = &kind, &name, m.instanceID()
	if j.LeaderID == m.by.Member && !j.SkipAssignment {
		req.GroupAssignment = m.g.assign(j.Members)
	}
	began := m.w.now
	waits := true
	m.alive(j.Generation, &waits)
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		waits = false
		m.waited(began)
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
		m.beat, m.heard = m.w.now, max(m.heard, began)
		back := m.back()
		if given := m.own(j.Generation, all); m.k.Cooperative && (back || len(given) > 0) {
			m.rejoin() // for others to have it
		}
		m.turn()
	})
}

func (m *member) heartbeat() {
	m.beat = m.w.now
	if m.k.Epochs {
		m.tell()
		return
	}
	req, began := m.classicHeartbeat(), m.w.now
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
		m.heard = began
		m.turn()
	})
}

func (m *member) classicHeartbeat() *kmsg.HeartbeatRequest {
	req := kmsg.NewPtrHeartbeatRequest()
	req.Version, req.Group, req.Generation, req.MemberID = m.version(req, 3), m.g.name, m.by.Generation, m.by.Member
	req.InstanceID = m.instanceID()
	return req
}

// instanceID is nil for a dynamic member.
func (m *member) instanceID() *string {
	if m.instance == "" {
		return nil
	}
	return &m.instance
}

// leave leaves for good.
func (m *member) leave() {
	m.failAssign("it leaves")
	m.gone = true
	if !m.joined {
		return
	}
	if m.k.Epochs {
		m.leaveEpochs()
		return
	}
	req := kmsg.NewPtrLeaveGroupRequest()
	req.Version, req.Group = m.version(req, 3), m.g.name
	x := kmsg.NewLeaveGroupRequestMember()
	x.MemberID, x.InstanceID = m.by.Member, m.instanceID()
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
