package checker

import "slices"

// findVisible lists the offsets of all records that every reader must get. Where
// markers and aborted records leave holes, these tell a skip from a hole:
//
//	offset   0   1   2   3   4   5
//	         a   b   M   x   M   c      b to c skips nothing that anybody could read,
//	             |-----------^          if x is known to be aborted or not known at all
func (p *part) findVisible() {
	if !p.o.markers(p.tp.Topic) {
		return
	}
	for _, id := range p.produces {
		r := p.row(id)
		if p.base[id] == unplaced || r.outcome == Fail || !p.committed(r) {
			continue
		}
		for i := range int(r.count) {
			p.visible = append(p.visible, past(p.base[id], i))
		}
	}
	slices.Sort(p.visible)
	p.visible = slices.Compact(p.visible)
}

// skips tells whether who goes from one offset to a larger one leaves out a record,
// and which is the first.
func (p *part) skips(from, to int64) (offset int64, yes bool) {
	if !p.gapsAllowed() {
		return from, true
	}
	if i, _ := slices.BinarySearch(p.visible, from); i < len(p.visible) {
		return p.visible[i], p.visible[i] < to
	}
	return 0, false
}
