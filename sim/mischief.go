package sim

import (
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
)

// former is what a member was, and one thing that it had then.
type former struct {
	by checker.Membership
	x  target
	at int64
}

// mischief is what goes wrong with members: they die, sleep and then commit as if
// nothing had been, or send what they had forgotten in a former generation.
func (m *member) mischief() bool {
	switch m.w.Rand.IntN(200) {
	case 0:
		m.die()
		return true
	case 1:
		m.sleep()
		return true
	case 2, 3, 4:
		m.late()
	}
	return false
}

// die ends it, in half of the cases with the word that it will be back.
func (m *member) die() {
	if m.k.Epochs && m.k.Static && m.joined && m.w.Rand.IntN(2) == 0 {
		req := m.heartbeatRequest()
		req.MemberEpoch = -2
		m.c.send(m.node, req, false, func(kmsg.Response, error) {})
	}
	m.end()
	m.g.replace(m)
}

// sleep lets it sleep longer than the group waits, and then commit first of all. A
// static one can meet who was put in its place meanwhile.
func (m *member) sleep() {
	if m.k.Static && m.w.Rand.IntN(2) == 0 {
		m.g.replace(m)
	}
	m.w.After(m.w.between(m.g.k.Session/2, 2*m.g.k.Session), func() {
		switch {
		case m.joined && len(m.owned) > 0 && m.begun(m.owned[0]):
			m.commit(m.owned[0])
		case !m.known && m.former():
			m.end() // it does not put itself in its successor's place
		default:
			m.turn()
		}
	})
}

// begun tells whether it knows where it is.
func (m *member) begun(x *cursor) bool {
	_, known := m.commits[x.target]
	return known && !x.seek
}

// remember keeps what it was, now that it will be something else.
func (m *member) remember() {
	if m.joined && len(m.owned) > 0 {
		x := m.owned[m.w.Rand.IntN(len(m.owned))]
		m.past = &former{m.by, x.target, x.at}
	}
}

// late commits what it was to commit in a former generation, if it has not got that
// partition any more, or else all may be accepted (KIP-1251).
func (m *member) late() {
	p := m.past
	if p == nil || p.by.Generation == m.by.Generation || !m.joined {
		return
	}
	for _, x := range m.owned {
		if x.target == p.x && m.g.perMember() {
			return
		}
	}
	m.past = nil
	late := m.committer
	late.process = m.newProcess()
	late.put(p.by, p.x, p.at, func(int16, error) {})
}

// stray sends a heartbeat of before, which reaches the coordinator while all wait for
// the leader.
func (m *member) stray() bool {
	if m.by.Generation < 0 || m.by.Member == "" || m.stopped || !m.g.calm && m.w.Rand.IntN(3) > 0 {
		return false
	}
	req, c := m.classicHeartbeat(), m.client(m.c.name+"-stray")
	node := m.node
	m.w.After(m.w.between(0, 20*time.Millisecond), func() {
		c.send(node, req, false, func(kmsg.Response, error) { c.channels[node].close() })
	})
	return true
}

// hang lets it not sync for much longer than the members have agreed to wait for each
// other: it only says that it is alive, until it is told that it is no member. (If all
// were assigned something already, nobody waits.)
func (m *member) hang(until time.Duration) {
	if m.node < 0 || m.w.now > until {
		m.turn()
		return
	}
	m.c.send(m.node, m.classicHeartbeat(), false, func(resp kmsg.Response, err error) {
		code := int16(0)
		if err == nil {
			code = resp.(*kmsg.HeartbeatResponse).ErrorCode
		}
		if err != nil || code != 0 {
			m.refused(code, err)
			return
		}
		m.w.After(m.g.k.Session/8, func() { m.hang(until) })
	})
}

// alive says that it is, as long as it waits for the leader.
func (m *member) alive(generation int32, waits *bool) {
	m.w.After(m.g.k.Session/4, func() {
		if !*waits || m.node < 0 {
			return
		}
		if m.beats == nil {
			m.beats = m.client(m.c.name + "-beats")
		}
		req := m.classicHeartbeat()
		req.Generation = generation
		m.beats.send(m.node, req, false, func(kmsg.Response, error) { m.alive(generation, waits) })
	})
}

// waited judges how long it had to wait for the others, where nothing but they can be
// the reason.
func (m *member) waited(since time.Duration) {
	if m.g.calm && m.w.now-since > 3*rebalanceTimeout {
		m.complain("%s waited for %v to be told what it has", m.c.name, m.w.now-since)
	}
}
