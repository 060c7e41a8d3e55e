package group

import (
	"reflect"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
)

// change is a step of one member in the making. It is decided on what the group
// is, and written as a whole, or not at all.
type change struct {
	g       *consumerGroup // may not be in the coordinator yet
	old     *classic       // the group whose place it takes, with members
	records []Record
	was, is *consumerMember
	instead string // the id of the static member whose place it takes; "": nobody's

	fresh bool // the topics were looked at
	moved bool // the member is elsewhere on the way to its target
}

// consumerStep begins a change of a group. A member that joins makes it, in the
// place of a classic one if that is empty or may be upgraded.
func (c *Coordinator) consumerStep(id string, joins bool) (*change, *refusal) {
	found := c.groups[id]
	if g, ok := found.(*consumerGroup); ok {
		return &change{g: g}, nil
	}
	old, isClassic := found.(*classic)
	switch {
	case !joins:
		return nil, refuse(kerr.GroupIDNotFound, "there is no consumer group %q", id)
	case !isClassic:
		return &change{g: newConsumerGroup(c, id)}, nil
	case old.phase == empty:
		return &change{g: newConsumerGroup(c, id), records: old.tombstones()}, nil
	}
	return c.upgrade(old)
}

// full tells that there is no room for a member that is not there yet.
func (g *consumerGroup) full(id string, instance *string) *refusal {
	if g.staticMember(instance) != nil || g.members[id] != nil || len(g.members) < g.c.config.ConsumerMaxSize {
		return nil
	}
	return refuse(kerr.GroupMaxSizeReached, "the group is full: it may have %d members", g.c.config.ConsumerMaxSize)
}

// enter finds or makes the member of a heartbeat.
func (s *change) enter(id string, instance *string, epoch int32, owned []spot) *refusal {
	joins := epoch == epochJoin
	old := s.g.staticMember(instance)
	switch {
	case instance == nil && s.g.members[id] != nil:
		return s.goOn(s.g.members[id], epoch, owned)
	case instance == nil && joins:
		s.begin(newConsumerMember(id))
		return nil
	case instance == nil:
		return refuse(kerr.UnknownMemberID, "%q is no member of group %q", id, s.g.id)
	case joins && old == nil:
		return s.enter(id, nil, epoch, owned)
	case joins && old.says.classic == nil && old.has.epoch != epochPause:
		return refuse(kerr.UnreleasedInstanceID, "instance %q is in use by member %q", *instance, old.id)
	case joins:
		s.replace(old, id)
		return nil
	}
	if err := s.g.fencedStatic(old, id, *instance); err != nil {
		return err
	}
	return s.goOn(old, epoch, owned)
}

// fencedStatic tells whether an instance has another member id.
func (g *consumerGroup) fencedStatic(m *consumerMember, id, instance string) *refusal {
	switch {
	case m == nil:
		return refuse(kerr.UnknownMemberID, "no member has the instance id %q", instance)
	case m.id != id:
		return refuse(kerr.FencedInstanceID, "instance %q is member %q now, not %q", instance, m.id, id)
	}
	return nil
}

func (s *change) begin(m *consumerMember) {
	next := *m
	s.was, s.is = m, &next
}

// goOn checks the epoch of a member that is there: its own; or the one before, as
// its last answer may have been lost, if it says that it owns no more than it was
// given.
func (s *change) goOn(m *consumerMember, epoch int32, owned []spot) *refusal {
	s.begin(m)
	subset := owned != nil && !slices.ContainsFunc(owned, func(x spot) bool { return !m.has.assigned.has(x) })
	if epoch == epochJoin || epoch == m.has.epoch || epoch < m.has.epoch && epoch == m.has.previous && subset {
		return nil
	}
	return refuse(kerr.FencedMemberEpoch, "the member is of epoch %[2]d, not %[1]d: it has to let go of all, and join again",
		epoch, m.has.epoch)
}

// replace gives the place of a static member to its next life.
func (s *change) replace(old *consumerMember, id string) {
	next := *old
	next.id, next.has.epoch, next.has.previous = id, epochJoin, epochJoin
	s.instead = old.id
	s.records = append(s.records, s.g.memberTombstones(old.id)...)
	s.records = append(s.records, next.says.record(s.g.id, id), targetRecord(s.g.id, id, s.g.targets[old.id]), next.has.record(s.g.id, id))
	s.begin(&next)
}

// roster is who is in the group after the change, sorted by id.
func (s *change) roster() (all []*consumerMember) {
	for _, id := range s.g.ids() {
		if id != s.is.id && id != s.instead {
			all = append(all, s.g.members[id])
		}
	}
	at, _ := slices.BinarySearchFunc(all, s.is.id, func(m *consumerMember, id string) int { return compareText(m.id, id) })
	return slices.Insert(all, at, s.is)
}

// subscribe decides whether what the member says makes a new epoch of the group.
// changed: it reads other topics than before. An upgraded group always has a new
// one: what the old leader assigned need not be all. (Kafka waits for a reason,
// also if a static member of a group that was not stable is all that moves.)
func (s *change) subscribe() (changed bool, epoch int32, err *refusal) {
	topics := !slices.Equal(s.was.says.topics, s.is.says.topics)
	regex, resolved, err := s.regex()
	if err != nil {
		return false, 0, err
	}
	if !reflect.DeepEqual(s.was.says, s.is.says) {
		s.records = append(s.records, s.is.says.record(s.g.id, s.is.id))
	} else if !s.g.stale {
		return false, s.g.now.epoch, nil
	}
	roster := s.roster()
	bump := topics || resolved || s.old != nil || s.g.preferred(s.g.all()) != s.g.preferred(roster)
	return topics || regex, s.refresh(bump, roster), nil
}

// refresh looks at the topics, if there is a reason, and tells the group's epoch.
func (s *change) refresh(bump bool, roster []*consumerMember) int32 {
	if !bump && !s.g.stale {
		return s.g.now.epoch
	}
	s.fresh = true
	hash := s.g.hash(roster)
	next := s.g.now
	if bump || hash != next.hash {
		next = consumerEpoch{next.epoch + 1, hash}
		s.records = append(s.records, next.record(s.g.id))
	}
	if s.g.oldTopics {
		s.records = append(s.records, Record{Key: consumerKey(keyConsumerTopics, s.g.id)})
	}
	return next.epoch
}

// write applies the change. A group that took the place of another one ends what
// waits there.
func (s *change) write() *refusal {
	c := s.g.c
	if !c.fits(s.records) {
		return tooLarge()
	}
	if s.old != nil {
		s.old.sendBack()
	}
	for _, r := range s.records {
		c.write(r)
	}
	g := c.groups[s.g.id].(*consumerGroup)
	if s.instead != "" {
		g.endTimers(s.instead)
	}
	if s.old != nil {
		g.loaded()
	}
	if s.moved {
		g.c.timers.Cancel(revokeTimer{g.id, s.is.id})
		if s.is.has.phase == unrevoked {
			g.revokes(s.is)
		}
	}
	if s.fresh {
		g.stale = false
	}
	if s.is.says.regex != "" || len(g.regexes) > 0 {
		g.seekRegexes()
	}
	s.g = g
	return nil
}
