package assign

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"odradek/node/env"
)

// nobody owns a partition.
const nobody = -1

// table is an assignment in the making: whose each partition is.
type table struct {
	members []Member // sorted by id; numbers below are places in here
	given   []int    // where each of them stood in the caller's list
	topics  []topic  // sorted by id: those that exist and somebody subscribes to
	load    []int    // partitions of each member
}

type topic struct {
	id          env.UUID
	owners      []int // of each partition, or nobody
	subscribers []int // in the members' order
}

// newTable lists members and topics; no partition has an owner yet.
func newTable(members []Member, sizes Sizes) *table {
	t := &table{given: make([]int, len(members)), load: make([]int, len(members))}
	for i := range members {
		t.given[i] = i
	}
	slices.SortFunc(t.given, func(a, b int) int { return strings.Compare(members[a].ID, members[b].ID) })
	subscribers := map[env.UUID][]int{}
	for at, from := range t.given {
		t.members = append(t.members, members[from])
		for _, id := range members[from].Topics {
			if s := subscribers[id]; len(s) == 0 || s[len(s)-1] != at {
				subscribers[id] = append(s, at)
			}
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(subscribers), compareIDs) {
		if n := sizes(id); n > 0 {
			t.topics = append(t.topics, topic{id, slices.Repeat([]int{nobody}, int(n)), subscribers[id]})
		}
	}
	return t
}

func compareIDs(a, b env.UUID) int { return bytes.Compare(a[:], b[:]) }

// keep gives members what they have already and still subscribe to. Of two that
// have the same, the first one keeps it.
func (t *table) keep() {
	for m, member := range t.members {
		for _, has := range member.Current {
			at, there := slices.BinarySearchFunc(t.topics, has.ID, func(of topic, id env.UUID) int { return compareIDs(of.id, id) })
			if !there || !t.topics[at].subscribed(m) {
				continue
			}
			of := &t.topics[at]
			for _, p := range has.Partitions {
				if p >= 0 && int(p) < len(of.owners) && of.owners[p] == nobody {
					t.give(of, int(p), m)
				}
			}
		}
	}
}

func (of *topic) subscribed(member int) bool {
	_, yes := slices.BinarySearch(of.subscribers, member)
	return yes
}

// give makes a member, or nobody, the owner of a partition.
func (t *table) give(of *topic, partition, member int) {
	if before := of.owners[partition]; before != nobody {
		t.load[before]--
	}
	of.owners[partition] = member
	if member != nobody {
		t.load[member]++
	}
}

// alike tells whether all members subscribe to all the topics.
func (t *table) alike() bool {
	return !slices.ContainsFunc(t.topics, func(of topic) bool { return len(of.subscribers) < len(t.members) })
}

// result is the finished assignment, in the caller's order of members.
func (t *table) result() []Assignment {
	all := make([]Assignment, len(t.members))
	for _, of := range t.topics {
		for p, owner := range of.owners {
			if owner == nobody {
				continue
			}
			a := &all[t.given[owner]]
			if n := len(*a); n == 0 || (*a)[n-1].ID != of.id {
				*a = append(*a, Topic{ID: of.id})
			}
			last := &(*a)[len(*a)-1]
			last.Partitions = append(last.Partitions, int32(p))
		}
	}
	return all
}
