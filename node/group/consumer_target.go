package group

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"odradek/node/env"
	"odradek/node/group/assign"
	"odradek/node/mutant"
)

func compareText(a, b string) int { return strings.Compare(a, b) }

// all are the members, sorted by id.
func (g *consumerGroup) all() (all []*consumerMember) {
	for _, id := range g.ids() {
		all = append(all, g.members[id])
	}
	return all
}

// reads are the names of the topics that a member reads, known ones and others.
func (g *consumerGroup) reads(m *consumerMember) []string {
	if m.says.regex == "" {
		return m.says.topics
	}
	return sortedOnce(slices.Concat(m.says.topics, g.regexes[m.says.regex].topics))
}

// readIDs are the ids of those of them that exist.
func (g *consumerGroup) readIDs(m *consumerMember) (ids []env.UUID) {
	for _, name := range g.reads(m) {
		if id, ok := g.c.topics.ID(name); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// subscribed tells whether a member reads the topic.
func (g *consumerGroup) subscribed(topic string) bool {
	if g.reading == nil {
		g.reading = map[string]bool{}
		for _, m := range g.all() {
			for _, name := range g.reads(m) {
				g.reading[name] = true
			}
		}
	}
	return g.reading[topic]
}

// hash changes when one of the topics that the members read comes, goes, or
// grows; 0: they read none that is there. (Kafka's is another one, and takes in
// the racks: a Kafka that takes over makes a new epoch.)
func (g *consumerGroup) hash(roster []*consumerMember) int64 {
	var names []string
	for _, m := range roster {
		names = append(names, g.reads(m)...)
	}
	sum := uint64(0)
	for _, name := range sortedOnce(names) {
		id, ok := g.c.topics.ID(name)
		if !ok {
			continue
		}
		b := append([]byte(name), id[:]...)
		sum = fnv(sum, binary.BigEndian.AppendUint32(b, uint32(g.c.topics.Partitions(id))))
	}
	return int64(sum)
}

// fnv is FNV-1a, going on from a sum of before; 0: none.
func fnv(sum uint64, b []byte) uint64 {
	sum = cmp.Or(sum, 14695981039346656037)
	for _, x := range b {
		sum = (sum ^ uint64(x)) * 1099511628211
	}
	return sum
}

// preferred is the assignor that most members ask for; of equal ones, and without
// a wish, it is the first in the configuration.
func (g *consumerGroup) preferred(roster []*consumerMember) string {
	votes := map[string]int{}
	for _, m := range roster {
		if m.says.assignor != nil {
			votes[*m.says.assignor]++
		}
	}
	best := g.c.config.ConsumerAssignors[0]
	for _, name := range g.c.config.ConsumerAssignors {
		if votes[name] > votes[best] {
			best = name
		}
	}
	return best
}

// goal is what a member is on the way to.
type goal struct {
	epoch  int32
	target assign.Assignment
}

// assign makes the targets of a new epoch, if there is one and the last targets
// are old enough, and tells the member's.
func (s *change) assign(epoch int32) goal {
	if s.g.target.epoch >= epoch || !s.g.mayAssign() {
		return goal{s.lastTargets(), s.g.targetOf(s.is)}
	}
	roster := s.roster()
	assignor, _ := assign.ByName(s.g.preferred(roster))
	members := make([]assign.Member, len(roster))
	for i, m := range roster {
		members[i] = assign.Member{ID: m.id, Instance: deref(m.says.instance), Topics: s.g.readIDs(m), Current: s.g.targets[m.id]}
		if m == s.is {
			members[i].Current = s.g.targetOf(m)
		}
	}
	mine := goal{epoch: epoch}
	for i, target := range assignor(members, s.g.c.topics.Partitions) {
		m := roster[i]
		if before, there := s.g.targets[m.id]; !there || !slices.Equal(spots(before), spots(target)) {
			s.records = append(s.records, targetRecord(s.g.id, m.id, target))
		}
		if m == s.is {
			mine.target = target
		}
	}
	s.records = append(s.records, targetEpoch{epoch, s.g.c.now.Wall}.record(s.g.id))
	return mine
}

// lastTargets is the epoch of the targets that there are. For a member that was taken
// out since, and joins again, they become those of a later one:
//
//	a  2 |--commit in 2--      fenced        joins: 2, and the commit counts
//	b                    joins               in 4 it does not
//
// What it sent in its former life must not count in this one. (In Kafka 4.4 it does.)
func (s *change) lastTargets() int32 {
	last := s.g.target
	if s.g.members[s.is.id] != nil || !s.g.left[s.is.id] || last.epoch >= s.g.now.epoch || mutant.On("F11") {
		return last.epoch // F11: a member that is back has its old epoch, and its old commits count
	}
	last.epoch = s.g.now.epoch
	s.records = append(s.records, last.record(s.g.id))
	return last.epoch
}

// mayAssign holds targets apart by the group's assignment interval: many members
// that come at once make one new assignment. A clock that was set back is not
// waited for.
func (g *consumerGroup) mayAssign() bool {
	passed := g.c.now.Wall - g.target.made
	return g.target.made == 0 || passed < 0 || passed >= g.c.config.TimesOf(g.id).Assignment.Milliseconds()
}
