package storage

import (
	"odradek/node/env"
	"odradek/node/record"
)

// OffsetForTime finds the first record, below limit, whose timestamp is at or
// after ts (KIP-79).
func (l *Log) OffsetForTime(t *env.Task, ts, limit int64) (offset, timestamp int64, epoch int32, found bool, err error) {
	for i := 0; i < len(l.segments); i++ {
		s := l.segments[i]
		if s.end <= l.start {
			continue
		}
		if err := l.loadIndexes(t, s); err != nil {
			return -1, -1, -1, false, err
		}
		if s.largest.Timestamp < ts {
			continue
		}
		offset, timestamp, found, err = l.timeIn(t, s, ts, limit)
		if found || err != nil {
			return offset, timestamp, l.epochs.EpochAt(offset), found, err
		}
	}
	return -1, -1, -1, false, nil
}

func (l *Log) timeIn(t *env.Task, s *segment, ts, limit int64) (offset, timestamp int64, found bool, err error) {
	at := s.index.Lookup(s.times.Lookup(ts))
	codecs := record.NewCompressor()
	_, err = l.eachBatch(t, s, at, s.size, func(b record.Batch, _ int64) (bool, error) {
		if b.BaseOffset() >= limit {
			return false, nil
		}
		if b.MaxTimestamp() < ts || b.LastOffset() < l.start {
			return true, nil
		}
		for r, err := range record.Records(b, codecs, 0) {
			if err != nil {
				return false, err
			}
			if r.Timestamp >= ts && r.Offset >= l.start && r.Offset < limit {
				offset, timestamp, found = r.Offset, r.Timestamp, true
				return false, nil
			}
		}
		return true, nil
	})
	return offset, timestamp, found, err
}

// MaxTimestamp finds the first record with the largest timestamp below limit
// (KIP-734).
func (l *Log) MaxTimestamp(t *env.Task, limit int64) (offset, timestamp int64, epoch int32, found bool, err error) {
	var best *segment
	for i := 0; i < len(l.segments); i++ {
		s := l.segments[i]
		if s.end <= l.start {
			continue
		}
		if err := l.loadIndexes(t, s); err != nil {
			return -1, -1, -1, false, err
		}
		if best == nil || s.largest.Timestamp > best.largest.Timestamp {
			best = s
		}
	}
	if best == nil || best.largest.Timestamp < 0 {
		return -1, -1, -1, false, nil
	}
	offset, timestamp, found, err = l.timeIn(t, best, best.largest.Timestamp, limit)
	return offset, timestamp, l.epochs.EpochAt(offset), found, err
}
