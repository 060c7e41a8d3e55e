package models

import "testing"

// told is a group with a generation 1 of a and b, led by a, and assigned.
func told(t *testing.T) *Group {
	g := NewGroup()
	for _, j := range []Joined{{Member: "a", Leader: "a", Protocol: "p", Generation: 1, Members: 2}, {Member: "b", Leader: "a", Protocol: "p", Generation: 1}} {
		allowed(t, g.Joined(j))
	}
	g.Offered("a", 1, map[string]string{"a": "x", "b": "y"})
	g.Offered("a", 1, map[string]string{"a": "x", "b": "z"})
	allowed(t, g.Synced("a", 1, "x"))
	return g
}

func allowed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Error("it was let pass")
	}
}

func TestAGenerationIsToldAlikeToAllAndNeverGoesBack(t *testing.T) {
	for _, j := range []Joined{
		{Member: "b", Leader: "b", Protocol: "p", Generation: 1},
		{Member: "b", Leader: "a", Protocol: "q", Generation: 1},
		{Member: "b", Leader: "a", Protocol: "p", Generation: 1, Members: 2},
		{Member: "b", Leader: "a", Protocol: "p", Generation: 0},
	} {
		refused(t, told(t).Joined(j))
	}
	g := told(t)
	allowed(t, g.Joined(Joined{Member: "b", Leader: "b", Protocol: "p", Generation: 2}))
	refused(t, g.Joined(Joined{Member: "a", Leader: "a", Protocol: "p", Generation: 1}))
}

func TestAllAreAssignedWhatOneOfferSays(t *testing.T) {
	g := told(t)
	refused(t, g.Synced("c", 1, "x"))
	allowed(t, g.Synced("b", 1, "z"))
	refused(t, g.Synced("b", 1, "y"))
}

func TestOnlyMembersOfTheLastGenerationMoveOffsets(t *testing.T) {
	of := Partition{"t", 0}
	g := told(t)
	allowed(t, g.Fetched(of, -1))
	allowed(t, g.Committed(Commit{"b", 1, of, 5}))
	allowed(t, g.Fetched(of, 5))
	refused(t, g.Fetched(of, 0))
	refused(t, g.Committed(Commit{"c", 1, of, 6}))
	allowed(t, g.Joined(Joined{Member: "b", Leader: "b", Protocol: "p", Generation: 2}))
	refused(t, g.Committed(Commit{"b", 1, of, 6}))
	allowed(t, g.Committed(Commit{"", -1, of, 7}))
	refused(t, g.Committed(Commit{"b", 2, of, 6}))
	allowed(t, g.Fetched(of, 7))
}

func TestAGenerationThatWasNotAssignedMayBeLost(t *testing.T) {
	g := told(t)
	g.Lost()
	refused(t, g.Joined(Joined{Member: "c", Leader: "c", Protocol: "p", Generation: 1}))
	allowed(t, g.Joined(Joined{Member: "b", Leader: "b", Protocol: "p", Generation: 2}))
	g.Lost()
	allowed(t, g.Joined(Joined{Member: "c", Leader: "c", Protocol: "p", Generation: 2}))
}

func TestOnlyAGroupWithoutOffsetsIsSwept(t *testing.T) {
	g := told(t)
	allowed(t, g.Swept())
	allowed(t, g.Joined(Joined{Member: "b", Leader: "b", Protocol: "p", Generation: 1}))
	allowed(t, g.Committed(Commit{"b", 1, Partition{"t", 0}, 5}))
	refused(t, g.Swept())
}
