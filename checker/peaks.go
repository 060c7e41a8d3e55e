package checker

import (
	"math"
	"slices"
)

// peaks finds the first record of a piece of the log whose timestamp is large
// enough: a tree of maxima over the records, in the order of offsets.
//
//	tree   [1]           max of all
//	       [2]    [3]
//	       [4][5] [6][7] leaves, n of them, at n..2n
type peaks struct {
	offsets []int64
	tree    []int64
	leaves  int
}

// peaks collects the timestamps of all records whose place is known.
func (p *part) peaks() *peaks {
	k := &peaks{}
	var times []int64
	for i := range p.stands {
		s := &p.stands[i]
		if s.kind != appended {
			continue
		}
		for j, rec := range p.h.recordsOf(p.row(s.id)) {
			o := past(s.at, j)
			if o >= s.end || len(k.offsets) > 0 && o <= k.offsets[len(k.offsets)-1] {
				continue
			}
			k.offsets = append(k.offsets, o)
			times = append(times, p.timeAt(o, rec.Timestamp))
		}
	}
	k.build(times)
	return k
}

// timeAt prefers what was told of an offset to what was sent.
func (p *part) timeAt(offset, sent int64) int64 {
	if c := p.cells.get(uint64(offset)); c != nil && c.set && c.timestamp != Unknown {
		return c.timestamp
	}
	return sent
}

func (k *peaks) build(times []int64) {
	k.leaves = 1
	for k.leaves < len(times) {
		k.leaves *= 2
	}
	k.tree = slices.Repeat([]int64{math.MinInt64}, 2*k.leaves)
	copy(k.tree[k.leaves:], times)
	for i := k.leaves - 1; i > 0; i-- {
		k.tree[i] = max(k.tree[2*i], k.tree[2*i+1])
	}
}

// first is the first record of [from, to) with a timestamp of at least least.
func (k *peaks) first(from, to, least int64) (offset, timestamp int64, ok bool) {
	i := k.index(from, to, least)
	if i < 0 {
		return 0, 0, false
	}
	return k.offsets[i], k.tree[k.leaves+i], true
}

// index is its place among the leaves; -1: there is none.
func (k *peaks) index(from, to, least int64) int {
	lo, _ := slices.BinarySearch(k.offsets, from)
	i := k.find(1, 0, k.leaves, lo, least)
	if i < 0 || i >= len(k.offsets) || k.offsets[i] >= to {
		return -1
	}
	return i
}

// find descends to the first leaf at or behind lo that is large enough.
func (k *peaks) find(node, begin, end, lo int, least int64) int {
	if end <= lo || k.tree[node] < least {
		return -1
	}
	if end-begin == 1 {
		return begin
	}
	mid := (begin + end) / 2
	if i := k.find(2*node, begin, mid, lo, least); i >= 0 {
		return i
	}
	return k.find(2*node+1, mid, end, lo, least)
}
