package group

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	classicKind  = "classic"
	consumerType = "consumer" // the protocol type of consumers
)

// classic is a group whose members agree among themselves who does what: one of
// them, the leader, is told of all and assigns.
//
//	Empty --join--> PreparingRebalance --all joined, or time is up--> CompletingRebalance
//	  ^                 ^       |                                          |
//	  |                 |       +--nobody is left--> Empty     leader syncs: the record
//	  |                 |                                                  v
//	  +----expiry       +--------a member joins, leaves, falls silent--- Stable
//
// Its record is written when a generation is complete: when the leader has
// assigned, or nobody is left. What happens in between lives in memory only, and
// a coordinator that loads begins with the last complete generation. A group that
// is dead is not in the coordinator any more.
type classic struct {
	c  *Coordinator
	id string

	phase      phase
	since      int64 // ms of the wall clock: when it came into its phase; -1: not known
	initial    bool  // preparing the first generation since it was empty
	generation int32
	protocol   *string // chosen by the members' votes; nil while there is none
	typ        string  // protocol type; "" of a group that only has offsets
	leader     string  // member id; "" while there is none

	members  map[string]*member
	ranks    int               // how many members it ever had
	static   map[string]string // member ids by instance id
	supports map[string]int    // how many members know a protocol
	joining  int               // members that wait for the answer to their join

	invited  map[string]bool // member ids given out that have not joined yet
	unsynced map[string]bool // members of the generation that have not synced yet

	topics map[string]bool // what consumers subscribe to; nil: not known

	remaining time.Duration // by which the initial delay may still be prolonged
	grew      bool          // somebody joined since it was last set
}

// phase is the state of a classic group.
type phase uint8

const (
	empty phase = iota
	preparing
	completing
	stable
)

func (p phase) String() string {
	return [...]string{"Empty", "PreparingRebalance", "CompletingRebalance", "Stable"}[p]
}

func newClassic(c *Coordinator, id string) *classic {
	return &classic{c: c, id: id, since: noTime, members: map[string]*member{}, static: map[string]string{},
		supports: map[string]int{}, invited: map[string]bool{}, unsynced: map[string]bool{}}
}

func (g *classic) kind() string         { return classicKind }
func (g *classic) protocolType() string { return g.typ }
func (g *classic) state() string        { return g.phase.String() }
func (g *classic) size() int            { return len(g.members) }

// ids are those of the members, the oldest first.
func (g *classic) ids() []string {
	return slices.SortedFunc(maps.Keys(g.members), func(a, b string) int {
		return cmp.Compare(g.members[a].rank, g.members[b].rank)
	})
}

func (g *classic) enter(p phase) {
	g.initial = p == preparing && g.phase == empty
	g.phase, g.since = p, g.c.now.Wall
}

// add takes in a member whose protocols fit; the first one leads.
func (g *classic) add(m *member) {
	if len(g.members) == 0 {
		g.typ = m.typ
	}
	if m.instance != nil {
		g.static[*m.instance] = m.id
	}
	if g.leader == "" {
		g.leader = m.id
	}
	g.ranks++
	m.rank = g.ranks
	g.members[m.id] = m
	g.count(m, 1)
	delete(g.invited, m.id)
}

// remove takes out a member, or one that was only invited, and all that waits for
// it; if it led, the oldest one leads. A request of it that waits is answered by
// the caller before.
func (g *classic) remove(id string) {
	g.c.timers.Cancel(sessionTimer{g.id, id})
	delete(g.invited, id)
	delete(g.unsynced, id)
	m := g.members[id]
	if m == nil {
		return
	}
	g.count(m, -1)
	delete(g.members, id)
	if m.instance != nil {
		delete(g.static, *m.instance)
	}
	if g.leader == id {
		g.leader = ""
		if ids := g.ids(); len(ids) > 0 {
			g.leader = ids[0]
		}
	}
}

// count keeps how many members know each protocol.
func (g *classic) count(m *member, by int) {
	for _, p := range m.protocols {
		g.supports[p.Name] += by
	}
}

// fits tells whether a member with these protocols can be in the group: its type
// is the group's, and one protocol is known to all.
func (g *classic) fits(typ string, protocols []kmsg.JoinGroupRequestProtocol) bool {
	if g.phase == empty {
		return typ != "" && len(protocols) > 0
	}
	return g.typ == typ && slices.ContainsFunc(protocols, func(p kmsg.JoinGroupRequestProtocol) bool {
		return g.supports[p.Name] == len(g.members)
	})
}

// known tells whether a member is who it says it is.
func (g *classic) known(id string, instance *string) *kerr.Error {
	if instance != nil {
		holder, there := g.static[*instance]
		switch {
		case !there:
			return kerr.UnknownMemberID
		case holder != id:
			return kerr.FencedInstanceID
		}
	}
	if g.members[id] == nil {
		return kerr.UnknownMemberID
	}
	return nil
}

// vote is the protocol of the next generation: of those that all know the one that
// most put first. Of equal ones it is the first by name.
func (g *classic) vote() string {
	votes := map[string]int{}
	for _, id := range g.ids() {
		for _, p := range g.members[id].protocols {
			if g.supports[p.Name] == len(g.members) {
				votes[p.Name]++
				break
			}
		}
	}
	chosen := ""
	for _, name := range slices.Sorted(maps.Keys(votes)) {
		if chosen == "" || votes[name] > votes[chosen] {
			chosen = name
		}
	}
	return chosen
}

// rebalanceTimeout is the longest that a member asks for.
func (g *classic) rebalanceTimeout() (longest int32) {
	for _, id := range g.ids() {
		longest = max(longest, g.members[id].rebalance)
	}
	return longest
}
