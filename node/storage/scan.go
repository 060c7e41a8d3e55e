package storage

import (
	"errors"
	"fmt"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// scanWindow is how much of a segment is read at a time, in bytes; firstWindow how
// much where headers are looked at: an index leads near to the one that is wanted,
// and those who want more get windows twice as large each time.
const (
	scanWindow  = 256 << 10
	firstWindow = 8 << 10
)

// CorruptError says that a segment holds what is no batch.
type CorruptError struct {
	Segment  int64
	Position int64
	Err      error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("segment %d at byte %d: %v", e.Segment, e.Position, e.Err)
}
func (e *CorruptError) Unwrap() error { return e.Err }

// errGone says that a segment was deleted or cut off, or the log closed,
// meanwhile.
var errGone = errors.New("segment is gone")

// open makes sure that a segment's file is open.
func (l *Log) open(t *env.Task, s *segment) error {
	switch {
	case s.gone || l.closed:
		return errGone
	case s.file != 0:
		return nil
	}
	file := t.Out().NewFile()
	done := t.Do(env.Disk{Kind: env.Open, File: file, Path: l.path(name(s.base, logSuffix))})
	if done.Err != nil {
		return fmt.Errorf("segment %d: %w", s.base, done.Err)
	}
	if s.file != 0 || s.gone || l.closed { // another task was faster
		t.Do(env.Disk{Kind: env.Close, File: file})
		return l.open(t, s)
	}
	s.file = file
	return nil
}

func (l *Log) read(t *env.Task, s *segment, at, size int64) ([]byte, error) {
	if err := l.open(t, s); err != nil {
		return nil, err
	}
	done := t.Do(env.Disk{Kind: env.Read, File: s.file, Off: at, Len: int(size)})
	if done.Err != nil {
		return nil, fmt.Errorf("read segment %d at byte %d: %w", s.base, at, done.Err)
	}
	return done.Data, nil
}

// eachHeader visits the headers of the batches between two positions until
// visit says false. The Batch that it gives is only the header.
func (l *Log) eachHeader(t *env.Task, s *segment, at, to int64, visit func(b record.Batch, at int64) bool) error {
	var window []byte
	first, ask := at, int64(firstWindow) // position of the window, size of the next one
	for {
		if at = s.leap(at); at >= to {
			return nil
		}
		if have := first + int64(len(window)) - at; have < record.HeaderSize {
			data, err := l.read(t, s, at, min(ask, to-at))
			if err != nil {
				return err
			}
			window, first, ask = data, at, min(2*ask, scanWindow)
		}
		head := record.Batch(window[at-first:])
		if len(head) < record.HeaderSize {
			return &CorruptError{s.base, at, record.ErrTruncated}
		}
		size, err := record.PeekSize(head)
		if err != nil {
			return &CorruptError{s.base, at, err}
		}
		if !visit(head[:record.HeaderSize], at) {
			return nil
		}
		at += int64(size)
	}
}

// eachBatch visits whole batches, with their bytes, until visit says false. It
// stops without an error at bytes that cannot be a whole batch, and returns
// where it stopped. Like eachHeader it leaps over what is known to be damaged.
func (l *Log) eachBatch(t *env.Task, s *segment, at, to int64, visit func(b record.Batch, at int64) (bool, error)) (int64, error) {
	var window []byte
	for at < to {
		if next := s.leap(at); next != at {
			at, window = next, nil
			continue
		}
		size := int64(record.HeaderSize)
		if len(window) >= record.Overhead {
			n, err := record.PeekSize(window)
			if err != nil {
				return at, nil
			}
			size = int64(n)
		}
		if size > to-at {
			return at, nil
		}
		if int64(len(window)) >= size {
			more, err := visit(record.Batch(window[:size:size]), at)
			if err != nil || !more {
				return at, err
			}
			at, window = at+size, window[size:]
			continue
		}
		data, err := l.read(t, s, at, min(max(scanWindow, size), to-at))
		if err != nil || int64(len(data)) < size {
			return at, err
		}
		window = data
	}
	return at, nil
}

// positionOf is where the batch that holds or follows an offset begins.
func (l *Log) positionOf(t *env.Task, s *segment, offset int64) (int64, error) {
	if offset <= s.base {
		return 0, nil
	}
	if offset >= s.end {
		return s.size, nil
	}
	if err := l.loadIndexes(t, s); err != nil {
		return 0, err
	}
	position, sound, err := l.walkTo(t, s, offset, s.index.Lookup(offset-1-s.base)) // the batch at the offset itself may not be written yet
	if sound || err != nil {
		return position, err
	}
	from := int64(0)
	if s.end <= l.point.offset { // nobody else changes its indexes
		if err := l.rebuildIndexes(t, s); err != nil {
			return 0, err
		}
		from = s.index.Lookup(offset - 1 - s.base)
	}
	position, _, err = l.walkTo(t, s, offset, from)
	return position, err
}

// walkTo finds an offset from the position of a batch before it. It is not sound
// if there is none: an index may be damaged in ways that its form does not show.
func (l *Log) walkTo(t *env.Task, s *segment, offset, from int64) (position int64, sound bool, err error) {
	position, sound = s.size, true
	checked := from > 0 && !mutant.On("B14") // KAFKA-2012: the index is trusted
	err = l.eachHeader(t, s, from, s.size, func(b record.Batch, at int64) bool {
		if checked && at == from {
			if sound = b.Magic() == record.Magic && b.BaseOffset() >= s.base && b.LastOffset() < offset; !sound {
				return false
			}
		}
		if b.LastOffset() >= offset {
			position = at
			return false
		}
		size, _ := record.PeekSize(b)
		position = at + int64(size)
		return b.NextOffset() < offset
	})
	if err == nil && position > s.size { // a length is under no checksum
		err = &CorruptError{s.base, position, record.ErrSize}
	}
	var damage *CorruptError
	if checked && errors.As(err, &damage) && damage.Position == from {
		return 0, false, nil
	}
	return position, sound, err
}
