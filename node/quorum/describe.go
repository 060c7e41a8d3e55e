package quorum

import (
	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"

	"odradek/node/env"
)

// Description is what DescribeQuorum tells (KIP-595, KIP-836).
type Description struct {
	Leader        int32 // node id, -1: not known
	Epoch         int32
	HighWatermark int64
	Voters        []Replica
	Refused       int64 // frames
}

// Replica is one voter's progress. All but Voter is known to the leader alone.
type Replica struct {
	Voter      Voter
	LogEnd     int64 // -1: not known
	LastFetch  int64 // wall clock, ms; -1: not known
	LastCaught int64 // when it last had all that the leader had; wall clock, ms; -1
}

// fetch is when a voter was heard of, in ms.
type fetch struct{ last, caught int64 }

// Describe tells how the quorum stands.
func (q *Quorum) Describe(now env.Time) Description {
	d := Description{Leader: q.told.leader, Epoch: q.told.epoch, HighWatermark: q.high, Refused: q.refused}
	progress := q.progress()
	for i, v := range q.voters {
		r := Replica{v, -1, -1, -1}
		if q.leading != 0 {
			r = q.replica(now, progress[i])
		}
		d.Voters = append(d.Voters, r)
	}
	return d
}

func (q *Quorum) replica(now env.Time, p progress) Replica {
	if p.voter.is(q.o.Me) {
		return Replica{p.voter, q.end, now.Wall, now.Wall}
	}
	r := Replica{p.voter, q.entries.offset(p.match), -1, -1}
	if at, ok := q.heardAt[p.voter.raftID()]; ok {
		r.LastFetch, r.LastCaught = at.last, at.caught
	}
	return r
}

// noteFetch takes a follower's answer for a fetch.
func (q *Quorum) noteFetch(now env.Time, m *pb.Message) {
	if q.leading == 0 || q.failed != nil || m.GetType() != pb.MsgAppResp && m.GetType() != pb.MsgHeartbeatResp {
		return
	}
	at, ok := q.heardAt[m.GetFrom()]
	if !ok {
		at.caught = -1
	}
	at.last = now.Wall
	for _, p := range q.progress() {
		if p.voter.raftID() == m.GetFrom() && q.entries.offset(p.match) == q.end {
			at.caught = now.Wall
		}
	}
	q.heardAt[m.GetFrom()] = at
}

// progress is what a leader's raft knows of the voters, in their order.
type progress struct {
	voter Voter
	match uint64
}

func (q *Quorum) progress() []progress {
	all := make([]progress, len(q.voters))
	for i, v := range q.voters {
		all[i].voter = v
	}
	if q.node == nil {
		return all
	}
	q.node.WithProgress(func(id uint64, _ raft.ProgressType, p tracker.Progress) {
		for i := range all {
			if all[i].voter.raftID() == id {
				all[i].match = p.Match
			}
		}
	})
	return all
}
