package storage

import (
	"container/list"
	"fmt"
	"path"

	"odradek/node/env"
	"odradek/node/record"
)

// segment is one .log file with its indexes.
//
//	base ........ synced ........ written ........ end
type segment struct {
	base    int64
	end     int64 // offset after its last record
	size    int64 // bytes handed to the disk
	file    env.FileID
	written int64 // offsets below are in the page cache
	synced  int64 // and these on disk

	creating int  // operations that must end before anything in it is durable
	gone     bool // it was deleted or cut off
	syncing  bool
	covered  int64           // by the sync under way: what was appended below
	largest  record.TimeMark // offset relative to the base
	begun    int64           // ms: largest timestamp of the first batch, or -1

	index      *OffsetIndex // nil: not loaded
	times      *TimeIndex
	sinceEntry int64 // bytes since the last index entry
	savedIndex int   // entries that are on disk
	savedTimes int
	sealed     bool // no more appends
	timed      bool // largest is known though the indexes are not loaded
	held       *list.Element

	damaged []stretch // ascending
	mends   int       // so many times its file was replaced
	mending bool      // its file is about to be replaced
}

func newSegment(base int64, file env.FileID) *segment {
	return &segment{
		base: base, end: base, written: base, synced: base, file: file,
		largest: record.NoMark(), begun: record.NoTimestamp, index: &OffsetIndex{}, times: &TimeIndex{},
	}
}

// name is a file of the segment: 20 digits of its base offset, and a suffix.
func name(base int64, suffix string) string { return fmt.Sprintf("%020d%s", base, suffix) }

const (
	logSuffix      = ".log"
	indexSuffix    = ".index"
	timeSuffix     = ".timeindex"
	snapshotSuffix = ".snapshot"
)

func (l *Log) path(file string) string { return path.Join(l.o.Dir, file) }

// durable is the offset below which all in the segment survives a power cut.
func (s *segment) durable() int64 {
	if s.creating > 0 {
		return s.base
	}
	return s.synced
}

// note takes a batch into account that comes next in the segment.
func (s *segment) note(b record.Batch, latest record.TimeMark, interval int64) {
	if s.begun == record.NoTimestamp {
		s.begun = latest.Timestamp
	}
	if latest.Timestamp > record.NoTimestamp {
		s.largest.Observe(latest.Timestamp, b.LastOffset()-s.base) // Kafka's: the batch's last, as batchMark
	}
	if s.index != nil {
		if s.sinceEntry > interval {
			s.index.Append(b.LastOffset()-s.base, s.size) // Kafka's key: the last offset
			s.times.Append(s.largest.Timestamp, s.largest.Offset)
			s.sinceEntry = 0
		}
		s.sinceEntry += int64(len(b))
	}
	s.size += int64(len(b))
	s.end = b.NextOffset()
}

// seal ends the segment: its largest timestamp becomes the last entry.
func (s *segment) seal() {
	s.sealed = true
	s.times.Append(s.largest.Timestamp, s.largest.Offset)
}
