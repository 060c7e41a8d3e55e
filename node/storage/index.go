package storage

import (
	"errors"
	"fmt"

	"odradek/node/env"
	"odradek/node/record"
)

// loadIndexes makes sure that a segment's indexes are in memory: from their
// files, or, where these are missing or damaged, from the records.
func (l *Log) loadIndexes(t *env.Task, s *segment) error {
	if s.index != nil {
		return nil
	}
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
	b, err := l.readFile(t, name(s.base, indexSuffix))
	if err != nil {
		return nil, nil, err
	}
	index, err := ParseOffsetIndex(b, s.size)
	if err != nil {
		return nil, nil, err
	}
	if b, err = l.readFile(t, name(s.base, timeSuffix)); err != nil {
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
	s.takeIndexes(fresh.index, fresh.times)
	if err := l.saveIndex(t, name(s.base, indexSuffix), s.index.Bytes(0), 0); err != nil {
		return err
	}
	return l.saveIndex(t, name(s.base, timeSuffix), s.times.Bytes(0), 0)
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

// readFile reads a whole small file of the log's directory.
func (l *Log) readFile(t *env.Task, file string) ([]byte, error) {
	id := t.Out().NewFile()
	open := t.Do(env.Disk{Kind: env.Open, File: id, Path: l.path(file), Flags: env.ReadOnly})
	if open.Err != nil {
		return nil, fmt.Errorf("open %s: %w", file, open.Err)
	}
	read := t.Do(env.Disk{Kind: env.Read, File: id, Len: int(open.Size)})
	shut := t.Do(env.Disk{Kind: env.Close, File: id})
	if err := errors.Join(read.Err, shut.Err); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return read.Data, nil
}

// replaceFile puts a whole small file in place, durably: the old one or the new
// one is found, whatever happens meanwhile.
func (l *Log) replaceFile(t *env.Task, file string, data []byte) error {
	id, at := t.Out().NewFile(), l.path(file)
	for _, d := range []env.Disk{
		{Kind: env.Remove, Path: at + ".tmp"},
		{Kind: env.Open, File: id, Path: at + ".tmp", Flags: env.Create},
		{Kind: env.Write, File: id, Data: data},
		{Kind: env.Sync, File: id},
		{Kind: env.Close, File: id},
		{Kind: env.Rename, Path: at + ".tmp", To: at},
		{Kind: env.SyncDir, Path: l.o.Dir},
	} {
		if done := t.Do(d); done.Err != nil {
			return fmt.Errorf("write %s: %w", file, done.Err)
		}
	}
	return nil
}
