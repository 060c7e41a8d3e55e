package invariant

import (
	"slices"

	"odradek/node/meta"
)

// The marks that a world may reach, and Reached counts.
const (
	Elections    = "leader elected"
	FromELR      = "leader elected from ELR"
	Leaderless   = "partition without a leader"
	Shrinks      = "ISR shrank"
	Joins        = "ISR grew"
	Reassigned   = "replicas changed"
	BelowMinimum = "members put into ELR"
	Cuts         = "log cut back"
)

// reach counts what a change of a partition's metadata shows.
func (x *Watch) reach(old, s *meta.Partition) {
	if old == nil {
		return
	}
	moved := s.LeaderEpoch > old.LeaderEpoch && s.Leader >= 0
	x.count(Elections, moved)
	x.count(FromELR, moved && slices.Contains(old.ELR, s.Leader))
	x.count(Leaderless, s.Leader < 0)
	x.count(Shrinks, len(s.ISR) < len(old.ISR))
	x.count(Joins, len(s.ISR) > len(old.ISR))
	x.count(Reassigned, !slices.Equal(s.Replicas, old.Replicas))
	x.count(BelowMinimum, len(s.ELR) > len(old.ELR))
}

func (x *Watch) count(mark string, reached bool) {
	if reached {
		x.marks[mark]++
	}
}

// Reached tells how often each mark was.
func (x *Watch) Reached() map[string]int { return x.marks }
