package quorum

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path"

	"odradek/node/env"
	"odradek/node/storage"
)

// quorumState is the file quorum-state, version 1 of Kafka's QuorumStateData:
// what a voter has promised.
type quorumState struct {
	LeaderID    int32  `json:"leaderId"` // -1: the leader is not kept, it makes itself known
	LeaderEpoch int32  `json:"leaderEpoch"`
	VotedID     int32  `json:"votedId"`
	VotedDir    string `json:"votedDirectoryId"`
	Version     int    `json:"data_version"`
	CommitIndex uint64 `json:"commitIndex"`        // ours, which Kafka skips: see promises
	Observes    bool   `json:"observes,omitempty"` // ours: it had a vote, and keeps what it promised
}

const stateFile = "quorum-state"

var errState = errors.New("quorum-state is damaged")

// stateOf is the file's content for promises. Who was voted for is known: it
// asked.
func (q *Quorum) stateOf(p promises, observes bool) ([]byte, error) {
	s := quorumState{LeaderID: -1, LeaderEpoch: int32(p.term), VotedID: -1, VotedDir: env.UUID{}.String(), Version: 1,
		CommitIndex: p.commit, Observes: observes}
	if p.vote != 0 {
		v, ok := q.known(p.vote)
		if !ok {
			return nil, fmt.Errorf("%w: a vote for %x, who is not known", errState, p.vote)
		}
		s.VotedID, s.VotedDir = v.ID, v.Dir.String()
	}
	b, err := json.Marshal(s)
	return b, err
}

func parseState(b []byte) (h promises, elected Voter, observes bool, err error) {
	s := quorumState{VotedID: -1}
	if err := json.Unmarshal(b, &s); err != nil {
		return h, elected, false, fmt.Errorf("%w: %w", errState, err)
	}
	if s.Version != 1 || s.LeaderEpoch < 0 {
		return h, elected, false, fmt.Errorf("%w: version %d, epoch %d", errState, s.Version, s.LeaderEpoch)
	}
	if s.VotedID >= 0 {
		dir, err := env.ParseUUID(s.VotedDir)
		if err != nil {
			return h, elected, false, fmt.Errorf("%w: %w", errState, err)
		}
		elected = Voter{ID: s.VotedID, Dir: dir}
		h.vote = elected.raftID()
	}
	h.term, h.commit = uint64(s.LeaderEpoch), s.CommitIndex
	return h, elected, s.Observes, nil
}

// promises are what a voter may not forget: its term, whom it voted for in it,
// and that the voters were changed (commit is at or after the last change that
// took effect). Who forgot that would campaign among voters of long ago.
type promises struct{ term, vote, commit uint64 }

// readState finds the promises on disk; voted is false where there are none, or
// only those of a voter that was removed and observes since.
func (q *Quorum) readState(t *env.Task) (voted bool, err error) {
	b, err := storage.ReadFile(t, path.Join(q.o.Dir, stateFile))
	if errors.Is(err, env.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	h, elected, observes, err := parseState(b)
	if err != nil {
		return true, fmt.Errorf("%w: %w", ErrLost, err)
	}
	q.entries.promised, q.voted, q.left = h, !observes, observes
	if h.vote != 0 {
		q.heard[h.vote] = elected // it may have to be written again
	}
	return q.voted, nil
}

// maxTerm is the largest term that a batch's epoch can hold.
const maxTerm = math.MaxInt32
