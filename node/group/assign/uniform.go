package assign

import (
	"cmp"
	"slices"
)

// Uniform gives all members as many partitions, give or take one, and moves no
// partition that it need not move for that. Where members subscribe to different
// topics it is as even as subscriptions allow for each topic.
func Uniform(members []Member, sizes Sizes) []Assignment {
	t := newTable(members, sizes)
	if t.alike() {
		t.fillQuotas()
	} else {
		t.balance()
	}
	return t.result()
}

// fillQuotas serves members who all subscribe to the same: who has more than its
// quota gives up its last partitions, and who has less takes the free ones.
func (t *table) fillQuotas() {
	t.keep()
	quotas := t.quotas()
	for i := range t.topics {
		of := &t.topics[len(t.topics)-1-i]
		for p := len(of.owners) - 1; p >= 0; p-- {
			if owner := of.owners[p]; owner != nobody && t.load[owner] > quotas[owner] {
				t.give(of, p, nobody)
			}
		}
	}
	next := 0
	for i := range t.topics {
		for p, owner := range t.topics[i].owners {
			if owner != nobody {
				continue
			}
			for t.load[next] == quotas[next] {
				next++
			}
			t.give(&t.topics[i], p, next)
		}
	}
}

// quotas is how many partitions each member shall have. What does not divide is
// for those first who have more than the others already.
func (t *table) quotas() []int {
	total := 0
	for _, of := range t.topics {
		total += len(of.owners)
	}
	if total == 0 {
		return nil
	}
	short, longer := total/len(t.members), total%len(t.members)
	quotas := slices.Repeat([]int{short}, len(t.members))
	for _, enough := range []int{short + 1, 0} {
		for m := range quotas {
			if longer > 0 && quotas[m] == short && t.load[m] >= enough {
				quotas[m]++
				longer--
			}
		}
	}
	return quotas
}

// byNeed orders topics by how many partitions a subscriber has to take, then by
// how few can.
func byNeed(a, b *topic) int {
	return cmp.Or(
		cmp.Compare(len(b.owners)*len(a.subscribers), len(a.owners)*len(b.subscribers)),
		cmp.Compare(len(a.subscribers), len(b.subscribers)),
		compareIDs(a.id, b.id))
}
