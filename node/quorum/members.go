package quorum

import (
	"fmt"
	"slices"

	pb "go.etcd.io/raft/v3/raftpb"

	"odradek/node/env"
)

// AddVoter proposes to add a voter, which should be running and may be empty; one
// with the same node id and another directory has to be removed first. It is in
// once Voters has it. Errors as of Propose; ErrBusy also while another change is
// under way, ErrVoters if it cannot be.
func (q *Quorum) AddVoter(now env.Time, v Voter, out *env.Outbox) error {
	if v.Dir.IsZero() {
		return fmt.Errorf("%w: %v has no directory id", ErrVoters, v)
	}
	return q.change(now, append(slices.Clone(q.voters), v), pb.ConfChangeAddNode, v, out)
}

// RemoveVoter proposes to remove a voter. A leader may remove itself, and then
// resigns.
func (q *Quorum) RemoveVoter(now env.Time, v Voter, out *env.Outbox) error {
	if !contains(q.voters, v) {
		return fmt.Errorf("%w: %v is not in it", ErrVoters, v)
	}
	return q.change(now, slices.DeleteFunc(slices.Clone(q.voters), v.is), pb.ConfChangeRemoveNode, v, out)
}

// Voters are those of the last committed change that was handed over.
func (q *Quorum) Voters() []Voter { return slices.Clone(q.voters) }

// Mentioned are all that the log names as voters, committed or not, the latest
// word on each: who asks for a vote may be in an entry that is not committed yet,
// and its answer has to reach it.
func (q *Quorum) Mentioned() []Voter {
	all := slices.Clone(q.voters)
	for _, e := range q.entries.list {
		for _, v := range e.voters {
			all = append(slices.DeleteFunc(all, func(x Voter) bool { return x.ID == v.ID }), v)
		}
	}
	return all
}

func (q *Quorum) change(now env.Time, to []Voter, kind pb.ConfChangeType, v Voter, out *env.Outbox) error {
	if err := q.leads(); err != nil {
		return err
	}
	if err := checkSet(to); err != nil {
		return err
	}
	if q.high < q.changing {
		return fmt.Errorf("%w: the voters are being changed", ErrBusy)
	}
	at := place{q.end, int32(q.leading)}
	batch := controlBatch(at, controlRecord(kraftVoters, now.Wall, encodeVoters(to)))
	c := &pb.ConfChangeV2{Context: batch, Changes: []*pb.ConfChangeSingle{{Type: kind.Enum(), NodeId: new(v.raftID())}}}
	end, err := q.propose(now, batch, func() error { return q.node.ProposeConfChange(c) }, out)
	if err == nil {
		q.changing = end
	}
	return err
}

// changeVoters lets raft know a committed change of one voter.
func (q *Quorum) changeVoters(to []Voter) {
	c := &pb.ConfChangeV2{}
	for _, v := range to {
		if !contains(q.voters, v) {
			c.Changes = append(c.Changes, &pb.ConfChangeSingle{Type: pb.ConfChangeAddNode.Enum(), NodeId: new(v.raftID())})
		}
	}
	for _, v := range q.voters {
		if !contains(to, v) {
			c.Changes = append(c.Changes, &pb.ConfChangeSingle{Type: pb.ConfChangeRemoveNode.Enum(), NodeId: new(v.raftID())})
		}
	}
	q.voters = to
	if len(c.Changes) > 0 && q.node != nil { // none is what raft takes for the end of a joint change
		q.node.ApplyConfChange(c)
	}
}

// covers tells whether all voters would find themselves in a snapshot.
func (q *Quorum) covers(c *checkpoint) bool {
	return !slices.ContainsFunc(q.voters, func(v Voter) bool { return !contains(c.voters, v) })
}
