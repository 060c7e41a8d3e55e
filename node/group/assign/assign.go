package assign

import (
	"odradek/node/env"
)

// Member is one of the group.
type Member struct {
	ID       string
	Instance string     // of a static member; "": a dynamic one
	Topics   []env.UUID // subscribed, in any order
	Current  Assignment // its present target
}

// Assignment is what a member has: sorted by topic, each topic once, each with
// one sorted partition at least.
type Assignment []Topic

// Topic is some of a topic's partitions.
type Topic struct {
	ID         env.UUID
	Partitions []int32
}

// Sizes tells how many partitions a topic has; 0: there is no such topic.
type Sizes func(topic env.UUID) int32

// Assignor decides who shall have what: one assignment for each member, in their
// order. It changes nothing that it is given, and keeps none of it.
type Assignor func(members []Member, sizes Sizes) []Assignment

// Names of the assignors, as group.consumer.assignors and members call them.
const (
	RangeName   = "range"
	UniformName = "uniform"
)

// ByName finds an assignor.
func ByName(name string) (Assignor, bool) {
	switch name {
	case RangeName:
		return Range, true
	case UniformName:
		return Uniform, true
	}
	return nil, false
}
