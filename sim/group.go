package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"odradek/checker"
	"odradek/node/config"
)

// groupKnobs are drawn for each group.
type groupKnobs struct {
	Epochs  bool // KIP-848
	Members int
	Session time.Duration
	Pause   time.Duration
}

// group is a group whose members read all partitions of the run.
type group struct {
	*workload
	k          groupKnobs
	name       string
	targets    []target
	partitions int32
	members    []*member
	ids        int
	silent     time.Duration // since when nothing is produced
}

// drawGroups gives a third of the seeds a group or two.
func drawGroups(rng *rand.Rand, k *Knobs) {
	if rng.IntN(3) != 0 {
		return
	}
	k.Offsets = 1 + rng.Int32N(4)
	for range 1 + rng.IntN(2) {
		k.Groups = append(k.Groups, groupKnobs{
			Epochs: rng.IntN(2) == 0, Members: 1 + rng.IntN(3), Session: time.Duration(300+rng.IntN(700)) * time.Millisecond,
			Pause: time.Duration(2+rng.IntN(20)) * time.Millisecond,
		})
	}
}

// groupSettings make groups quick.
func (k Knobs) groupSettings() []config.Setting {
	if len(k.Groups) == 0 {
		return nil
	}
	session := strconv.FormatInt(k.Groups[0].Session.Milliseconds(), 10)
	return []config.Setting{
		{Key: "offsets.topic.num.partitions", Value: strconv.Itoa(int(k.Offsets))},
		{Key: "offsets.topic.replication.factor", Value: strconv.Itoa(int(k.Admin.Replicas))},
		{Key: "group.min.session.timeout.ms", Value: "100"},
		{Key: "group.initial.rebalance.delay.ms", Value: "20"},
		{Key: "group.consumer.min.session.timeout.ms", Value: "100"},
		{Key: "group.consumer.min.heartbeat.interval.ms", Value: "10"},
		{Key: "group.consumer.heartbeat.interval.ms", Value: "50"},
		{Key: "group.consumer.session.timeout.ms", Value: session},
	}
}

func (r *run) beginGroups() {
	for i, k := range r.k.Groups {
		g := &group{workload: r.workload, k: k, name: "group-" + strconv.Itoa(i), targets: r.targets, partitions: r.k.Partitions}
		r.groups = append(r.groups, g)
		for range k.Members {
			g.add()
		}
	}
}

func (g *group) add() {
	m := g.member()
	g.members = append(g.members, m)
	m.again(g.w.between(0, g.k.Session))
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
	for _, g := range r.groups {
		g.silent = r.w.now
	}
	if !r.w.Run(r.w.now+settleTime, mostEvents, all) {
		return false
	}
	r.h.Mark(r.at(), checker.GroupsSettled, "")
	for _, g := range r.groups {
		for _, m := range g.members {
			m.leaving = true
		}
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
