package checker

import "slices"

// sendSkips finds records of others between two that one transaction sent to the
// partition one after the other. Where a gap lies between them that is known to hold
// nothing, or nothing is known, they are neighbours.
func (p *part) sendSkips() {
	last := map[int64]ID{}
	for _, id := range p.produces {
		r := p.row(id)
		if r.txn == 0 || r.count == 0 || p.base[id] == unplaced {
			continue
		}
		if from, any := last[r.txn]; any {
			p.sendSkip(from, id)
		}
		last[r.txn] = id
	}
}

func (p *part) sendSkip(a, b ID) {
	from, to := past(p.base[a], int(p.row(a).count)), p.base[b]

	i, _ := slices.BinarySearchFunc(p.stands, from, func(s stand, at int64) int { return compare(s.at, at) })
	for ; i < len(p.stands) && p.stands[i].at < to; i++ {
		if s := &p.stands[i]; s.kind == appended && p.row(s.id).txn != p.row(a).txn {
			p.blame("int-send-skip", []ID{a, s.id, b}, "between %d and %d lies another's record, at %d", from-1, to, s.at)
			return
		}
	}
}
