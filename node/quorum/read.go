package quorum

import (
	"errors"
	"sort"
)

// ErrSnapshot says that records before the log's start are asked for: the reader
// has to take the snapshot first.
var ErrSnapshot = errors.New("metadata log begins later: take the snapshot")

// ReadCommitted is for brokers that are no voters: whole batches from the one
// that holds an offset on, as they lie in the log, committed ones only; about
// max bytes, at least one batch. ErrSnapshot: see there, and Snapshot.
func (q *Quorum) ReadCommitted(from int64, max int) (batches []byte, err error) {
	base, _ := q.entries.base()
	if q.entries.snapshot == nil || from < q.entries.head() || q.applied < base {
		return nil, ErrSnapshot
	}
	list := q.entries.list[:q.applied-base]
	first := sort.Search(len(list), func(i int) bool { return list[i].batch.NextOffset() > from })
	for _, e := range list[first:] {
		b := e.batch
		if len(batches) > 0 && len(batches)+len(b) > max {
			break
		}
		batches = append(batches, b...)
	}
	return batches, nil
}

// CaughtUp tells whether all that this node can have replayed before it was
// started has been handed over again. Whoever carries out what is replayed must
// not begin sooner: it would go back in time.
func (q *Quorum) CaughtUp() bool {
	return q.node != nil && (q.high >= q.foundEnd || q.high >= q.log.End())
}

// HighWatermark is the offset below which all was committed and handed over.
func (q *Quorum) HighWatermark() int64 { return q.high }

// Snapshot is the latest checkpoint: its end (exclusive), the epoch of the record
// before, and the file. It is not to be changed. ok is false in an empty voter.
func (q *Quorum) Snapshot() (end int64, epoch int32, file []byte, ok bool) {
	c := q.entries.snapshot
	if c == nil {
		return 0, 0, nil, false
	}
	return c.offset, c.epoch, c.file, true
}
