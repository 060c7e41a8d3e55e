package checker

// owners judges assignments: a partition has one owner in a generation, and none
// can be given to the next before the last one has given it up. Generations can be
// compared while the group is the same: while it has to be remembered (keptSince), or
// while one of the two is a member.
func (g *group) owners() {
	kept := g.keptSince()
	g.onePerGeneration(kept)
	g.stillHeld()
	g.givenTooSoon()
	g.generationsGrow(kept)
}

// turn is a partition in a generation.
type turn struct {
	tp         TP
	generation int32
}

func (g *group) onePerGeneration(kept int64) {
	last := map[turn]ID{}
	for _, id := range g.assigns {
		by := g.by(id)
		for _, tp := range g.h.ownedOf(g.row(id)) {
			t := turn{tp, by.Generation}
			other, taken := last[t]
			last[t] = id
			if !taken || g.by(other).owner() == by.owner() {
				continue
			}
			if by.groupWide() && kept <= g.row(other).ret || g.lastSign(other) > g.row(id).ret {
				g.accuse("two-owners", tp, []ID{other, id}, "both %s and %s own it in %d", g.by(other).Member, by.Member, by.Generation)
				last[t] = other
			}
		}
	}
}

// lastSign is when a member that was assigned something last asked what was answered as
// to that member: before it gave up all, or joined anew with the classic protocol. A
// consumer group takes who does so for a new member, if it does not know it, and may be
// another group by then.
func (g *group) lastSign(assigned ID) int64 {
	member, from := g.by(assigned).Member, g.row(assigned).ret
	until := int64(never)
	for _, ids := range [][]ID{g.releases, g.assigns} {
		for _, id := range ids {
			if r := g.row(id); (g.joins(id) || r.kind == ReleaseOp && r.count == 0) && r.invoke >= from && g.by(id).Member == member {
				until = min(until, r.invoke)
			}
		}
	}
	last := g.row(assigned).invoke
	for _, ids := range [][]ID{g.assigns, g.shows} {
		for _, id := range ids {
			if at := g.row(id).invoke; g.by(id).Member == member && !g.joins(id) && at >= from && at <= until {
				last = max(last, at)
			}
		}
	}
	return last
}

// joins tells whether a member asked by the classic protocol for what it was assigned.
func (g *group) joins(id ID) bool { return g.row(id).kind == AssignOp && g.classic[g.by(id).Member] }

// stillHeld finds partitions that another was given in a later epoch, while
// their owner was told that all is well: it still had them, and said so.
func (g *group) stillHeld() {
	holds := map[string]ID{} // the last assignment of each member
	next := g.assigns
	for _, beat := range g.shows {
		r, by := g.row(beat), g.by(beat)
		for len(next) > 0 && g.row(next[0]).invoke <= r.invoke {
			holds[g.by(next[0]).Member] = next[0]
			next = next[1:]
		}
		has, ok := holds[by.Member]
		if !ok || r.kind != HeartbeatOp || g.row(has).ret > r.invoke || g.by(has).Generation != by.Generation {
			continue
		}
		for _, tp := range g.h.ownedOf(g.row(has)) {
			g.stillHas(has, beat, tp)
		}
	}
}

func (g *group) stillHas(has, beat ID, tp TP) {
	by := g.by(beat)
	heir, ok := g.heir(tp, by, g.row(beat).invoke)
	if ok && g.knew(beat, heir.id) && !g.releasedBy(has, tp, g.row(beat).ret) {
		g.accuse("two-owners", tp, []ID{heir.id, beat}, "%s still has it in %d, and %s was given it in %d", by.Member, by.Generation, g.by(heir.id).Member, heir.value)
	}
}

// givenTooSoon finds partitions that another was given before their owner, who was
// asked to, had given them up, and the group had heard of it:
//
//	member a   told t-0 ... told to have nothing ... gives up t-0   heartbeat |---| ok
//	member b                                  told t-0
func (g *group) givenTooSoon() {
	for _, id := range g.releases {
		if g.row(id).count == 0 {
			continue
		}
		proof := g.nextSign(id)
		if proof < 0 {
			continue
		}
		for _, tp := range g.h.ownedOf(g.row(id)) {
			had := g.lastGrant(id, tp)
			if had < 0 {
				continue
			}
			if heir, ok := g.heir(tp, g.by(had), g.row(id).invoke); ok && g.knew(proof, heir.id) {
				g.accuse("two-owners", tp, []ID{had, heir.id, id, proof}, "%s gave it up after %s had been given it", g.by(id).Member, g.by(heir.id).Member)
			}
		}
	}
}

// nextSign is the next answer that takes a member for one, if it did not learn
// before that it was out. A join of the classic protocol does not: a static member may
// have missed a generation, and a consumer group takes who joins under an id that it
// does not know for a new member.
func (g *group) nextSign(release ID) ID {
	member, at := g.by(release).Member, g.row(release).invoke
	next := ID(-1)
	for _, ids := range [][]ID{g.assigns, g.shows} {
		for _, id := range ids {
			if r := g.row(id); !g.joins(id) && r.kind != CommitOp && r.invoke >= at && g.by(id).Member == member && (next < 0 || r.invoke < g.row(next).invoke) {
				next = id
			}
		}
	}
	for _, id := range g.releases {
		if r := g.row(id); next >= 0 && r.count == 0 && g.by(id).Member == member && r.invoke >= at && r.invoke <= g.row(next).ret {
			return -1
		}
	}
	return next
}

// lastGrant is the last assignment, before a member gave up a partition, that told
// it to have it.
func (g *group) lastGrant(release ID, tp TP) ID {
	last := ID(-1)
	for _, id := range g.assigns {
		if r := g.row(id); r.ret <= g.row(release).invoke && g.by(id).Member == g.by(release).Member && g.owns(id, tp) {
			last = id
		}
	}
	return last
}

// generationsGrow finds a generation that was told after a later one, of the same
// group: where something is committed, it stays so. Member epochs grow for each member.
func (g *group) generationsGrow(kept int64) {
	all, own := &climb{}, map[string]*climb{}
	of := func(by *Membership) *climb {
		if by.groupWide() {
			return all
		}
		if own[by.Member] == nil {
			own[by.Member] = &climb{}
		}
		return own[by.Member]
	}
	for _, id := range g.assigns {
		of(g.by(id)).add(g.row(id).ret, int64(g.by(id).Generation), id)
	}
	all.build()
	for _, l := range own {
		l.build()
	}
	for _, id := range g.assigns {
		by := g.by(id)
		before, ok := g.later(of(by), min(kept, g.born(by.Member)), g.row(id).invoke, by, anybody)
		if ok && g.knew(id, before.id) {
			g.accuse("generation-went-back", nowhere, []ID{before.id, id}, "%s is told %d, after %d was told", by.Member, by.Generation, before.value)
		}
	}
}

// keptSince is from when on a group has to be remembered: it has offsets, and
// members which were there before.
func (g *group) keptSince() int64 {
	since := int64(never)
	for _, p := range g.places {
		if len(p.forgets) > 0 {
			return never
		}
		for _, id := range p.commits {
			if r := g.row(id); r.outcome == OK {
				since = min(since, r.ret, g.born(g.by(id).Member))
			}
		}
	}
	return since
}
