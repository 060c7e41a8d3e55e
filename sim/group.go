package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"odradek/checker"
)

// group is a group whose members read all partitions of the run.
type group struct {
	*workload
	k          groupKnobs
	name       string
	targets    []target
	partitions int32
	calm       bool // nothing but itself can disturb it
	loads      bool // its coordinator is another one after the ending
	members    []*member
	lives      map[string]*instance
	ids        int
	leaving    bool          // all leave
	silent     time.Duration // since when nothing is produced
}

// instance is what is known of a static member: who it is now, and whether a join
// of it is on its way that may replace it at any time.
type instance struct {
	last   *member
	coming bool // another is about to be put in its place
	unsure bool
}

func (r *run) beginGroups() {
	calm := r.undisturbed()
	for i, k := range r.k.Groups {
		g := &group{workload: r.workload, k: k, name: "group-" + strconv.Itoa(i), targets: r.targets, partitions: r.k.Partitions,
			calm: calm, lives: map[string]*instance{}}
		r.groups = append(r.groups, g)
		for j, k := range k.Members {
			name := ""
			if k.Static {
				name = fmt.Sprintf("%s-i%d", g.name, j)
				g.lives[name] = &instance{}
			}
			g.add(k, name)
		}
	}
	for i := range r.k.Loners {
		r.loners = append(r.loners, r.loner("alone-"+strconv.Itoa(i)))
	}
}

func (g *group) add(k memberKnobs, instance string) {
	m := g.member(k, instance)
	g.members = append(g.members, m)
	if instance != "" {
		g.lives[instance].last, g.lives[instance].coming = m, false
	}
	m.again(g.w.between(0, g.k.Session))
}

// perMember tells whether each member has an epoch of its own: a group that may be
// converted from one protocol to the other has.
func (g *group) perMember() bool {
	return slices.ContainsFunc(g.k.Members, func(k memberKnobs) bool { return k.Epochs })
}

// find are the partitions of one topic.
func (g *group) find(parts []int32, of func(target) bool) (all []target) {
	for _, t := range g.targets {
		if of(t) && slices.Contains(parts, t.index) {
			all = append(all, t)
		}
	}
	return all
}

// settled tells whether members have all partitions, once each, and committed all.
func (g *group) settled() bool {
	owned := 0
	for _, m := range g.members {
		if !m.gone && !m.settled() {
			return false
		}
		if !m.gone {
			owned += len(m.owned)
		}
	}
	return owned == len(g.targets)
}

// settleGroups waits until all groups have read and committed everything; then
// members leave.
func (r *run) settleGroups() bool {
	all := func() bool { return !slices.ContainsFunc(r.groups, func(g *group) bool { return !g.settled() }) }
	if len(r.groups) == 0 {
		return true
	}
	for _, l := range r.loners {
		l.look()
	}
	for _, g := range r.groups {
		g.silent = r.w.now
	}
	if !r.w.Run(r.w.now+settleTime, mostEvents, all) {
		return false
	}
	r.h.Mark(r.at(), checker.GroupsSettled, "")
	for _, g := range r.groups {
		g.leaving = true
	}
	return r.w.Run(r.w.now+settleTime, mostEvents, func() bool {
		return !slices.ContainsFunc(r.groups, func(g *group) bool {
			return slices.ContainsFunc(g.members, func(m *member) bool { return !m.gone })
		})
	})
}

// unsettledGroups says what members have not done.
func (r *run) unsettledGroups() string {
	var b strings.Builder
	for _, g := range r.groups {
		for _, m := range g.members {
			if m.gone {
				continue
			}
			fmt.Fprintf(&b, "\n  %s joined %v generation %d coordinator %d:", m.c.name, m.joined, m.by.Generation, m.node)
			for _, x := range m.owned {
				fmt.Fprintf(&b, " %v at %d of %d committed %d;", x.tp(), x.at, x.high, m.commits[x.target])
			}
		}
	}
	return b.String()
}
