package storage

import (
	"odradek/node/env"
	"odradek/node/record"
)

// resync finds the first intact batch behind a damaged one, which begins at a
// position and should have an offset:
//
//	by its size, if that is intact | byte by byte, where another batch or the end follows
//
// for a record may hold what looks like a batch. Batches end at the position to,
// and their offsets below limit.
func (l *Log) resync(t *env.Task, s *segment, at, to, offset, limit int64) (position, base int64, found bool, err error) {
	head, err := l.read(t, s, at, min(record.HeaderSize, to-at))
	if err != nil {
		return 0, 0, false, err
	}
	if size, err := record.PeekSize(head); err == nil {
		b, err := l.intactAt(t, s, at+int64(size), to)
		switch {
		case err != nil:
			return 0, 0, false, err
		case b != nil && b.BaseOffset() > offset && b.NextOffset() <= limit:
			return at + int64(size), b.BaseOffset(), true, nil
		}
	}
	for at++; to-at >= record.HeaderSize; {
		window, err := l.read(t, s, at, min(scanWindow, to-at))
		if err != nil || len(window) < record.HeaderSize {
			return 0, 0, false, err
		}
		n := len(window) - record.HeaderSize + 1
		for i := range n {
			head := record.Batch(window[i:])
			if head.Magic() != record.Magic || head.BaseOffset() <= offset || head.BaseOffset() >= limit {
				continue
			}
			follows, err := l.followed(t, s, at+int64(i), to)
			if err != nil || follows {
				return at + int64(i), head.BaseOffset(), follows, err
			}
		}
		at += int64(n)
	}
	return 0, 0, false, nil
}

// intactAt is the batch at a position, nil if there is none that is intact.
func (l *Log) intactAt(t *env.Task, s *segment, at, to int64) (b record.Batch, err error) {
	head, err := l.read(t, s, at, min(record.Overhead, max(to-at, 0)))
	if err != nil {
		return nil, err
	}
	size, err := record.PeekSize(head)
	if err != nil || int64(size) > to-at {
		return nil, nil
	}
	whole, err := l.read(t, s, at, int64(size))
	if err != nil || record.Check(whole) != nil {
		return nil, err
	}
	return whole, nil
}

// followed tells whether there is an intact batch at a position, and behind it
// the next one, or the end.
func (l *Log) followed(t *env.Task, s *segment, at, to int64) (bool, error) {
	b, err := l.intactAt(t, s, at, to)
	if b == nil || err != nil {
		return false, err
	}
	if at += int64(len(b)); at == to {
		return true, nil
	}
	next, err := l.intactAt(t, s, at, to)
	return next != nil && next.BaseOffset() == b.NextOffset(), err
}
