package quorum

import (
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	pb "go.etcd.io/raft/v3/raftpb"

	"odradek/node/record"
)

// checkpoint is a snapshot of the state: what all records below offset amount
// to. Its file, as Kafka's (KIP-630), is a sequence of batches with offsets of
// its own:
//
//	control: SnapshotHeader (with the raft index), KRaftVersion, KRaftVoters
//	data:    records, some thousand bytes to a batch
//	control: SnapshotFooter
//
// The first one of a cluster, 0-0, only says who the voters are (KIP-853).
type checkpoint struct {
	offset int64 // the first one that is not in it
	epoch  int32 // of the record before
	index  uint64
	voters []Voter
	file   []byte
}

// The first checkpoint stands for raft's entry 1, so that a voter which has
// nothing needs it: it learns from it who the voters are.
const firstIndex = 1

const (
	checkpointSuffix = ".checkpoint"
	checkpointBatch  = 64 << 10 // bytes, about
)

var errCheckpoint = errors.New("checkpoint is damaged")

// build writes the file. Batches count up from offset 0.
func (c *checkpoint) build(timestamp int64, records iter.Seq[[]byte]) error {
	at := place{0, c.epoch}
	add := func(control bool, records ...record.Record) error {
		b, err := batchOf(at, control, records)
		c.file, at.offset = append(c.file, b...), at.offset+int64(len(records))
		return err
	}
	err := add(true, controlRecord(snapshotHeader, timestamp, encodeHeader(timestamp, c.index)),
		controlRecord(kraftVersion, timestamp, []byte{0, 0, 0, 1, 0}),
		controlRecord(kraftVoters, timestamp, encodeVoters(c.voters)))
	var some []record.Record
	size := 0
	for r := range records {
		some = append(some, record.Record{Timestamp: timestamp, Value: r})
		if size += len(r); size >= checkpointBatch {
			err = errors.Join(err, add(false, some...))
			some, size = nil, 0
		}
	}
	if len(some) > 0 {
		err = errors.Join(err, add(false, some...))
	}
	err = errors.Join(err, add(true, controlRecord(snapshotFooter, timestamp, []byte{0, 0, 0})))
	if err == nil && len(c.file) > MaxFrame-maxEntry {
		err = fmt.Errorf("%w: a snapshot of %d bytes", ErrTooLarge, len(c.file))
	}
	return err
}

// parseCheckpoint reads a file; that it is whole is known by its footer.
func parseCheckpoint(offset int64, epoch int32, file []byte) (*checkpoint, error) {
	c := &checkpoint{offset: offset, epoch: epoch, file: file}
	ended := false
	for b, err := range record.Batches(file) {
		if err == nil {
			err = checkBatch(b, uint64(epoch))
		}
		if err == nil && b.IsControl() {
			ended, err = c.control(b)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errCheckpoint, err)
		}
	}
	if !ended || c.index == 0 || c.voters == nil {
		return nil, fmt.Errorf("%w: no header, voters or footer", errCheckpoint)
	}
	return c, nil
}

func (c *checkpoint) control(b record.Batch) (ended bool, err error) {
	for r, err := range record.Records(b, nil, maxEntry) {
		if err != nil {
			return false, err
		}
		kind, err := record.ParseControl(r.Key)
		switch {
		case err != nil:
		case kind == snapshotHeader:
			c.index, err = decodeHeader(r.Value)
		case kind == kraftVoters:
			c.voters, err = decodeVoters(r.Value)
		case kind == snapshotFooter:
			ended = true
		}
		if err != nil {
			return false, err
		}
	}
	return ended, nil
}

// records are those of the state; parseCheckpoint found them sound.
func (c *checkpoint) records() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for b := range record.Batches(c.file) {
			if b.IsControl() {
				continue
			}
			for r := range record.Records(b, nil, maxEntry) {
				if !yield(r.Value) {
					return
				}
			}
		}
	}
}

// message is the checkpoint as raft carries it. The offset stands before the
// file, because a file does not tell its own name.
func (c *checkpoint) message() *pb.Snapshot {
	data := strconv.AppendInt(nil, c.offset, 10)
	return &pb.Snapshot{
		Data: append(append(data, '\n'), c.file...),
		Metadata: &pb.SnapshotMetadata{Index: &c.index, Term: new(uint64(c.epoch)),
			ConfState: &pb.ConfState{Voters: raftIDs(c.voters)}},
	}
}

// received reads a checkpoint from raft's message.
func received(s *pb.Snapshot) (*checkpoint, error) {
	digits, file, _ := strings.Cut(string(s.GetData()), "\n")
	offset, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || offset < 0 {
		return nil, fmt.Errorf("%w: offset %.20q", errCheckpoint, digits)
	}
	c, err := parseCheckpoint(offset, int32(s.GetMetadata().GetTerm()), []byte(file))
	if err != nil {
		return nil, err
	}
	conf := &pb.ConfState{Voters: raftIDs(c.voters)}
	if s.Metadata.ConfState == nil || conf.Equivalent(s.Metadata.ConfState) != nil || c.index != s.GetMetadata().GetIndex() {
		return nil, fmt.Errorf("%w: it is not what the message says", errCheckpoint)
	}
	return c, nil
}

// name is Kafka's name of a snapshot file: offset (exclusive) and epoch.
func (c *checkpoint) name() string {
	return fmt.Sprintf("%020d-%010d%s", c.offset, c.epoch, checkpointSuffix)
}

// parseName reads the name of a checkpoint.
func parseName(name string) (offset int64, epoch int32, ok bool) {
	id, is := strings.CutSuffix(name, checkpointSuffix)
	if !is || len(id) != 31 || id[20] != '-' {
		return 0, 0, false
	}
	offset, err1 := strconv.ParseInt(id[:20], 10, 64)
	e, err2 := strconv.ParseInt(id[21:], 10, 32)
	return offset, int32(e), err1 == nil && err2 == nil && offset >= 0 && e >= 0
}
