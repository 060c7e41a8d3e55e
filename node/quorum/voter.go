package quorum

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
)

// Voter is one member of the quorum. Node id and directory id together are its
// identity (KIP-853's ReplicaKey).
type Voter struct {
	ID        int32
	Dir       env.UUID // zero: not known yet
	Endpoints []Endpoint
}

// Endpoint is where a voter listens for its like.
type Endpoint struct {
	Name string // of the listener, for instance CONTROLLER
	Host string
	Port uint16
}

func (v Voter) String() string { return fmt.Sprintf("%d@%v", v.ID, v.Dir) }

// is tells whether two have the same identity.
func (v Voter) is(o Voter) bool { return v.ID == o.ID && v.Dir == o.Dir }

// raftID is a voter's name in raft: a hash of its identity, never one of the
// values to which raft gives a meaning (0, and the two largest).
func (v Voter) raftID() uint64 {
	b := binary.BigEndian.AppendUint32(nil, uint32(v.ID))
	if !mutant.On("A29") { // A29: a wiped voter votes again under its old identity
		b = append(b, v.Dir[:]...)
	}
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint64(sum[:])%(1<<64-3) + 1
}

// raftIDs are the voters' names in raft, ascending.
func raftIDs(voters []Voter) []uint64 {
	var ids []uint64
	for _, v := range voters {
		ids = append(ids, v.raftID())
	}
	slices.Sort(ids)
	return ids
}

// checkSet refuses a set that cannot be a quorum's: empty, two of one node id,
// or (once in 2^64) two whose hashes are the same.
func checkSet(voters []Voter) error {
	ids := map[int32]bool{}
	hashes := map[uint64]bool{}
	for _, v := range voters {
		if ids[v.ID] || hashes[v.raftID()] {
			return fmt.Errorf("%w: %v collides with another", ErrVoters, v)
		}
		ids[v.ID], hashes[v.raftID()] = true, true
	}
	if len(voters) == 0 {
		return fmt.Errorf("%w: it is empty", ErrVoters)
	}
	return nil
}

func contains(voters []Voter, who Voter) bool { return slices.ContainsFunc(voters, who.is) }
