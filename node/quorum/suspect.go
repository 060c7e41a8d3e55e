package quorum

import (
	"slices"

	"go.etcd.io/raft/v3"

	"odradek/node/env"
)

// suspectTicks is how many ticks lie between the campaigns of voters that all
// suspect their leader, so that they do not split the vote.
const suspectTicks = 2

// Suspect is a hint that a leader is gone: the connection to it was closed. This
// voter forgets it, so that it may vote for another one, and stands for election
// soon, the voters one after the other. If the leader lives, the others have not
// forgotten it, and raft's pre-vote keeps the campaign from disturbing them.
func (q *Quorum) Suspect(now env.Time, leader int32, out *env.Outbox) {
	if q.failed != nil || q.node == nil || q.told.leader != leader || leader == q.o.Me.ID {
		return
	}
	q.guard(now, out, q.node.ForgetLeader)
	q.hurry = 1 + suspectTicks*q.rank(leader)
	q.drive(now, out)
}

// rank is this voter's place among those that may follow a leader.
func (q *Quorum) rank(leader int32) int {
	var ids []int32
	for _, v := range q.voters {
		if v.ID != leader {
			ids = append(ids, v.ID)
		}
	}
	slices.Sort(ids)
	return max(slices.Index(ids, q.o.Me.ID), 0)
}

// campaignSoon counts the ticks until a hurried campaign.
func (q *Quorum) campaignSoon() error {
	if q.hurry == 0 {
		return nil
	}
	if q.hurry--; q.hurry > 0 || q.node.BasicStatus().Lead != raft.None {
		return nil
	}
	return q.node.Campaign()
}
