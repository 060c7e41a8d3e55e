package storage

import (
	"slices"

	"odradek/node/env"
	"odradek/node/record"
)

// OffsetForTime finds the first record, below limit, whose timestamp is at or
// after ts (KIP-79).
func (l *Log) OffsetForTime(t *env.Task, ts, limit int64) (offset, timestamp int64, epoch int32, found bool, err error) {
	for _, s := range slices.Clone(l.segments) {
		if s.end <= l.start {
			continue
		}
		offset, timestamp, found, err = l.timeIn(t, s, ts, limit)
		if s.gone { // deleted meanwhile: it holds no answer
			continue
		}
		if found || err != nil {
			return offset, timestamp, l.epochs.EpochAt(offset), found, err
		}
	}
	return -1, -1, -1, false, nil
}

func (l *Log) timeIn(t *env.Task, s *segment, ts, limit int64) (offset, timestamp int64, found bool, err error) {
	if err := l.loadIndexes(t, s); err != nil || s.largest.Timestamp < ts {
		return 0, 0, false, err
	}
	next, ended := max(min(s.base+s.times.Lookup(ts), l.written), s.base), min(limit, l.written, s.end)
	at, err := l.positionOf(t, s, next)
	if err != nil {
		return 0, 0, false, err
	}
	codecs, first, edge := record.NewCompressor(), at, at
	at, err = l.eachBatch(t, s, at, s.size, func(b record.Batch, at int64) (bool, error) {
		follows := b.BaseOffset() == next || at == first && b.BaseOffset() < next && next < b.NextOffset()
		if at == edge && !follows { // no checksum covers the first offset
			return false, &CorruptError{s.base, at, errOffsets}
		}
		if next, edge = b.NextOffset(), at+int64(len(b)); b.BaseOffset() >= limit {
			return false, nil
		}
		if b.MaxTimestamp() < ts || b.LastOffset() < l.start {
			return true, nil
		}
		if err := record.Check(b); err != nil {
			return false, &CorruptError{s.base, at, err}
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
	if err == nil && !found && next < ended && s.behind(next) < ended {
		return 0, 0, false, &CorruptError{s.base, at, record.ErrSize}
	}
	to := s.end
	if found {
		to = offset
	}
	if passed := s.passes(max(l.start, s.base), min(to, limit)); passed != nil && err == nil {
		return 0, 0, false, passed // the record may be there
	}
	return offset, timestamp, found, err
}

// MaxTimestamp finds the first record with the largest timestamp below limit
// (KIP-734).
func (l *Log) MaxTimestamp(t *env.Task, limit int64) (offset, timestamp int64, epoch int32, found bool, err error) {
	for {
		best, latest, err := l.latest(t, limit)
		if best == nil || err != nil {
			return -1, -1, -1, false, err
		}
		offset, timestamp, found, err = l.timeIn(t, best, latest, limit)
		if best.gone { // deleted meanwhile: look again
			continue
		}
		return offset, timestamp, l.epochs.EpochAt(offset), found, err
	}
}

// latest is the first segment that has the largest timestamp, nil if none has.
func (l *Log) latest(t *env.Task, limit int64) (best *segment, latest int64, err error) {
	latest = record.NoTimestamp
	for _, s := range slices.Clone(l.segments) {
		if s.end <= l.start || s.base >= limit {
			continue
		}
		at, err := l.latestIn(t, s, limit)
		if s.gone {
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		if at > latest {
			best, latest = s, at
		}
	}
	return best, latest, nil
}

// latestIn is the largest timestamp of a segment's batches below limit, and at
// or above the start of the log.
func (l *Log) latestIn(t *env.Task, s *segment, limit int64) (int64, error) {
	if err := l.loadIndexes(t, s); err != nil {
		return 0, err
	}
	if s.end <= limit && s.base >= l.start {
		return s.largest.Timestamp, nil
	}
	latest := int64(record.NoTimestamp)
	end, err := l.positionOf(t, s, limit)
	if err != nil {
		return 0, err
	}
	begin, err := l.positionOf(t, s, l.start)
	if err != nil {
		return 0, err
	}
	_, err = l.eachBatch(t, s, begin, end, func(b record.Batch, _ int64) (bool, error) {
		at, err := l.latestOf(b)
		latest = max(latest, at)
		return true, err
	})
	return latest, err
}

// latestOf is the largest timestamp of a batch's records at or above the start.
func (l *Log) latestOf(b record.Batch) (int64, error) {
	if b.BaseOffset() >= l.start {
		return b.MaxTimestamp(), nil
	}
	latest := int64(record.NoTimestamp)
	for r, err := range record.Records(b, nil, 0) {
		if err != nil {
			return 0, err
		}
		if r.Offset >= l.start {
			latest = max(latest, r.Timestamp)
		}
	}
	return latest, nil
}
