package group

import (
	"bytes"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// member is one of a classic group.
type member struct {
	id        string
	rank      int     // in the order of joining
	instance  *string // of a static one
	from      Caller
	typ       string
	rebalance int32                           // ms
	session   int32                           // ms
	protocols []kmsg.JoinGroupRequestProtocol // the dearest first
	assigned  []byte

	joins *wait // its JoinGroup that is not answered yet
	syncs *wait // its SyncGroup
	fresh bool  // has not been in a generation yet
}

// wait is a request that is answered later, in its version.
type wait struct {
	token   Token
	version int16
}

// metadata is what the member says under a protocol.
func (m *member) metadata(protocol *string) []byte {
	if protocol != nil {
		for _, p := range m.protocols {
			if p.Name == *protocol {
				return p.Metadata
			}
		}
	}
	return []byte{}
}

// says tells whether the protocols are what the member said before.
func (m *member) says(protocols []kmsg.JoinGroupRequestProtocol) bool {
	return slices.EqualFunc(m.protocols, protocols, func(a, b kmsg.JoinGroupRequestProtocol) bool {
		return a.Name == b.Name && bytes.Equal(a.Metadata, b.Metadata)
	})
}

// excused tells that a member need not be heard of: it waits for the group. One
// that is fresh is not: it may never have learned its id.
func (m *member) excused() bool { return !m.fresh && (m.joins != nil || m.syncs != nil) }

// sessionTimer ends a member, or an invitation.
type sessionTimer struct{ group, member string }

// heard begins a member's session anew.
func (g *classic) heard(m *member) { g.session(m.id, millis(m.session)) }

func (g *classic) session(member string, length time.Duration) {
	g.c.timers.Set(sessionTimer{g.id, member}, g.c.now.Mono+length)
}

func (t sessionTimer) fired(c *Coordinator) {
	g, ok := c.groups[t.group].(*classic)
	if !ok {
		return
	}
	m := g.members[t.member]
	switch {
	case g.invited[t.member]:
		g.remove(t.member)
		g.joinedOrLess()
	case m != nil && !m.excused():
		g.expel(m)
	}
}

func millis(ms int32) time.Duration { return time.Duration(ms) * time.Millisecond }
