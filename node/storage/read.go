package storage

import (
	"fmt"
	"sort"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// Slice is a piece of the log, as ranges of its files. It begins with the batch
// that holds the offset asked for, and may end inside a batch.
type Slice struct {
	Parts []env.Part
	Size  int
	First int // size of the first batch
}

// Read finds the records from an offset on, below limit (exclusive, the high
// watermark), at most max bytes of one segment; with minOne the first batch
// comes whole. It does no I/O: ok is false when ReadSlow has to look. An
// *OffsetError says that from is outside the log, a *DamagedError that the record
// there is known to be damaged.
func (l *Log) Read(from int64, max int, limit int64, minOne bool) (slice Slice, ok bool, err error) {
	if from < l.start || from > l.end {
		return Slice{}, false, &OffsetError{from, l.start, l.end}
	}
	limit = min(limit, l.written)
	if from >= limit {
		return Slice{}, true, nil
	}
	if limit, err = l.sound(from, limit); err != nil {
		return Slice{}, false, err
	}
	places, ok := l.recent.from(from)
	if !ok || places[0].segment.file == 0 {
		return Slice{}, false, nil
	}
	first := places[0]
	if first.last >= limit {
		return Slice{}, true, nil
	}
	n := sort.Search(len(places), func(i int) bool {
		return places[i].last >= limit || places[i].segment != first.segment
	})
	last := places[n-1]
	return piece(first.segment, first.position, last.position+last.size, first.size, max, minOne), true, nil
}

func piece(s *segment, from, to, first int64, most int, minOne bool) Slice {
	size := min(to-from, int64(most))
	if minOne {
		size = max(size, first)
	}
	if size <= 0 {
		return Slice{First: int(first)}
	}
	return Slice{Parts: []env.Part{{File: s.file, Off: from, Len: int(size)}}, Size: int(size), First: int(first)}
}

// ReadSlow is Read for any offset: it looks into indexes and headers.
func (l *Log) ReadSlow(t *env.Task, from int64, max int, limit int64, minOne bool) (Slice, error) {
	for {
		if from < l.start || from > l.end {
			return Slice{}, &OffsetError{from, l.start, l.end}
		}
		limit = min(limit, l.written)
		s := l.holding(from)
		if from >= limit || s == nil {
			return Slice{}, nil
		}
		limit, err := l.sound(from, limit)
		if err != nil {
			return Slice{}, err
		}
		generation, mends := l.generation, s.mends
		slice, found, err := l.readSegment(t, s, from, max, limit, minOne)
		if err != nil && (s.gone || from < l.start) || generation != l.generation || mends != s.mends { // it was deleted, cut off or mended meanwhile
			continue
		}
		if found || err != nil {
			return slice, err
		}
		if from < s.end && s.end <= limit {
			return Slice{}, &CorruptError{s.base, s.size, fmt.Errorf("%w: none holds %d", errOffsets, from)}
		}
		from = s.end // nothing at or after it in this segment
	}
}

// holding is the last segment that begins at or before an offset.
func (l *Log) holding(offset int64) *segment {
	i := sort.Search(len(l.segments), func(i int) bool { return l.segments[i].base > offset })
	if i == 0 {
		return l.active()
	}
	return l.segments[i-1]
}

func (l *Log) readSegment(t *env.Task, s *segment, from int64, most int, limit int64, minOne bool) (Slice, bool, error) {
	start, err := l.positionOf(t, s, from)
	if err != nil {
		return Slice{}, false, err
	}
	if mutant.On("A16") { // KAFKA-9835: the size is read again
		limit = l.written
	}
	end, err := l.positionOf(t, s, limit)
	if err != nil || start >= end {
		return Slice{}, false, err
	}
	first, err := l.firstAt(t, s, start, end, from)
	if err != nil {
		return Slice{}, false, err
	}
	return piece(s, start, end, first, most, minOne), true, nil
}

// firstAt is the size of the batch at a position, which has to hold an offset: no
// checksum covers where a batch begins, and offsets have no gaps.
func (l *Log) firstAt(t *env.Task, s *segment, start, end, from int64) (int64, error) {
	head, err := l.read(t, s, start, min(record.HeaderSize, end-start))
	if err != nil {
		return 0, err
	}
	size, err := record.PeekSize(head)
	b := record.Batch(head)
	switch {
	case err != nil || len(head) < record.HeaderSize || start+int64(size) > end:
		return 0, &CorruptError{s.base, start, fmt.Errorf("first batch: %w", record.ErrSize)}
	case b.BaseOffset() > max(from, s.base) || b.LastOffset() < from:
		return 0, &CorruptError{s.base, start, fmt.Errorf("%w: %d to %d, where %d has to be", errOffsets, b.BaseOffset(), b.LastOffset(), from)}
	}
	return int64(size), nil
}
