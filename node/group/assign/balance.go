package assign

import "slices"

// balance serves members who subscribe to different topics: they keep what they
// still subscribe to, the rest goes to those who have least, and then partitions
// move from who has most to who has least among the subscribers of a topic, as
// long as that makes them more even. Each move lessens the sum of the squares of
// the loads, so there is an end.
func (t *table) balance() {
	t.keep()
	order := make([]*topic, len(t.topics))
	for i := range t.topics {
		order[i] = &t.topics[i]
	}
	slices.SortFunc(order, byNeed)
	for _, of := range order {
		for p, owner := range of.owners {
			if owner == nobody {
				t.give(of, p, t.least(of))
			}
		}
	}
	for moved := true; moved; {
		moved = false
		for _, of := range order {
			moved = t.level(of) || moved
		}
	}
}

// least is the subscriber with the fewest partitions, the first one of equals.
func (t *table) least(of *topic) int {
	return slices.MinFunc(of.subscribers, func(a, b int) int { return t.load[a] - t.load[b] })
}

// level moves partitions of one topic while it helps; a member gives up its last
// ones first.
func (t *table) level(of *topic) (moved bool) {
	mine := make(map[int][]int, len(of.subscribers)) // partitions by owner
	for p, owner := range of.owners {
		mine[owner] = append(mine[owner], p)
	}
	for {
		from, to := t.most(of, mine), t.least(of)
		if t.load[from]-t.load[to] <= 1 {
			return moved
		}
		last := len(mine[from]) - 1
		p := mine[from][last]
		mine[from], mine[to] = mine[from][:last], append(mine[to], p)
		t.give(of, p, to)
		moved = true
	}
}

// most is the subscriber with the most partitions among those that have some of
// the topic, the last one of equals.
func (t *table) most(of *topic, mine map[int][]int) int {
	most := nobody
	for _, m := range of.subscribers {
		if len(mine[m]) > 0 && (most == nobody || t.load[m] >= t.load[most]) {
			most = m
		}
	}
	return most
}
