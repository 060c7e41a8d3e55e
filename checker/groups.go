package checker

import "slices"

// group is what the clients of one group did, in order of invocation.
type group struct {
	*check
	name     string
	assigns  []ID // answered well
	shows    []ID // commits and heartbeats answered well: signs of life
	leaves   []ID
	releases []ID
	places   []*place
	byTP     map[int32]*place
	heirsOf  map[TP]*climb
	classic  map[string]bool  // members that sent heartbeats of the classic protocol
	bornAt   map[string]int64 // when a member was first told that it is one
}

// place is one partition, as one group uses it.
type place struct {
	*group
	tp        TP
	commits   []ID // all but those that failed
	refused   []ID
	asks      []ID        // answered well
	forgets   []ID        // all but those that failed
	fetches   []ID        // answered well
	outsiders bool        // somebody commits who is no member
	seen      map[ID]bool // commits that an answer shows

	illegal bool // the committed offsets have no linearization
	vague   bool // they may have none, and the sweep could not tell
}

// groups sorts the operations of groups.
func (c *check) groups() []*group {
	var all []*group
	byName := map[string]*group{}
	for _, id := range c.inOrder() {
		r := c.row(id)
		name := c.h.members.list[r.by].Group
		if name == "" {
			continue
		}
		g := byName[name]
		if g == nil {
			g = &group{check: c, name: name, byTP: map[int32]*place{}, heirsOf: map[TP]*climb{}, bornAt: map[string]int64{}, classic: map[string]bool{}}
			byName[name] = g
			all = append(all, g)
		}
		g.file(id, r)
	}
	return all
}

// inOrder is every operation of a group.
func (c *check) inOrder() []ID {
	var ids []ID
	for i := range c.h.rows {
		if c.h.rows[i].by != 0 {
			ids = append(ids, ID(i))
		}
	}
	slices.SortStableFunc(ids, func(a, b ID) int { return compare(c.row(a).invoke, c.row(b).invoke) })
	return ids
}

func (g *group) file(id ID, r *row) {
	switch r.kind {
	case AssignOp, HeartbeatOp, LeaveOp, ReleaseOp:
		g.fileMember(id, r)
	default:
		p := g.byTP[r.tp]
		if p == nil {
			p = &place{group: g, tp: g.h.tps.list[r.tp], seen: map[ID]bool{}}
			g.byTP[r.tp] = p
			g.places = append(g.places, p)
		}
		p.file(id, r)
	}
}

func (g *group) fileMember(id ID, r *row) {
	if r.kind == HeartbeatOp {
		g.classic[g.by(id).Member] = true
	}
	switch {
	case r.kind == AssignOp && r.outcome == OK:
		g.assigns = append(g.assigns, id)
	case r.kind == HeartbeatOp && r.outcome == OK && !g.o.HeartbeatsMayBeBlind:
		g.shows = append(g.shows, id)
	case r.kind == LeaveOp:
		g.leaves = append(g.leaves, id)
	case r.kind == ReleaseOp:
		g.releases = append(g.releases, id)
	}
}

func (p *place) file(id ID, r *row) {
	switch {
	case r.kind == CommitOp && r.outcome == Fail:
		p.refused = append(p.refused, id)
	case r.kind == CommitOp:
		p.commits = append(p.commits, id)
		p.outsiders = p.outsiders || p.by(id).Member == ""
		if r.outcome == OK {
			p.shows = append(p.shows, id)
		}
	case r.kind == CommittedOp && r.outcome == OK:
		p.asks = append(p.asks, id)
	case r.kind == ForgetOp && r.outcome != Fail:
		p.forgets = append(p.forgets, id)
	case r.kind == FetchOp && answered(r):
		p.fetches = append(p.fetches, id)
	}
}

func (g *group) judge() {
	for _, p := range g.places {
		p.register()
		p.processing()
		p.withinLog()
	}
	g.fencing()
	g.owners()
	g.complete()
}

// by tells who asked.
func (c *check) by(id ID) *Membership { return &c.h.members.list[c.row(id).by] }

// accuse adds an anomaly of a group. Operations below 0 stand for "before all".
func (g *group) accuse(name string, tp TP, ops []ID, format string, args ...any) {
	g.blameAt(name, tp, ops, "group "+g.name+": "+format, args...)
}
