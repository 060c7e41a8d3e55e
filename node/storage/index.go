package storage

import (
	"errors"
	"fmt"
	"slices"

	"odradek/node/env"
	"odradek/node/record"
)

// loadIndexes makes sure that a segment's indexes are in memory: from their
// files, or, where these are missing or damaged, from the records.
func (l *Log) loadIndexes(t *env.Task, s *segment) error {
	if s.index == nil {
		if err := l.bringIndexes(t, s); err != nil {
			return err
		}
	}
	l.o.Indexes.use(l, s)
	return nil
}

func (l *Log) bringIndexes(t *env.Task, s *segment) error {
	index, times, err := l.readIndexes(t, s)
	if err == nil {
		s.takeIndexes(index, times)
		return nil
	}
	if !errors.Is(err, errIndex) && !errors.Is(err, env.ErrNotExist) {
		return err
	}
	return l.rebuildIndexes(t, s)
}

func (s *segment) takeIndexes(index *OffsetIndex, times *TimeIndex) {
	if s.index != nil {
		return // another task was faster
	}
	s.index, s.times = index, times
	s.savedIndex, s.savedTimes = index.Len(), times.Len()
	if at, relative := times.Last(); at > s.largest.Timestamp {
		s.largest = record.TimeMark{Timestamp: at, Offset: relative}
	}
}

func (l *Log) readIndexes(t *env.Task, s *segment) (*OffsetIndex, *TimeIndex, error) {
	b, err := ReadFile(t, l.path(name(s.base, indexSuffix)))
	if err != nil {
		return nil, nil, err
	}
	index, err := ParseOffsetIndex(b, s.size)
	if err != nil {
		return nil, nil, err
	}
	if b, err = ReadFile(t, l.path(name(s.base, timeSuffix))); err != nil {
		return nil, nil, err
	}
	times, err := ParseTimeIndex(b)
	return index, times, err
}

// rebuildIndexes derives the indexes of a whole segment from its headers.
func (l *Log) rebuildIndexes(t *env.Task, s *segment) error {
	fresh := newSegment(s.base, s.file)
	err := l.eachHeader(t, s, 0, s.size, func(b record.Batch, at int64) bool {
		size, _ := record.PeekSize(b)
		fresh.size = at
		fresh.noteHeader(b, int64(size), l.o.Config.IndexInterval)
		return true
	})
	if err != nil {
		return fmt.Errorf("rebuild the index of segment %d: %w", s.base, err)
	}
	fresh.times.Append(fresh.largest.Timestamp, fresh.largest.Offset)
	s.index, s.times, s.largest = fresh.index, fresh.times, fresh.largest
	s.savedIndex, s.savedTimes = s.index.Len(), s.times.Len()
	return l.saveRebuilt(t, s, slices.Clone(fresh.index.Bytes(0)), slices.Clone(fresh.times.Bytes(0)))
}

// saveRebuilt leaves rebuilt indexes for the next start. If the disk is full it
// will have to build them again.
func (l *Log) saveRebuilt(t *env.Task, s *segment, index, times []byte) error {
	if l.stopped != nil {
		return nil
	}
	l.working++
	defer func() { l.working-- }()
	err := l.saveIndex(t, name(s.base, indexSuffix), index, 0)
	if err == nil {
		err = l.saveIndex(t, name(s.base, timeSuffix), times, 0)
	}
	if errors.Is(err, env.ErrNoSpace) {
		return nil
	}
	return err
}

// noteHeader is note with the header of a batch alone.
func (s *segment) noteHeader(b record.Batch, size, interval int64) {
	mark := batchMark(b)
	if mark.Timestamp > record.NoTimestamp {
		s.largest.Observe(mark.Timestamp, b.BaseOffset()+mark.Offset-s.base)
	}
	if s.sinceEntry > interval {
		s.index.Append(b.LastOffset()-s.base, s.size)
		s.times.Append(s.largest.Timestamp, s.largest.Offset)
		s.sinceEntry = 0
	}
	s.sinceEntry += size
}
