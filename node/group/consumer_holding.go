package group

import (
	"bytes"
	"cmp"
	"slices"

	"odradek/node/env"
	"odradek/node/group/assign"
)

// spot is one partition.
type spot struct {
	topic     env.UUID
	partition int32
}

func (s spot) compare(o spot) int {
	return cmp.Or(bytes.Compare(s.topic[:], o.topic[:]), cmp.Compare(s.partition, o.partition))
}

// held is a partition that a member has, and the epoch in which it was assigned to
// it: commits of an earlier epoch are of an earlier owner, be it the same member.
type held struct {
	spot
	since int32
}

// holding is what a member has, sorted; each partition once.
type holding []held

func (h holding) find(s spot) (at int, there bool) {
	return slices.BinarySearchFunc(h, s, func(x held, s spot) int { return x.compare(s) })
}

func (h holding) has(s spot) bool {
	_, there := h.find(s)
	return there
}

// hold makes a holding of partitions that are assigned in an epoch.
func hold(of []spot, since int32) (h holding) {
	for _, s := range of {
		h = append(h, held{s, since})
	}
	return h
}

// with adds partitions that are not in it yet.
func (h holding) with(more holding) holding {
	all := slices.Concat(h, more)
	slices.SortFunc(all, func(a, b held) int { return a.compare(b.spot) })
	return slices.CompactFunc(all, func(a, b held) bool { return a.spot == b.spot })
}

// split parts a holding in what passes and what does not.
func (h holding) split(passes func(s spot) bool) (yes, no holding) {
	for _, x := range h {
		if passes(x.spot) {
			yes = append(yes, x)
		} else {
			no = append(no, x)
		}
	}
	return yes, no
}

// byTopic are the partitions in groups, one for each topic.
func (h holding) byTopic() (rows []holding) {
	for len(h) > 0 {
		end := 1
		for end < len(h) && h[end].topic == h[0].topic {
			end++
		}
		rows, h = append(rows, h[:end]), h[end:]
	}
	return rows
}

func (h holding) partitions() (all []int32) {
	for _, x := range h {
		all = append(all, x.partition)
	}
	return all
}

// spots are the partitions of an assignment, sorted as it is.
func spots(of assign.Assignment) (all []spot) {
	for _, t := range of {
		for _, p := range t.Partitions {
			all = append(all, spot{t.ID, p})
		}
	}
	return all
}

// assignment is a holding as the assignors know it.
func (h holding) assignment() (a assign.Assignment) {
	for _, row := range h.byTopic() {
		a = append(a, assign.Topic{ID: row[0].topic, Partitions: row.partitions()})
	}
	return a
}
