package storage

import (
	"errors"
	"fmt"

	"odradek/node/env"
	"odradek/node/record"
)

// fail is called for the first failure of a generation; what follows it on the
// same files is skipped by the disk and ignored here.
func (l *Log) fail(now env.Time, err error, out *env.Outbox) {
	if errors.Is(err, env.ErrCancelled) {
		return // the process ends: nothing failed
	}
	l.generation++
	l.creating = 0
	if errors.Is(err, env.ErrNoSpace) && l.stopped == nil {
		l.heal(now, err, out)
		return
	}
	l.stop(now, err, out)
}

func (l *Log) stop(now env.Time, err error, out *env.Outbox) {
	if l.stopped == nil {
		l.stopped = fmt.Errorf("%s: %w", l.o.Dir, err)
		l.o.Owner.LogFailed(now, l.stopped, out)
	}
}

// heal cuts off what a full disk did not take: nothing past Durable was
// acknowledged, so that all of it may go.
func (l *Log) heal(now env.Time, cause error, out *env.Outbox) {
	l.healing = true
	l.o.Owner.LogFailed(now, fmt.Errorf("%s: %w", l.o.Dir, cause), out)
	l.o.Tasks.Start(now, out, func(t *env.Task) error { return l.cut(t, l.durable) }, func(now env.Time, err error, out *env.Outbox) {
		l.healing = false
		if err != nil {
			l.stop(now, err, out)
			return
		}
		l.o.Owner.LogAdvanced(now, out)
	})
}

// cut makes an offset the end of the log: later segments go, the one that holds
// it is shortened, and what was derived from the records is derived again.
func (l *Log) cut(t *env.Task, to int64) error {
	for len(l.segments) > 0 && l.active().base >= to {
		if err := l.removeLast(t); err != nil {
			return err
		}
	}
	if s := l.active(); s == nil {
		l.exists = false // perhaps it never was; the next append makes sure
	} else if err := l.shorten(t, s, to); err != nil {
		return err
	}
	return l.cutTo(t, to)
}

func (l *Log) cutTo(t *env.Task, to int64) error {
	l.end, l.written, l.durable, l.unsynced = to, to, to, 0
	l.recent.reset()
	l.epochs.TruncateFromEnd(to)
	if l.point.offset > to {
		if err := l.movePoint(t, to); err != nil {
			return err
		}
	}
	return l.rebuildProducers(t)
}

func (l *Log) removeLast(t *env.Task) error {
	s := l.active()
	t.Do(env.Disk{Kind: env.Close, File: s.file})
	for _, suffix := range []string{logSuffix, indexSuffix, timeSuffix} {
		if done := t.Do(env.Disk{Kind: env.Remove, Path: l.path(name(s.base, suffix))}); done.Err != nil {
			return fmt.Errorf("remove segment %d: %w", s.base, done.Err)
		}
	}
	l.segments = l.segments[:len(l.segments)-1]
	return nil
}

// shorten cuts a segment at an offset, on disk too.
func (l *Log) shorten(t *env.Task, s *segment, to int64) error {
	if err := l.open(t, s); err != nil {
		return err
	}
	if reset := t.Do(env.Disk{Kind: env.Reset, File: s.file}); reset.Err != nil {
		return fmt.Errorf("segment %d: %w", s.base, reset.Err)
	}
	position, err := l.positionOf(t, s, to)
	if err != nil {
		return err
	}
	for _, d := range []env.Disk{{Kind: env.Truncate, File: s.file, Off: position}, {Kind: env.Sync, File: s.file}, {Kind: env.SyncDir, Path: l.o.Dir}} {
		if done := t.Do(d); done.Err != nil {
			return fmt.Errorf("shorten segment %d: %w", s.base, done.Err)
		}
	}
	if s.index != nil {
		s.index.Truncate(position)
		s.times.Truncate(to - s.base)
	}
	s.size, s.end, s.written, s.synced, s.syncing, s.sealed = position, to, to, to, false, false
	s.savedIndex, s.savedTimes = min(s.savedIndex, s.indexLen()), min(s.savedTimes, s.timesLen())
	s.sinceEntry = 0
	return l.remember(t, s)
}

// remember finds the largest timestamp of a segment again.
func (l *Log) remember(t *env.Task, s *segment) error {
	s.largest, s.begun = record.NoMark(), record.NoTimestamp
	return l.eachHeader(t, s, 0, s.size, func(b record.Batch, _ int64) bool {
		if s.begun == record.NoTimestamp {
			s.begun = b.MaxTimestamp()
		}
		s.largest.Observe(b.MaxTimestamp(), b.LastOffset()-s.base)
		return true
	})
}
