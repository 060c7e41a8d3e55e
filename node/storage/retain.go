package storage

import (
	"fmt"

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
	if to > l.start {
		err := l.writePoint(t, func(p *recoveryPoint) { p.start = max(p.start, to) })
		if err != nil {
			l.fail(t.Now(), err, t.Out())
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
// one stays.
func (l *Log) removeOld(t *env.Task) error {
	for len(l.segments) > 1 && l.segments[1].base <= l.start {
		s := l.segments[0]
		l.segments = l.segments[1:]
		file := s.file
		s.file = 0
		l.recent.drop(s)
		if file != 0 {
			t.Do(env.Disk{Kind: env.Close, File: file})
		}
		for _, suffix := range []string{logSuffix, indexSuffix, timeSuffix} {
			if done := t.Do(env.Disk{Kind: env.Remove, Path: l.path(name(s.base, suffix))}); done.Err != nil {
				return fmt.Errorf("remove segment %d: %w", s.base, done.Err)
			}
		}
	}
	return nil
}

// Retain deletes segments that are too old (retention.ms, by their largest
// timestamp) or too many (retention.bytes), never at or above the high
// watermark.
func (l *Log) Retain(now env.Time, highWatermark int64, out *env.Outbox) {
	c := l.o.Config
	if l.retaining || l.stopped != nil || l.healing || l.active() == nil || c.RetentionMs < 0 && c.RetentionBytes < 0 {
		return
	}
	l.retaining = true
	l.o.Tasks.Start(now, out, func(t *env.Task) error {
		to, err := l.expired(t, highWatermark)
		if err == nil && to > l.start {
			err = l.advanceStart(t, to)
		}
		return err
	}, func(_ env.Time, err error, out *env.Outbox) {
		l.retaining = false
		if err != nil && l.stopped == nil {
			out.Logf(env.Warn, "retention of %s: %v", l.o.Dir, err)
		}
	})
}

// expired is the offset before which retention deletes.
func (l *Log) expired(t *env.Task, highWatermark int64) (int64, error) {
	to, over := l.start, l.Size()-l.o.Config.RetentionBytes
	for i := 0; i < len(l.segments); i++ {
		s := l.segments[i]
		if s.size == 0 || s.end > highWatermark && !mutant.On("B20") { // B20 (KAFKA-5634): the high watermark is not looked at
			break
		}
		if err := l.loadIndexes(t, s); err != nil {
			return to, err
		}
		old := l.o.Config.RetentionMs >= 0 && t.Now().Wall-s.largest.Timestamp > l.o.Config.RetentionMs
		big := l.o.Config.RetentionBytes >= 0 && over >= s.size
		if s == l.active() && !old || !old && !big {
			break
		}
		over -= s.size
		to = s.end
		if s == l.active() {
			s.seal() // the next append begins a new segment
		}
	}
	return to, nil
}
