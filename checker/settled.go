package checker

import "slices"

// complete judges a group that had time enough without faults: its partitions
// have owners, and its members are at the end.
func (g *group) complete() {
	if g.settled == never {
		return
	}
	owned := g.ownedAt(g.settled)
	var topics []string
	for _, tp := range owned {
		topics = append(topics, tp.Topic)
	}
	for _, tp := range g.h.tps.list {
		if tp.Partition < 0 || !slices.Contains(topics, tp.Topic) {
			continue
		}
		if !slices.Contains(owned, tp) {
			g.accuse("assignment-incomplete", tp, nil, "it has no owner at %d", g.settled)
		}
	}
	for _, p := range g.places {
		if slices.Contains(topics, p.tp.Topic) && !p.gapsAllowed() {
			p.atEnd()
		}
	}
}

// ownedAt is what the members of the newest generation, or all with their own
// epochs, have at a moment.
func (g *group) ownedAt(at int64) (owned []TP) {
	last := map[string]ID{}
	newest := int32(-1)
	for _, id := range g.assigns {
		if by := g.by(id); g.row(id).ret <= at {
			last[by.Member] = id
			newest = max(newest, by.Generation)
		}
	}
	for _, id := range g.leaves {
		if has, ok := last[g.by(id).Member]; ok && g.row(has).invoke < g.row(id).invoke && g.row(id).invoke <= at {
			delete(last, g.by(id).Member)
		}
	}
	for _, id := range g.assigns {
		by := g.by(id)
		if last[by.Member] != id || g.row(id).ret > at || by.groupWide() && by.Generation < newest {
			continue
		}
		for _, tp := range g.h.ownedOf(g.row(id)) {
			if !g.releasedBy(id, tp, at) {
				owned = append(owned, tp)
			}
		}
	}
	return owned
}

// releasedBy tells whether a member has given up a partition by a moment.
func (g *group) releasedBy(assign ID, tp TP, at int64) bool {
	for _, id := range g.releases {
		r := g.row(id)
		if g.by(id).Member == g.by(assign).Member && r.invoke >= g.row(assign).ret && r.invoke <= at && (r.count == 0 || g.owns(id, tp)) {
			return true
		}
	}
	return false
}

// atEnd judges how far a group got.
func (p *place) atEnd() {
	part := p.part()
	if part == nil {
		return
	}
	end, by := part.endBy(p.settled)
	reached, last := int64(0), ID(-1)
	for _, id := range p.fetches {
		records := p.h.recordsOf(p.row(id))
		if n := len(records); n > 0 && p.row(id).invoke <= p.settled && records[n-1].Offset >= reached {
			reached, last = past(records[n-1].Offset, 1), id
		}
	}
	if by >= 0 && len(p.fetches) > 0 && reached < end && part.furthestAt(p.settled) < end {
		p.accuse("unprocessed-records", p.tp, []ID{last, by}, "the log ended at %d, and the group got to %d", end, reached)
	}
	for _, id := range p.asks {
		if r := p.row(id); r.invoke > p.settled && by >= 0 && r.offset < end && end > 0 {
			p.accuse("uncommitted-records", p.tp, []ID{by, id}, "the log ended at %d, and %s is committed", end, told(r.offset))
			return
		}
	}
}

// endBy is the largest end that was told by a moment, and what told it.
func (p *part) endBy(at int64) (end int64, by ID) {
	by = -1
	for i := range p.stands {
		if s := &p.stands[i]; s.id >= 0 && s.ret <= at && s.reach() > end {
			end, by = s.reach(), s.id
		}
	}
	return end, by
}
