package quorum

import (
	"slices"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// leaderChange is the batch of the empty entry with which a leader begins. Only
// the leader itself ever has the entry empty: others get it filled.
func (q *Quorum) leaderChange(term uint64, timestamp int64) record.Batch {
	return controlBatch(place{q.log.End(), int32(term)}, controlRecord(leaderChange, timestamp, encodeLeaderChange(q.o.Me, q.voters)))
}

// fill gives the empty entries of a message their batches; false: this voter has
// lost the term, and them, before the message left.
func (q *Quorum) fill(m *pb.Message) bool {
	for i, r := range m.Entries {
		if len(r.Data) > 0 {
			continue
		}
		e := q.entries.at(r.GetIndex())
		if e == nil || e.raft.GetTerm() != r.GetTerm() {
			return false
		}
		m.Entries = slices.Clone(m.Entries) // it may be a piece of raft's own
		m.Entries[i] = e.raft
	}
	return true
}

// apply gives the owner what is committed.
func (q *Quorum) apply(now env.Time, rd *raft.Ready, out *env.Outbox) {
	if !raft.IsEmptySnap(rd.Snapshot) {
		q.begun()
		q.giveSnapshot(now, out)
	}
	for _, r := range rd.CommittedEntries {
		if q.failed != nil {
			return
		}
		q.applyOne(now, q.entries.at(r.GetIndex()), out)
	}
}

func (q *Quorum) applyOne(now env.Time, e *entry, out *env.Outbox) {
	b := e.batch
	q.applied, q.high, q.since = e.raft.GetIndex(), b.NextOffset(), q.since+int64(len(b))
	switch {
	case e.voters != nil:
		q.changeVoters(e.voters)
	case !b.IsControl():
		epoch := b.PartitionLeaderEpoch()
		if mutant.On("A23") && q.leading != 0 {
			epoch = int32(q.leading)
		}
		records, err := values(b)
		if err != nil {
			q.fail(now, err, out)
			return
		}
		q.o.Owner.Committed(now, b.BaseOffset(), records, epoch, out)
	}
	if q.node != nil {
		q.lead(now, e, out)
	}
}

// lead lets the owner decide, once an entry of this leader's own is committed.
func (q *Quorum) lead(now env.Time, e *entry, out *env.Outbox) {
	s := q.node.BasicStatus()
	if s.RaftState != raft.StateLeader || s.GetTerm() != e.raft.GetTerm() || q.leading == s.GetTerm() {
		return
	}
	q.leading, q.end, q.changing = s.GetTerm(), q.entries.end(), 0
	q.told = leadership{q.o.Me.ID, int32(q.leading)}
	q.heardAt = map[uint64]fetch{}
	q.o.Owner.Leading(now, int32(q.leading), out)
}

// observe tells the owner who leads, if that has changed.
func (q *Quorum) observe(now env.Time, out *env.Outbox) {
	s := q.node.BasicStatus()
	if s.RaftState == raft.StateLeader && s.GetTerm() == q.leading {
		return
	}
	// A23 (Redpanda 3003): the commit index is looked at first, and the term only after.
	if mutant.On("A23") && q.leading != 0 && q.high < q.end {
		return
	}
	is := leadership{-1, int32(s.GetTerm())}
	if v, ok := q.known(s.Lead); ok && s.RaftState != raft.StateLeader {
		is.leader = v.ID
	}
	q.leading = 0
	if is != q.told {
		q.told = is
		q.o.Owner.Following(now, is.leader, is.epoch, out)
	}
}
