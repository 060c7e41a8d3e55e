package meta

import (
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
)

// shape is what a partition is to become. ELR, leader and the end of a
// reassignment follow from it (Kafka's PartitionChangeBuilder):
//
//	isr asked for --> reassignment complete? --> ELR of who leaves --> election --> record
type shape struct {
	replicas, adding, removing []int32
	dirs                       []env.UUID // of each replica
	isr, elr, last             []int32    // last: the last known leader
	leader                     int32
	recovery                   int8
	lost                       []int32 // brokers whose replica cannot show its synced prefix
	election                   election
	anew                       bool // a new leader epoch, even for the same leader
	unclean                    bool // the leader may lack committed records
}

// Values of LeaderRecoveryState (KIP-704).
const (
	recovered  int8 = 0
	recovering int8 = 1
)

// shapeOf begins with what a partition is.
func shapeOf(p *Partition) *shape {
	return &shape{
		replicas: p.Replicas, adding: p.Adding, removing: p.Removing, dirs: p.Directories, isr: p.ISR, elr: p.ELR,
		last: p.LastKnownELR, leader: p.Leader, recovery: p.LeaderRecoveryState,
	}
}

// change writes the record that gives a partition, as it would be by now, its
// shape. It tells whether there was anything to write.
func (d *draft) change(t *Topic, p *Partition, next *shape) bool {
	next.complete()
	d.settleELR(t, p, next)
	d.elect(t, p, next)
	next.remember(p, d.c.elrOn())
	r := next.record(t, p)
	if r == nil {
		return false
	}
	d.addChange(t, p, r)
	return true
}

// complete ends a reassignment all of whose target replicas are in the ISR.
func (s *shape) complete() {
	if len(s.adding)+len(s.removing) == 0 {
		return
	}
	target := minus(s.replicas, s.removing)
	if len(target) == 0 || len(minus(target, s.isr)) > 0 {
		return
	}
	s.isr = minus(s.isr, s.removing)
	s.place(target)
	s.adding, s.removing = nil, nil
}

// place changes the replicas; who stays keeps its directory. Those of new ones
// are to be filled in.
func (s *shape) place(replicas []int32) {
	dirs := make([]env.UUID, len(replicas))
	for i, id := range replicas {
		if at := slices.Index(s.replicas, id); at >= 0 && at < len(s.dirs) {
			dirs[i] = s.dirs[at]
		}
	}
	s.replicas, s.dirs = replicas, dirs
}

// settleELR follows KIP-966: below min.insync.replicas nothing is committed, so
// who leaves the ISR then goes on holding all that is, and may lead. At or above
// it nobody outside the ISR is known to. Without the feature the last members of
// the ISR stay there, unless their storage is lost.
func (d *draft) settleELR(t *Topic, p *Partition, next *shape) {
	all := minus(slices.Concat(p.ELR, p.ISR), next.lost)
	next.isr = minus(next.isr, next.lost)
	if !d.c.elrOn() {
		if next.elr = nil; len(next.isr) == 0 {
			next.isr = common(minus(p.ISR, next.lost), next.replicas)
		}
		return
	}
	next.elr = common(minus(all, next.isr), next.replicas)
	slices.Sort(next.elr)
	next.elr = slices.Compact(next.elr)
	d.limitELR(t, next)
}

// limitELR empties the ELR once the ISR is large enough to commit.
func (d *draft) limitELR(t *Topic, next *shape) {
	// A8 (KAFKA-15583), the controller's half: who missed commits stays eligible.
	if len(next.isr) >= d.minISR(t, next.replicas) && !mutant.On("A8") {
		next.elr = nil
	}
}

// minISR is the size of the ISR from which on records are committed.
func (d *draft) minISR(t *Topic, replicas []int32) int {
	return min(d.topic(t.Name).MinInsyncReplicas, len(replicas))
}

// remember keeps the last known leader while nobody leads and nobody is in sync.
func (s *shape) remember(p *Partition, elrOn bool) {
	switch {
	case !elrOn:
	case s.leader != NoLeader:
		s.last = nil
	case len(s.isr) == 0 && p.Leader != NoLeader:
		s.last = []int32{p.Leader}
	}
}

// record is what makes the shape of p; nil if it has it.
func (s *shape) record(t *Topic, p *Partition) *PartitionChangeRecord {
	r := &PartitionChangeRecord{PartitionID: p.Index, TopicID: t.ID, Leader: LeaderUnchanged, LeaderRecoveryState: -1}
	// Who is no replica any more must not be counted in the old epoch.
	if s.leader != p.Leader || s.anew || len(minus(p.Replicas, s.replicas)) > 0 {
		r.Leader = s.leader
	}
	if s.recovery != p.LeaderRecoveryState {
		r.LeaderRecoveryState = s.recovery
	}
	changed := differ(&r.ISR, p.ISR, s.isr)
	changed = differ(&r.ELR, p.ELR, s.elr) || changed
	changed = differ(&r.LastKnownELR, p.LastKnownELR, s.last) || changed
	changed = differ(&r.Replicas, p.Replicas, s.replicas) || changed
	changed = differ(&r.Adding, p.Adding, s.adding) || changed
	changed = differ(&r.Removing, p.Removing, s.removing) || changed
	changed = differ(&r.Directories, p.Directories, s.dirs) || changed
	if !changed && r.Leader == LeaderUnchanged && r.LeaderRecoveryState == -1 {
		return nil
	}
	return r
}

// differ sets a record's field if it changes; an empty one then is not nil.
func differ[T comparable](field *[]T, was, is []T) bool {
	if slices.Equal(was, is) {
		return false
	}
	*field = append(make([]T, 0, len(is)), is...)
	return true
}
