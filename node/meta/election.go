package meta

import (
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
)

// election is how a leader is chosen when a partition changes.
type election int

const (
	// electOnline keeps the leader that there is, or takes the first replica of
	// the ISR, or if that is empty of the ELR, that is active.
	electOnline election = iota
	// electPreferred takes the first replica if it is eligible.
	electPreferred
	// electUnclean takes any active replica before it leaves the partition
	// without a leader: committed records may be lost.
	electUnclean
)

// elect puts a leader into the shape, or nobody. One from outside the ISR is the
// whole ISR then.
func (d *draft) elect(t *Topic, p *Partition, next *shape) {
	leader := d.eligible(p, next)
	if leader == NoLeader && next.election == electUnclean {
		leader = d.uncleanLeader(p, next)
		next.unclean = leader != NoLeader
	}
	// A34 (KIP-966): the last known leader comes back without being asked for its storage.
	if leader == NoLeader && mutant.On("A34") && len(next.isr)+len(next.elr) == 0 && len(next.last) == 1 && d.ready(next, next.last[0]) {
		leader = next.last[0]
	}
	next.leader = leader
	switch {
	case next.unclean:
		next.isr, next.elr, next.recovery = []int32{leader}, nil, recovering
	case leader != NoLeader && !slices.Contains(next.isr, leader):
		next.isr, next.elr = []int32{leader}, minus(next.elr, []int32{leader})
		d.limitELR(t, next)
	}
}

// eligible is the leader that holds all committed records; NoLeader if none is
// active.
func (d *draft) eligible(p *Partition, next *shape) int32 {
	from := next.isr
	if len(from) == 0 {
		from = next.elr
	}
	order := next.replicas
	if next.election != electPreferred {
		order = append([]int32{p.Leader}, order...)
	} else if len(order) > 0 {
		order = append([]int32{order[0], p.Leader}, order[1:]...)
	}
	for _, id := range order {
		if slices.Contains(from, id) && d.ready(next, id) {
			return id
		}
	}
	return NoLeader
}

// uncleanLeader is any replica that is active. The last known leader comes last:
// it is in neither ISR nor ELR because its storage is lost.
func (d *draft) uncleanLeader(p *Partition, next *shape) int32 {
	worst := slices.Concat(next.last, next.lost)
	for _, id := range slices.Concat(minus(next.replicas, worst), common(next.replicas, worst)) {
		if d.ready(next, id) {
			return id
		}
	}
	return NoLeader
}

// ready tells whether a replica can serve: its broker is active and its log
// directory, as far as it is known, is online.
func (d *draft) ready(s *shape, id int32) bool {
	at := slices.Index(s.replicas, id)
	b := d.broker(id)
	return at >= 0 && b != nil && b.Active() && (at >= len(s.dirs) || b.online(s.dirs[at]))
}

// online tells whether a log directory may be there.
func (b *Broker) online(dir env.UUID) bool {
	return unknownDir(dir) || slices.Contains(b.LogDirs, dir)
}

// uncleanAllowed is how partitions of a topic elect by themselves.
func (d *draft) uncleanAllowed(t *Topic) election {
	if d.topic(t.Name).UncleanElection {
		return electUnclean
	}
	return electOnline
}
