package models

import (
	"fmt"
	"maps"
	"slices"
)

// Group is the specification of one group of the classic protocol and of its
// committed offsets, as what it tells its members, one after the other:
//
//	Joined (generation, who leads) --> Offered (by the leader) --> Synced --> Committed
//
// Generations only grow. All members of one are told the same leader and protocol,
// and only the leader who they are. What one member is assigned is what the leader
// offered to all of them. Offsets move by accepted commits alone: those of members
// of the last generation that anybody was told of, once it is assigned, and those
// of nobody while there are no members.
type Group struct {
	last    *generation // the newest that was told
	settled *generation // the newest that was assigned
	offsets map[Partition]int64
}

type generation struct {
	number           int32
	leader, protocol string
	told             map[string]bool     // who was told of it
	offers           []map[string]string // of the leader; all fit to what members were assigned
	assigned         bool
	over             bool // there were no members after it
}

// Partition is one of a topic's.
type Partition struct {
	Topic string
	Index int32
}

// Joined is a member's generation, as its join was answered; Members is how many
// members it was told, as only the leader is. A static member is called by its
// instance, so that it stays the same under all its ids.
type Joined struct {
	Member, Leader, Protocol string
	Generation               int32
	Members                  int
}

// Commit is an accepted commit of one offset; nobody's has no Member.
type Commit struct {
	Member     string
	Generation int32
	Of         Partition
	Offset     int64
}

// NewGroup is a group that nobody knows yet.
func NewGroup() *Group {
	return &Group{offsets: map[Partition]int64{}}
}

// Joined holds that the answer to a join may be given.
func (g *Group) Joined(j Joined) error {
	if g.last == nil || j.Generation > g.last.number {
		g.last = &generation{number: j.Generation, leader: j.Leader, protocol: j.Protocol, told: map[string]bool{}}
	}
	now := g.last
	switch {
	case j.Generation < now.number:
		return fmt.Errorf("%s is told generation %d after %d", j.Member, j.Generation, now.number)
	case j.Leader != now.leader || j.Protocol != now.protocol:
		return fmt.Errorf("generation %d is led by %s in %s, and by %s in %s", now.number, now.leader, now.protocol, j.Leader, j.Protocol)
	case now.over:
		return fmt.Errorf("%s is told generation %d, which was over", j.Member, now.number)
	case j.Members > 0 && j.Member != j.Leader:
		return fmt.Errorf("%s is told the members, and does not lead", j.Member)
	}
	now.told[j.Member] = true
	return nil
}

// Lost says that another coordinator took over: of a generation that was told and
// not assigned it knows nothing, and may tell another one in its place.
func (g *Group) Lost() {
	if g.last != nil && !g.last.assigned && !g.last.over {
		g.last = g.settled
	}
}

// Offered says that the leader of a generation has sent its assignments. They may
// be refused, or stand already.
func (g *Group) Offered(by string, number int32, to map[string]string) {
	if g.last != nil && g.last.number == number && g.last.leader == by && !g.last.assigned {
		g.last.offers = append(g.last.offers, maps.Clone(to))
	}
}

// Synced holds that a member may be told this assignment.
func (g *Group) Synced(member string, number int32, assignment string) error {
	now := g.last
	if now == nil || now.number != number || !now.told[member] {
		return fmt.Errorf("%s is assigned something in generation %d, where it is not", member, number)
	}
	now.offers = slices.DeleteFunc(now.offers, func(to map[string]string) bool { return to[member] != assignment })
	if len(now.offers) == 0 {
		return fmt.Errorf("%s is assigned %q in generation %d, which the leader did not offer", member, assignment, number)
	}
	now.assigned, g.settled = true, now
	return nil
}

// Committed holds that a commit may be accepted.
func (g *Group) Committed(c Commit) error {
	now := g.last
	switch {
	case c.Generation < 0:
		if now != nil {
			now.over = true
		}
	case now == nil || now.number != c.Generation || now.over:
		return fmt.Errorf("%s commits in generation %d, which is over", c.Member, c.Generation)
	case !now.told[c.Member]:
		return fmt.Errorf("%s commits in generation %d, where it is not", c.Member, c.Generation)
	}
	g.offsets[c.Of] = c.Offset
	return nil
}

// Deleted says that the group was deleted, with all its offsets: the next one of
// its name knows nothing of it.
func (g *Group) Deleted() { *g = *NewGroup() }

// Swept holds that the group may be gone by itself: only one without offsets is (and
// without members, who would see another one that knows nothing of theirs).
func (g *Group) Swept() error {
	if len(g.offsets) > 0 {
		return fmt.Errorf("the group is gone, and had committed %v", g.offsets)
	}
	g.Deleted()
	return nil
}

// Fetched holds that this offset may be told; -1 is none.
func (g *Group) Fetched(of Partition, offset int64) error {
	want, there := g.offsets[of]
	if !there {
		want = -1
	}
	if offset != want {
		return fmt.Errorf("%v is at %d, and was committed at %d", of, offset, want)
	}
	return nil
}
