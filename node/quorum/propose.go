package quorum

import (
	"errors"
	"fmt"

	"go.etcd.io/raft/v3"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// Propose appends records as one batch, which is committed as a whole or not at
// all. end is the offset after them: they are committed once Committed has
// handed over the record before it with the epoch given by Leading. After
// Following their fate is unknown. ErrNotLeader, ErrTooLarge, ErrBusy (too much
// is not committed yet), ErrFailed: nothing was appended.
func (q *Quorum) Propose(now env.Time, records [][]byte, out *env.Outbox) (end int64, err error) {
	if err := q.leads(); err != nil {
		return 0, err
	}
	batch, err := dataBatch(place{q.end, int32(q.leading)}, now.Wall, records)
	if err != nil {
		return 0, err
	}
	return q.propose(now, batch, func() error { return q.node.Propose(batch) }, out)
}

// NextOffset is where the next proposal will lie, while this voter leads.
func (q *Quorum) NextOffset() int64 { return q.end }

// leads tells whether proposals are taken, or why not.
func (q *Quorum) leads() error {
	if q.failed != nil {
		return q.failed
	}
	if q.node == nil || q.leading == 0 {
		return ErrNotLeader
	}
	if s := q.node.BasicStatus(); s.RaftState != raft.StateLeader || s.GetTerm() != q.leading {
		return ErrNotLeader
	}
	return nil
}

func (q *Quorum) propose(now env.Time, batch record.Batch, give func() error, out *env.Outbox) (end int64, err error) {
	q.guard(now, out, func() error { err = give(); return nil })
	switch {
	case q.failed != nil:
		return 0, q.failed
	case errors.Is(err, raft.ErrProposalDropped):
		return 0, fmt.Errorf("%w: %w", ErrBusy, err)
	case err != nil:
		return 0, err
	}
	end = batch.NextOffset()
	q.end = end
	q.drive(now, out)
	return end, nil
}

// Resign hands the leadership to the voter that has most of the log, for a
// shutdown without an election's wait. Proposals are ErrBusy meanwhile; if it does
// not come about within an election timeout, this voter leads on.
func (q *Quorum) Resign(now env.Time, out *env.Outbox) {
	if q.leads() != nil {
		return
	}
	var heir progress
	for _, p := range q.progress() {
		if !p.voter.is(q.o.Me) && p.match > heir.match {
			heir = p
		}
	}
	if heir.match > 0 {
		q.guard(now, out, func() error { q.node.TransferLeader(heir.voter.raftID()); return nil })
		q.drive(now, out)
	}
}

// staleIdentity is the mutant A29: a node id is all there is to a voter.
func staleIdentity() bool { return mutant.On("A29") }
