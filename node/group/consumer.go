package group

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/group/assign"
)

const (
	consumerKind = "consumer"

	firstEpoch  = 1  // of a group, and of its target, before anything was decided
	epochJoin   = 0  // what a member says that joins
	epochLeave  = -1 // that leaves
	epochPause  = -2 // that leaves for a while: a static one
	epochBefore = -1 // the previous epoch of a new member
)

// consumerGroup is a group whose members are told what to consume (KIP-848). They
// only send heartbeats; the coordinator decides.
//
//	subscriptions, topics --> group epoch --assignor--> target epoch, targets
//	                                                          |
//	each member:  unrevoked --lets go--> unreleased --others let go--> reconciled
//
// Of every partition one member is the owner: it has it assigned, or is still to
// let go of it. All that is here is in the log, but for the last lines.
type consumerGroup struct {
	c  *Coordinator
	id string

	now       consumerEpoch
	target    targetEpoch
	targets   map[string]assign.Assignment
	members   map[string]*consumerMember
	static    map[string]string     // member ids by instance id
	owners    map[spot]string       // member ids
	regexes   map[string]regexMatch // of the members' regular expressions
	left      map[string]bool       // members that were taken out since the targets were made
	oldTopics bool                  // a record of before Kafka 4.1 is to be buried

	reading map[string]bool // names of the topics that members read; nil: not known at the moment

	stale     bool            // the topics have changed, or may have
	newTopics bool            // and regular expressions may match more
	sought    bool            // the expressions are about to be looked up
	told      map[string]bool // classic members that were told to join
}

// consumerMember is one member; what it is never changes, another one takes its
// place.
type consumerMember struct {
	id   string
	says memberSays
	has  memberHas
}

func newConsumerGroup(c *Coordinator, id string) *consumerGroup {
	return &consumerGroup{c: c, id: id, now: consumerEpoch{epoch: firstEpoch}, target: targetEpoch{epoch: firstEpoch},
		targets: map[string]assign.Assignment{}, members: map[string]*consumerMember{}, static: map[string]string{},
		owners: map[spot]string{}, left: map[string]bool{}, regexes: map[string]regexMatch{}, stale: true, newTopics: true,
		told: map[string]bool{}}
}

func newConsumerMember(id string) *consumerMember {
	return &consumerMember{id: id, says: memberSays{rebalance: -1}, has: memberHas{previous: epochBefore}}
}

func (m *consumerMember) reconciledTo(epoch int32) bool {
	return m.has.phase == reconciled && m.has.epoch == epoch
}

func (g *consumerGroup) kind() string         { return consumerKind }
func (g *consumerGroup) protocolType() string { return consumerType }
func (g *consumerGroup) size() int            { return len(g.members) }

// state is one of Empty, Assigning, Reconciling and Stable.
func (g *consumerGroup) state() string {
	switch {
	case len(g.members) == 0:
		return "Empty"
	case g.now.epoch > g.target.epoch:
		return "Assigning"
	}
	for _, id := range g.ids() {
		if !g.members[id].reconciledTo(g.target.epoch) {
			return "Reconciling"
		}
	}
	return "Stable"
}

// ids are those of the members, sorted.
func (g *consumerGroup) ids() []string { return slices.Sorted(maps.Keys(g.members)) }

// staticMember is the one with an instance id; nil: there is none.
func (g *consumerGroup) staticMember(instance *string) *consumerMember {
	if instance == nil {
		return nil
	}
	return g.members[g.static[*instance]]
}

// targetOf is the target of a member, or of the static one whose place it takes.
func (g *consumerGroup) targetOf(m *consumerMember) assign.Assignment {
	if old := g.staticMember(m.says.instance); old != nil {
		return g.targets[old.id]
	}
	return g.targets[m.id]
}

// put makes a member what it is now.
func (g *consumerGroup) put(m *consumerMember) {
	if old := g.members[m.id]; old != nil {
		g.drop(old)
	}
	g.members[m.id] = m
	if m.says.instance != nil {
		g.static[*m.says.instance] = m.id
	}
	for _, x := range slices.Concat(m.has.assigned, m.has.revoking) {
		g.owners[x.spot] = m.id
	}
}

// drop takes a member out, and what is its own.
func (g *consumerGroup) drop(m *consumerMember) {
	delete(g.members, m.id)
	if i := m.says.instance; i != nil && g.static[*i] == m.id {
		delete(g.static, *i)
	}
	for _, x := range slices.Concat(m.has.assigned, m.has.revoking) {
		if g.owners[x.spot] == m.id {
			delete(g.owners, x.spot)
		}
	}
}

func (g *consumerGroup) mayLoseOffsets() *kerr.Error { return nil }

func (g *consumerGroup) mayBeDeleted() *kerr.Error {
	if len(g.members) > 0 {
		return kerr.NonEmptyGroup
	}
	return nil
}

func (g *consumerGroup) removable() bool { return len(g.members) == 0 }

func (g *consumerGroup) topicsChanged() { g.stale, g.newTopics = true, true }

// loaded begins the sessions of the members, and the time in which they have to
// let go.
func (g *consumerGroup) loaded() {
	for _, id := range g.ids() {
		m := g.members[id]
		g.heard(m)
		if m.has.phase == unrevoked {
			g.revokes(m)
		}
	}
}

func (g *consumerGroup) unloaded() {
	for _, id := range g.ids() {
		g.endTimers(id)
	}
	g.c.timers.Cancel(regexTimer{g.id})
}
