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
	l.journal.giveUp()
	if errors.Is(err, env.ErrNoSpace) && l.stopped == nil {
		l.heal(now, err, out)
		return
	}
	l.stop(now, err, out)
}

// troubled passes on how a task ended that began in a generation. A full disk
// only means that it has to be done again; nor does it matter what befell a
// task whose log has changed under it.
func (l *Log) troubled(t *env.Task, generation int, err error) error {
	if err != nil && !errors.Is(err, env.ErrNoSpace) && generation == l.generation {
		l.fail(t.Now(), err, t.Out())
	}
	return err
}

func (l *Log) stop(now env.Time, err error, out *env.Outbox) {
	if l.stopped == nil {
		l.stopped = fmt.Errorf("%s: %w", l.o.Dir, err)
		l.o.Owner.LogFailed(now, l.stopped, out)
	}
}

// heal cuts off what a full disk did not take: nothing past Durable was
// acknowledged, so that all of it may go. Where less was promised, or followers
// read it, what is in the page cache stays.
func (l *Log) heal(now env.Time, cause error, out *env.Outbox) {
	keep := l.durable
	if l.relaxed() || l.shared {
		keep = l.written
	}
	l.cuts++
	l.working++
	l.journal.failing = true
	l.o.Owner.LogFailed(now, fmt.Errorf("%s: %w", l.o.Dir, cause), out)
	l.o.Tasks.Start(now, out, func(t *env.Task) error {
		uncut := l.producers
		err := l.cut(t, keep)
		l.journal.failing = false
		if err == nil { // only now: the journal may wait for the file that had failed
			err = l.o.Journal.cut(t, l, keep)
		}
		l.producers.Recall(uncut, keep)
		return err
	}, func(now env.Time, err error, out *env.Outbox) {
		l.cuts--
		l.working--
		if err != nil {
			l.stop(now, err, out)
			return
		}
		l.o.Owner.LogAdvanced(now, out)
	})
}

// cut makes an offset the end of the log: later segments go, the one that holds
// it is shortened, and what was derived from the records is derived again. The
// recovery point does not lie beyond.
func (l *Log) cut(t *env.Task, to int64) error {
	for len(l.segments) > 0 && (l.active().base >= to || l.beganInside(to)) {
		if err := l.removeLast(t); err != nil {
			return err
		}
	}
	if s := l.active(); s == nil {
		l.exists = false // perhaps it never was; the next append makes sure
	} else if s.end > to {
		if err := l.shorten(t, s, to); err != nil {
			return err
		}
	}
	if err := l.dropSnapshotsAfter(t, to); err != nil {
		return err
	}
	if err := l.syncDir(t); err != nil {
		return err
	}
	for _, s := range l.segments {
		s.syncing = false // who was to be told does not listen any more
	}
	l.end, l.written, l.unsynced = to, to, 0
	l.journal.drop(to)
	l.synced = l.reach(min(l.synced, to), (*segment).durable)
	l.durable = max(l.synced, l.journalled())
	l.journal.asked = l.durable
	l.recent.reset()
	l.epochs.TruncateFromEnd(to)
	return l.rebuildProducers(t)
}

// beganInside tells whether an offset is where the log began anew, inside the
// first batch: of it nothing stays.
func (l *Log) beganInside(offset int64) bool {
	return len(l.segments) == 1 && l.point == recoveryPoint{offset: offset, start: offset, high: l.point.high}
}

func (l *Log) removeLast(t *env.Task) error {
	s := l.active()
	l.segments = l.segments[:len(l.segments)-1]
	return l.removeSegment(t, s)
}

// removeSegment closes and removes the files of a segment that is no longer
// part of the log.
func (l *Log) removeSegment(t *env.Task, s *segment) error {
	s.gone = true
	l.o.Indexes.drop(s)
	if s.file != 0 {
		t.Do(env.Disk{Kind: env.Close, File: s.file})
	}
	for _, suffix := range []string{logSuffix, indexSuffix, timeSuffix} {
		if done := t.Do(env.Disk{Kind: env.Remove, Path: l.path(name(s.base, suffix))}); done.Err != nil {
			return fmt.Errorf("remove segment %d: %w", s.base, done.Err)
		}
	}
	return nil
}

// shorten cuts a segment at an offset, on disk too. An answer on its way may
// still mean the bytes behind it: the next batch begins a new file.
func (l *Log) shorten(t *env.Task, s *segment, to int64) error {
	if err := l.open(t, s); err != nil {
		return err
	}
	if reset := t.Do(env.Disk{Kind: env.Reset, File: s.file}); reset.Err != nil {
		return fmt.Errorf("segment %d: %w", s.base, reset.Err)
	}
	if err := l.loadIndexes(t, s); err != nil {
		return err
	}
	position, err := l.positionOf(t, s, to)
	if err != nil {
		return err
	}
	for _, d := range []env.Disk{{Kind: env.Truncate, File: s.file, Off: position}, {Kind: env.Sync, File: s.file}} {
		if done := t.Do(d); done.Err != nil {
			return fmt.Errorf("shorten segment %d: %w", s.base, done.Err)
		}
	}
	s.index.Truncate(position)
	s.times.Truncate(to - s.base)
	s.size, s.end, s.written, s.synced, s.sealed = position, to, to, to, true
	s.savedIndex, s.savedTimes = min(s.savedIndex, s.index.Len()), min(s.savedTimes, s.times.Len())
	s.sinceEntry = 0
	s.crop()
	return l.remember(t, s)
}

// remember finds the largest timestamp of a segment again. Lookups go on
// meanwhile: they see the old one, which is not smaller.
func (l *Log) remember(t *env.Task, s *segment) error {
	largest, begun := record.NoMark(), int64(record.NoTimestamp)
	err := l.eachHeader(t, s, 0, s.size, func(b record.Batch, _ int64) bool {
		if begun == record.NoTimestamp {
			begun = b.MaxTimestamp()
		}
		largest.Observe(b.MaxTimestamp(), b.LastOffset()-s.base)
		return true
	})
	if err == nil {
		s.largest, s.begun = largest, begun
	}
	return err
}
