package quorum

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path"

	pb "go.etcd.io/raft/v3/raftpb"

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
}

const stateFile = "quorum-state"

var errState = errors.New("quorum-state is damaged")

// stateOf is the file's content for a hard state. Who was voted for is known: it
// asked.
func (q *Quorum) stateOf(h *pb.HardState) ([]byte, error) {
	s := quorumState{LeaderID: -1, LeaderEpoch: int32(h.GetTerm()), VotedID: -1, VotedDir: env.UUID{}.String(), Version: 1}
	if vote := h.GetVote(); vote != 0 {
		v, ok := q.known(vote)
		if !ok {
			return nil, fmt.Errorf("%w: a vote for %x, who is not known", errState, vote)
		}
		s.VotedID, s.VotedDir = v.ID, v.Dir.String()
	}
	b, err := json.Marshal(s)
	return b, err
}

func parseState(b []byte) (term, vote uint64, err error) {
	s := quorumState{VotedID: -1}
	if err := json.Unmarshal(b, &s); err != nil {
		return 0, 0, fmt.Errorf("%w: %w", errState, err)
	}
	if s.Version != 1 || s.LeaderEpoch < 0 {
		return 0, 0, fmt.Errorf("%w: version %d, epoch %d", errState, s.Version, s.LeaderEpoch)
	}
	if s.VotedID >= 0 {
		dir, err := env.ParseUUID(s.VotedDir)
		if err != nil {
			return 0, 0, fmt.Errorf("%w: %w", errState, err)
		}
		vote = Voter{ID: s.VotedID, Dir: dir}.raftID()
	}
	return uint64(s.LeaderEpoch), vote, nil
}

// readState finds the promises on disk; found is false where there are none.
func readState(t *env.Task, dir string) (term, vote uint64, found bool, err error) {
	b, err := storage.ReadFile(t, path.Join(dir, stateFile))
	if errors.Is(err, env.ErrNotExist) {
		return 0, 0, false, nil
	}
	if err != nil {
		return 0, 0, false, err
	}
	if term, vote, err = parseState(b); err != nil {
		err = fmt.Errorf("%w: %w", ErrLost, err)
	}
	return term, vote, true, err
}

// maxTerm is the largest term that a batch's epoch can hold.
const maxTerm = math.MaxInt32
