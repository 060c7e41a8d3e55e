package storage

import (
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
)

// AdvanceStart deletes the records before an offset (KIP-107): the new start is
// on disk before done is called. An offset below the start changes nothing.
func (l *Log) AdvanceStart(now env.Time, to int64, out *env.Outbox, done func(env.Time, error, *env.Outbox)) {
	if to <= l.start {
		done(now, l.stopped, out)
		return
	}
	if l.stopped != nil {
		done(now, l.stopped, out)
		return
	}
	l.o.Tasks.Start(now, out, func(t *env.Task) error { return l.advanceStart(t, to) }, done)
}

func (l *Log) advanceStart(t *env.Task, to int64) error {
	if err := l.await(t, l.uncut); err != nil {
		return err
	}
	l.working++
	defer func() { l.working-- }()
	generation := l.generation
	return l.troubled(t, generation, l.moveStart(t, min(to, l.end)))
}

func (l *Log) moveStart(t *env.Task, to int64) error {
	if l.stopped != nil {
		return l.stopped
	}
	if to > l.start {
		if err := l.harden(t, to); err != nil {
			return err
		}
		if err := l.writePoint(t, func(p *recoveryPoint) { p.start = max(p.start, to) }); err != nil {
			return err
		}
		l.start = max(l.start, to)
		l.epochs.TruncateFromStart(l.start)
		if mutant.On("D5") { // KAFKA-7190: the producers go with the records
			l.producers.DropBefore(l.start)
		}
	}
	return l.removeOld(t)
}

// removeOld deletes the segments that lie wholly before the start; the active
// one stays. Those past the recovery point wait for the next checkpoint: the
// producers in them are in no snapshot yet. One that is being mended waits, too.
func (l *Log) removeOld(t *env.Task) error {
	for len(l.segments) > 1 && l.segments[1].base <= min(l.start, l.point.offset) && !l.segments[0].mending {
		s := l.segments[0]
		l.segments = l.segments[1:]
		l.recent.drop(s)
		if err := l.removeSegment(t, s); err != nil {
			return err
		}
	}
	return nil
}

// Retain deletes segments that are too old (retention.ms, by their largest
// timestamp; those without one stay) or too many (retention.bytes), never at or above the high
// watermark.
func (l *Log) Retain(now env.Time, highWatermark int64, out *env.Outbox) {
	c := l.o.Config
	if l.retaining || l.stopped != nil || l.cuts > 0 || l.active() == nil || c.RetentionMs < 0 && c.RetentionBytes < 0 {
		return
	}
	if s := l.segments[0]; (s.index != nil || s.timed) && !l.old(s, now) && !l.big(s, l.tooMuch()) && !mutant.On("B25") {
		return // most logs, most of the time
	}
	l.retaining = true
	l.o.Tasks.Start(now, out, func(t *env.Task) error { return l.retain(t, highWatermark) }, func(_ env.Time, err error, out *env.Outbox) {
		l.retaining = false
		if err != nil && l.stopped == nil {
			out.Logf(env.Warn, "retention of %s: %v", l.o.Dir, err)
		}
	})
}

func (l *Log) retain(t *env.Task, highWatermark int64) error {
	generation := l.generation
	to, err := l.expired(t, highWatermark)
	if err == nil {
		err = l.await(t, l.uncut)
	}
	if err != nil || to <= l.start || generation != l.generation {
		return err // what lies there now may be something else, and new
	}
	return l.advanceStart(t, to)
}

// uncut tells whether nothing is being cut off.
func (l *Log) uncut() bool { return l.cuts == 0 || l.stopped != nil }

// expired is the offset before which retention deletes.
func (l *Log) expired(t *env.Task, highWatermark int64) (int64, error) {
	to, over := l.start, l.tooMuch()
	for _, s := range slices.Clone(l.segments) {
		if s.gone {
			continue
		}
		if s.size == 0 && mutant.On("B25") { // KAFKA-6388: an empty segment is rolled, onto its own base
			l.roll(t.Out())
		}
		if s.size == 0 || s.end > highWatermark && !mutant.On("B20") { // B20 (KAFKA-5634): the high watermark is not looked at
			break
		}
		if s.index == nil && !s.timed {
			if err := l.loadIndexes(t, s); err != nil {
				return to, err
			}
		}
		old := l.old(s, t.Now())
		if !old && (s == l.active() || !l.big(s, over)) {
			break
		}
		over -= s.size
		to = s.end
		if s == l.active() && l.cuts == 0 && l.stopped == nil {
			l.roll(t.Out()) // or its file would stay
		}
	}
	return to, nil
}

// tooMuch is by how many bytes the log is larger than it may be, if that is bounded.
func (l *Log) tooMuch() int64 { return l.Size() - l.o.Config.RetentionBytes }

// old tells whether a segment with its indexes has been kept for long enough.
func (l *Log) old(s *segment, now env.Time) bool {
	keep := l.o.Config.RetentionMs
	return keep >= 0 && s.largest.Timestamp >= 0 && now.Wall-s.largest.Timestamp > keep
}

// big tells whether a log that is too large by so many bytes is large enough without
// the segment.
func (l *Log) big(s *segment, over int64) bool {
	return l.o.Config.RetentionBytes >= 0 && over >= s.size
}
