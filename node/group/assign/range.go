package assign

import (
	"cmp"
	"slices"
)

// Range cuts each topic into one range for each subscriber, the first ones being
// longer by one if it does not divide. Topics with the same subscribers and as
// many partitions are cut alike, so that they can be joined. Static members come
// first, in the order of their instance ids: a new life under a new member id
// keeps its ranges.
func Range(members []Member, sizes Sizes) []Assignment {
	t := newTable(members, sizes)
	for i := range t.topics {
		of := &t.topics[i]
		slices.SortStableFunc(of.subscribers, func(a, b int) int { return compareStatic(&t.members[a], &t.members[b]) })
		short, longer := len(of.owners)/len(of.subscribers), len(of.owners)%len(of.subscribers)
		next := 0
		for nth, member := range of.subscribers {
			length := short
			if nth < longer {
				length++
			}
			for end := next + length; next < end; next++ {
				t.give(of, next, member)
			}
		}
	}
	return t.result()
}

// compareStatic puts static members first, by instance; dynamic ones are equal.
func compareStatic(a, b *Member) int {
	if (a.Instance == "") != (b.Instance == "") {
		return cmp.Compare(b.Instance, a.Instance)
	}
	return cmp.Compare(a.Instance, b.Instance)
}
