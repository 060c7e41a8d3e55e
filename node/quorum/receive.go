package quorum

import (
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"

	"odradek/node/env"
)

// expected are the kinds of messages that voters send one another.
var expected = []pb.MessageType{pb.MsgApp, pb.MsgAppResp, pb.MsgVote, pb.MsgVoteResp, pb.MsgPreVote,
	pb.MsgPreVoteResp, pb.MsgSnap, pb.MsgHeartbeat, pb.MsgHeartbeatResp, pb.MsgTimeoutNow}

// Receive takes a frame of another voter. What belongs to another cluster, to
// another directory or to nothing is dropped and counted (Refused).
func (q *Quorum) Receive(now env.Time, frame []byte, out *env.Outbox) {
	if q.failed != nil {
		return
	}
	e, err := decodeEnvelope(frame)
	if err != nil || !q.concerns(&e) {
		q.refused++
		return
	}
	q.heard[e.from.raftID()] = e.from
	if e.kind == helloKind {
		q.receiveHello(now, &e, out)
		return
	}
	m, err := decodeMessage(e.payload)
	if err != nil || m.GetFrom() != e.from.raftID() || m.GetTo() != q.o.Me.raftID() {
		q.refused++
		return
	}
	if q.node != nil {
		q.step(now, m, out)
	}
}

// Refused counts the frames that were dropped.
func (q *Quorum) Refused() int64 { return q.refused }

func (q *Quorum) concerns(e *envelope) bool {
	to := e.to.ID == q.o.Me.ID && (e.to.Dir == q.o.Me.Dir || e.kind == helloKind && e.to.Dir.IsZero())
	// A29: who has only a node id takes what was sent to who it was.
	to = to || staleIdentity() && e.to.ID == q.o.Me.ID
	return to && e.cluster == q.o.ClusterID && e.from.ID != q.o.Me.ID
}

func (q *Quorum) step(now env.Time, m *pb.Message, out *env.Outbox) {
	q.guard(now, out, func() error {
		err := q.node.Step(m)
		if errors.Is(err, raft.ErrStepPeerNotFound) || errors.Is(err, raft.ErrProposalDropped) {
			return nil // it answers what was asked in an earlier role
		}
		return err
	})
	q.noteFetch(now, m)
	q.drive(now, out)
}

// decodeMessage reads raft's message and checks what raft takes on trust.
func decodeMessage(b []byte) (*pb.Message, error) {
	m := &pb.Message{}
	if err := proto.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%w: %w", errFrame, err)
	}
	if !slices.Contains(expected, m.GetType()) || m.GetTerm() == 0 || m.GetTerm() > maxTerm {
		return nil, fmt.Errorf("%w: %v of term %d", errFrame, m.GetType(), m.GetTerm())
	}
	if m.GetType() == pb.MsgSnap {
		_, err := received(m.Snapshot)
		return m, err
	}
	if len(m.Entries) > 0 && m.GetType() != pb.MsgApp {
		return nil, fmt.Errorf("%w: %v with entries", errFrame, m.GetType())
	}
	for i, e := range m.Entries {
		if err := checkEntry(e, m.GetIndex()+1+uint64(i), m.GetTerm()); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// checkEntry tells whether an entry of a leader of this term is whole, and its
// batch says the same as raft.
func checkEntry(e *pb.Entry, index, term uint64) error {
	if e.GetIndex() != index || e.GetTerm() > term || e.GetType() != pb.EntryNormal && e.GetType() != pb.EntryConfChangeV2 {
		return fmt.Errorf("%w: entry %d of term %d", errFrame, e.GetIndex(), e.GetTerm())
	}
	b, err := batchIn(e)
	if err != nil {
		return err
	}
	if err := checkBatch(b, e.GetTerm()); err != nil {
		return fmt.Errorf("%w: entry %d: %w", errFrame, index, err)
	}
	voters, err := votersIn(b)
	if err == nil && (voters != nil) != (e.GetType() == pb.EntryConfChangeV2) {
		err = fmt.Errorf("%w: entry %d is not of its type", errFrame, index)
	}
	return err
}
