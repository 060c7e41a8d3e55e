package quorum

import (
	"fmt"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"

	"odradek/node/record"
)

// entries are the log since the last checkpoint, in memory, as raft reads it
// (raft.Storage) and as pullers do.
//
//	index  base        base+1     base+2         last
//	       checkpoint  [batch]    [batch]  ...   [batch]
//	offset         head|                              |end
type entries struct {
	snapshot *checkpoint              // nil: this voter is empty
	list     []*entry                 // index base+1 and on
	promised promises                 // on disk
	wanted   bool                     // raft asked for a snapshot that knows all voters
	covers   func(c *checkpoint) bool // tells whether a snapshot does
}

// entry is one raft entry and the batch that it is on disk.
type entry struct {
	raft   *pb.Entry
	batch  record.Batch
	voters []Voter // that it sets, if it does
}

// newEntry reads a batch as the entry with an index.
func newEntry(index uint64, batch record.Batch) (*entry, error) {
	voters, err := votersIn(batch)
	if err != nil {
		return nil, err
	}
	e := &entry{batch: batch, voters: voters}
	e.raft = &pb.Entry{Index: &index, Term: new(uint64(batch.PartitionLeaderEpoch())), Type: pb.EntryNormal.Enum(), Data: batch}
	if voters != nil {
		e.raft.Type, e.raft.Data = pb.EntryConfChangeV2.Enum(), changeData(batch, nil)
	}
	return e, nil
}

// changeData is what an entry that changes the voters holds: raft's message, with
// the batch in its context.
func changeData(batch record.Batch, changes []*pb.ConfChangeSingle) []byte {
	b, err := proto.Marshal(&pb.ConfChangeV2{Changes: changes, Context: batch})
	if err != nil {
		panic("quorum: " + err.Error())
	}
	return b
}

// batchIn is the batch that a raft entry holds; nil in the empty one with which
// a leader begins.
func batchIn(e *pb.Entry) (record.Batch, error) {
	if e.GetType() == pb.EntryNormal {
		return e.Data, nil
	}
	var change pb.ConfChangeV2
	if err := proto.Unmarshal(e.Data, &change); err != nil {
		return nil, fmt.Errorf("entry %d: %w", e.GetIndex(), err)
	}
	return change.Context, nil
}

func (s *entries) base() (index, term uint64) {
	if s.snapshot == nil {
		return 0, 0
	}
	return s.snapshot.index, uint64(s.snapshot.epoch)
}

func (s *entries) last() uint64 {
	base, _ := s.base()
	return base + uint64(len(s.list))
}

// head and end are the offsets between which the entries lie.
func (s *entries) head() int64 {
	if s.snapshot == nil {
		return 0
	}
	return s.snapshot.offset
}

func (s *entries) end() int64 {
	if n := len(s.list); n > 0 {
		return s.list[n-1].batch.NextOffset()
	}
	return s.head()
}

// at is the entry with an index, nil if it is not here.
func (s *entries) at(index uint64) *entry {
	base, _ := s.base()
	if index <= base || index > s.last() {
		return nil
	}
	return s.list[index-base-1]
}

// offset is the offset after the entry with an index, -1 if that is not known.
func (s *entries) offset(index uint64) int64 {
	if e := s.at(index); e != nil {
		return e.batch.NextOffset()
	}
	if base, _ := s.base(); index == base {
		return s.head()
	}
	return -1
}

// cut forgets the entries from an index on.
func (s *entries) cut(index uint64) {
	base, _ := s.base()
	clear(s.list[index-base-1:])
	s.list = s.list[:index-base-1]
}

// compact forgets what a snapshot stands for.
func (s *entries) compact(c *checkpoint) {
	base, _ := s.base()
	n := min(c.index-base, uint64(len(s.list)))
	s.list = append([]*entry(nil), s.list[n:]...)
	s.snapshot = c
}

// restart begins anew at a snapshot.
func (s *entries) restart(c *checkpoint) { s.list, s.snapshot = nil, c }

// InitialState is raft's view of what was found at the start.
func (s *entries) InitialState() (*pb.HardState, *pb.ConfState, error) {
	conf := &pb.ConfState{}
	base, _ := s.base()
	if s.snapshot != nil {
		conf.Voters = raftIDs(s.snapshot.voters)
	}
	// What was committed was promised before it was written: it may be missing.
	commit := max(base, min(s.promised.commit, s.last()))
	return &pb.HardState{Term: new(s.promised.term), Vote: new(s.promised.vote), Commit: &commit}, conf, nil
}

// Entries are those in [lo, hi), at least one and else at most max bytes.
func (s *entries) Entries(lo, hi, max uint64) ([]*pb.Entry, error) {
	base, _ := s.base()
	switch {
	case lo <= base:
		return nil, raft.ErrCompacted
	case hi > s.last()+1:
		return nil, raft.ErrUnavailable
	}
	var all []*pb.Entry
	size := uint64(0)
	for ; lo < hi; lo++ {
		e := s.at(lo).raft
		if size += uint64(proto.Size(e)); size > max && len(all) > 0 {
			break
		}
		all = append(all, e)
	}
	return all, nil
}

// Term is that of an entry, or of the snapshot's end.
func (s *entries) Term(index uint64) (uint64, error) {
	base, term := s.base()
	switch {
	case index < base:
		return 0, raft.ErrCompacted
	case index == base:
		return term, nil
	case index > s.last():
		return 0, raft.ErrUnavailable
	}
	return s.at(index).raft.GetTerm(), nil
}

// LastIndex and FirstIndex bound what Entries has.
func (s *entries) LastIndex() (uint64, error) { return s.last(), nil }

// FirstIndex is the index after the snapshot's.
func (s *entries) FirstIndex() (uint64, error) {
	base, _ := s.base()
	return base + 1, nil
}

// Snapshot is the checkpoint, if the voter that lacks it would find itself in it.
func (s *entries) Snapshot() (*pb.Snapshot, error) {
	if s.snapshot == nil || !s.covers(s.snapshot) {
		s.wanted = true
		return nil, raft.ErrSnapshotTemporarilyUnavailable
	}
	return s.snapshot.message(), nil
}
