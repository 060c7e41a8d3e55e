package checker

import "slices"

// climb answers: was a value at least as large told within a span of time? Unlike a
// ladder it can begin late: a group that all have left may be forgotten, and counts
// its generations anew (Kafka drops an empty group for one of the other protocol, or
// if nothing is committed).
type climb struct {
	steps []step
	peaks
}

func (c *climb) add(at, value int64, id ID) { c.steps = append(c.steps, step{at, value, id}) }

func (c *climb) build() {
	slices.SortStableFunc(c.steps, func(a, b step) int { return compare(a.at, b.at) })
	values := make([]int64, len(c.steps))
	for i, s := range c.steps {
		c.offsets = append(c.offsets, s.at)
		values[i] = s.value
	}
	c.peaks.build(values)
}

// above is the first step in [from, to) that is higher than value.
func (c *climb) above(from, to, value int64) (s step, ok bool) {
	if i := c.index(from, to, value+1); i >= 0 {
		return c.steps[i], true
	}
	return step{}, false
}
