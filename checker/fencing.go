package checker

// fencing judges who was taken for a member. A generation that was told is
// written down by the group, so what began after that can only be accepted from
// its members:
//
//	member 1    join 5 |----| told 5          commit in 5 |-----| OK: wrong
//	member 2             join 6 |------| told 6
//
// Member epochs (KIP-848) are each member's own: there, what counts is that
// another was told to own, in a later one, what this member has not given up: it
// must have been thrown out. (A member that gave up a partition may still commit
// for it, in the epoch that it had then: no group looks at that.)
func (g *group) fencing() {
	f := &fencing{group: g, newest: &climb{}, own: map[string][]ID{}, lives: map[string][]ID{}}
	f.learn()
	for _, p := range g.places {
		for _, id := range p.commits {
			if p.row(id).outcome == OK || p.seen[id] {
				f.commit(p, id)
			}
		}
	}
	for _, id := range g.shows {
		if by := g.by(id); g.row(id).kind == HeartbeatOp && by.groupWide() {
			f.late("fenced-heartbeat", nowhere, id, true)
		}
	}
	f.outsiders()
}

// nowhere is the place of what concerns a whole group.
var nowhere = TP{"", -1}

type fencing struct {
	*group
	newest *climb          // generations of the whole group, as they were told
	own    map[string][]ID // assignments of each member
	lives  map[string][]ID // assignments of each static member
}

func (f *fencing) learn() {
	for _, id := range f.assigns {
		by := f.by(id)
		if by.groupWide() {
			f.newest.add(f.row(id).ret, int64(by.Generation), id)
		}
		f.own[by.Member] = append(f.own[by.Member], id)
		if by.Instance != "" {
			f.lives[by.Instance] = append(f.lives[by.Instance], id)
		}
	}
	f.newest.build()
}

// heir finds another that was told, in a later epoch than by, to own a partition:
// before a moment, and since by is a member.
func (g *group) heir(tp TP, by *Membership, until int64) (step, bool) {
	return g.later(g.heirs(tp), g.born(by.Member), until, by, func(other *Membership) bool { return other.owner() != by.owner() })
}

// later finds what was told in a later generation than by, before a moment: at a
// time, or asked for after it, as what was asked for before may be of another group.
func (g *group) later(told *climb, since, until int64, by *Membership, fits func(*Membership) bool) (step, bool) {
	for from := since; ; {
		s, ok := told.above(from, until, int64(by.Generation))
		if !ok || (s.at == since || g.row(s.id).invoke >= since) && fits(g.by(s.id)) {
			return s, ok
		}
		from = s.at + 1
	}
}

func anybody(*Membership) bool { return true }

// heirs are the epochs in which a partition was told to be somebody's.
func (g *group) heirs(tp TP) *climb {
	if l := g.heirsOf[tp]; l != nil {
		return l
	}
	l := &climb{}
	for _, id := range g.assigns {
		if g.owns(id, tp) {
			l.add(g.row(id).ret, int64(g.by(id).Generation), id)
		}
	}
	l.build()
	g.heirsOf[tp] = l
	return l
}

// born is when a member was first told that it is one: as long as it stays one, the
// group is the same.
func (g *group) born(member string) int64 {
	if len(g.bornAt) == 0 {
		for _, id := range g.assigns {
			name := g.by(id).Member
			if at, known := g.bornAt[name]; !known || g.row(id).ret < at {
				g.bornAt[name] = g.row(id).ret
			}
		}
	}
	if at, known := g.bornAt[member]; known {
		return at
	}
	return never
}

func (g *group) owns(id ID, tp TP) bool {
	r := g.row(id)
	for _, o := range g.h.owned[r.first : r.first+int(r.count)] {
		if g.h.tps.list[o] == tp {
			return true
		}
	}
	return false
}

func (f *fencing) commit(p *place, id ID) {
	by, r := f.by(id), f.row(id)
	switch {
	case by.Member == "":
		return
	case by.groupWide() && f.late("fenced-commit", p.tp, id, false):
		return
	case f.replaced(p.tp, id):
		return
	}
	if f.outgrown(p.tp, id) || !f.has(by.Member, p.tp, r.invoke) {
		return
	}
	if heir, ok := f.heir(p.tp, by, r.invoke); ok {
		f.accuse("fenced-commit", p.tp, []ID{heir.id, id}, "accepted from %s in %d, and %s owned it in %d", by.Member, by.Generation, f.by(heir.id).Member, heir.value)
	}
}

// outgrown finds a commit of a member's former epoch, for what it has not got in the
// one that it was told before.
func (f *fencing) outgrown(tp TP, id ID) bool {
	by, r := f.by(id), f.row(id)
	last := f.lastOf(by.Member, r.invoke)
	if last < 0 || f.by(last).Generation <= by.Generation || f.owns(last, tp) {
		return false
	}
	f.accuse("fenced-commit", tp, []ID{last, id}, "accepted from %s in %d, which it has not owned since %d", by.Member, by.Generation, f.by(last).Generation)
	return true
}

// lastOf is the last assignment that a member was told before a moment; -1: none.
func (f *fencing) lastOf(member string, before int64) ID {
	last := ID(-1)
	for _, id := range f.own[member] {
		if f.row(id).ret < before {
			last = id
		}
	}
	return last
}

// has tells whether a member thinks at a moment that it owns a partition.
func (f *fencing) has(member string, tp TP, at int64) bool {
	last := f.lastOf(member, past(at, 1))
	return last >= 0 && f.owns(last, tp) && !f.releasedBy(last, tp, at)
}

// late finds what was accepted in a generation after another had been told. What
// writes nothing may be answered by a deposed coordinator.
func (f *fencing) late(name string, tp TP, id ID, readOnly bool) bool {
	by, r := f.by(id), f.row(id)
	newer, ok := f.later(f.newest, f.born(by.Member), r.invoke, by, anybody)
	if !ok || readOnly && !f.knew(id, newer.id) {
		return false
	}
	f.accuse(name, tp, []ID{newer.id, id}, "accepted from %s in generation %d, after %d was told", by.Member, by.Generation, newer.value)
	return true
}

// knew tells whether the coordinator that answered must have known what was told
// before by another, or by itself.
func (g *group) knew(id, before ID) bool {
	a, b := g.row(id), g.row(before)
	return !g.o.CoordinatorMayBeDeposed || a.extra != Unknown && a.extra == b.extra
}

// replaced finds a commit of a static member's former life: another process has
// its instance id, and was assigned something after it.
func (f *fencing) replaced(tp TP, id ID) bool {
	by, r := f.by(id), f.row(id)
	mine := int64(never)
	for _, life := range f.lives[by.Instance] {
		l := f.row(life)
		switch {
		case f.by(life).Member == by.Member:
			mine = l.ret
		case mine < l.invoke && l.ret < r.invoke:
			f.accuse("fenced-commit", tp, []ID{life, id}, "accepted from %s, whom %s had replaced as %s", by.Member, f.by(life).Member, by.Instance)
			return true
		}
	}
	return false
}

// outsiders judges commits of those who are no members: a group that has members
// takes none. Somebody is a member from an assignment to the last commit
// accepted in the same generation.
func (f *fencing) outsiders() {
	until := map[Membership]ID{}
	for _, id := range f.shows {
		if f.row(id).kind == CommitOp {
			until[*f.by(id)] = id
		}
	}
	in := &ladder{}
	for _, id := range f.assigns {
		if last, ok := until[*f.by(id)]; ok {
			in.add(f.row(id).ret, f.row(last).invoke, last)
		}
	}
	in.build()
	for _, p := range f.places {
		for _, id := range p.commits {
			r := f.row(id)
			member, ok := in.before(r.invoke)
			if r.outcome == OK && f.by(id).Member == "" && ok && member.value > r.ret {
				f.accuse("outsider-commit", p.tp, []ID{member.id, id}, "accepted from nobody, while %s was a member", f.by(member.id).Member)
			}
		}
	}
}
