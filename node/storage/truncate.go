package storage

import (
	"errors"
	"fmt"
	"slices"

	"odradek/node/env"
	"odradek/node/record"
)

// Truncate cuts off what lies at or after an offset, and the whole batch that
// holds it: a follower does so whose log differs from its leader's. It is on
// disk before done is called; until then nothing can be appended. An offset
// below the start leaves an empty log there. On a full disk it fails, with records
// of the old log or none, and can be tried again.
//
//	no write under way -> recovery point back -> end back, for readers -> files cut
//
// A crash in between leaves an end from to up to where it was. Producers whose
// records were deleted are forgotten if all snapshots of them lie beyond.
func (l *Log) Truncate(now env.Time, to int64, out *env.Outbox, done func(env.Time, error, *env.Outbox)) {
	if to >= l.end && l.Appendable() == nil {
		done(now, nil, out)
		return
	}
	l.cutBack(now, out, func(t *env.Task) error {
		if to < l.start {
			return l.restartAt(t, to, NewProducers())
		}
		return l.truncate(t, to)
	}, done)
}

// TruncateFully drops all records; the next one gets the offset start. It is on
// disk before done is called, as with Truncate.
func (l *Log) TruncateFully(now env.Time, start int64, out *env.Outbox, done func(env.Time, error, *env.Outbox)) {
	l.BeginAt(now, start, NewProducers(), out, done)
}

// BeginAt is TruncateFully with the producers that the log is to know from the
// beginning: those of records before it.
func (l *Log) BeginAt(now env.Time, start int64, known *Producers, out *env.Outbox, done func(env.Time, error, *env.Outbox)) {
	l.cutBack(now, out, func(t *env.Task) error { return l.restartAt(t, start, known) }, done)
}

// cutBack runs a job that moves the end back below what is durable. Before it
// begins, all that writes to the directory has ended, and nothing begins until
// it has.
func (l *Log) cutBack(now env.Time, out *env.Outbox, job func(*env.Task) error, done func(env.Time, error, *env.Outbox)) {
	if err := l.Appendable(); err != nil {
		done(now, err, out)
		return
	}
	l.cuts++
	l.working++
	l.o.Tasks.Start(now, out, func(t *env.Task) error {
		if err := l.await(t, l.quiet); err != nil {
			return err
		}
		if l.stopped != nil {
			return l.stopped
		}
		generation := l.generation
		return l.troubled(t, generation, job(t))
	}, func(now env.Time, err error, out *env.Outbox) {
		l.cuts--
		l.working--
		if l.stopped == nil {
			l.o.Owner.LogAdvanced(now, out) // there may be something to sync
		}
		done(now, err, out)
	})
}

// quiet tells whether nothing is written to the directory but by the job that
// asks.
func (l *Log) quiet() bool {
	return l.stopped != nil || l.working == 1 && l.written == l.end && !l.making()
}

func (l *Log) truncate(t *env.Task, to int64) error {
	s := l.before(to)
	switch {
	case to >= l.end:
		return nil // a full disk has taken more
	case s == nil:
		return l.restartAt(t, to, l.producers.Before(to))
	}
	end, err := l.boundary(t, s, to)
	switch {
	case err != nil:
		return err
	case end < l.start:
		return l.restartAt(t, l.start, l.producers.Before(l.start)) // it lies in the middle of the only batch that stays
	}
	if err := l.unrecord(t, s, end); err != nil {
		return err
	}
	if err := l.o.Journal.cut(t, l, end); err != nil {
		return err
	}
	l.forget(end)
	return l.surely(t, l.cut(t, end))
}

// unrecord moves back what says that there is more on disk than is about to be.
// Of the next point a failed write may have left a slot.
func (l *Log) unrecord(t *env.Task, s *segment, end int64) error {
	l.high = min(l.high, end)
	switch {
	case max(l.point.offset, l.next.offset) > end:
		return l.movePoint(t, l.pointAt(s, end))
	case max(l.point.high, l.next.high) > end:
		return l.movePoint(t, l.next)
	}
	return nil
}

// pointAt is a recovery point at or below an offset in a segment: what the files
// of the indexes say is sure at its ends alone.
func (l *Log) pointAt(s *segment, offset int64) recoveryPoint {
	if offset == s.end {
		return recoveryPoint{offset: offset, start: l.start, position: s.size}
	}
	return recoveryPoint{offset: s.base, start: l.start}
}

// before is the last segment that begins before an offset.
func (l *Log) before(offset int64) *segment {
	for _, s := range slices.Backward(l.segments) {
		if s.base < offset {
			return s
		}
	}
	return nil
}

// boundary is the offset of the batch that holds an offset or begins there.
func (l *Log) boundary(t *env.Task, s *segment, offset int64) (base int64, err error) {
	base = offset
	position, err := l.positionOf(t, s, offset)
	if err == nil {
		err = l.eachHeader(t, s, position, s.size, func(b record.Batch, _ int64) bool {
			base = min(offset, b.BaseOffset())
			return false
		})
	}
	return base, err
}

// movePoint sets the recovery point, back too. Nothing else moves it meanwhile.
func (l *Log) movePoint(t *env.Task, p recoveryPoint) error {
	before := l.next
	if err := l.writePoint(t, func(next *recoveryPoint) { *next = p }); err != nil {
		l.next = before
		return err
	}
	l.point = l.next
	return nil
}

// forget makes an offset the end for readers. What is under way is stale.
func (l *Log) forget(end int64) {
	l.generation++
	l.end, l.written, l.durable, l.synced = end, end, min(l.durable, end), min(l.synced, end)
	l.journal.drop(end)
	l.recent.reset()
}

// surely stops the log if its end could not be moved back on disk, too: nobody
// knows then what lies where.
func (l *Log) surely(t *env.Task, err error) error {
	if err != nil && !errors.Is(err, env.ErrCancelled) {
		l.stop(t.Now(), err, t.Out())
	}
	return err
}

// restartAt empties the log and begins it anew elsewhere:
//
//	recovery point to the first segment -> all files go -> producers -> recovery point to the new start
//
// so that a crash leaves a part of the old log, or nothing, but never producers
// of one log with the offsets of another.
func (l *Log) restartAt(t *env.Task, start int64, known *Producers) error {
	l.high = 0
	if len(l.segments) > 0 {
		if err := l.movePoint(t, recoveryPoint{offset: l.segments[0].base, start: l.start}); err != nil {
			return err
		}
	}
	if err := l.o.Journal.cut(t, l, nothing); err != nil {
		return err
	}
	l.forget(l.start)
	l.durable, l.synced, l.epochs, l.producers = l.start, l.start, &Epochs{}, NewProducers()
	if err := l.surely(t, l.removeAll(t)); err != nil {
		return err
	}
	err := l.beThere(t)
	if err == nil {
		err = l.keepKnown(t, start, known)
	}
	if err == nil {
		err = l.movePoint(t, recoveryPoint{offset: start, start: start})
	}
	if errors.Is(err, env.ErrNoSpace) {
		return err // it is empty at its old start
	}
	if err := l.surely(t, err); err != nil {
		return err
	}
	l.start, l.end, l.written, l.durable, l.synced, l.high = start, start, start, start, start, start
	l.journal.asked = start
	l.producers = known
	return nil
}

// keepKnown writes down the producers with which a log begins anew.
func (l *Log) keepKnown(t *env.Task, start int64, known *Producers) error {
	if known.Len() == 0 {
		return nil
	}
	if err := putFile(t, l.path(name(start, snapshotSuffix)), known.Encode(nil), env.Sync); err != nil {
		return err
	}
	l.oldSnapshots = append(l.oldSnapshots, start)
	return l.syncDir(t)
}

// beThere makes the directory of a log that was never appended to: it, too, must
// say where the log starts.
func (l *Log) beThere(t *env.Task) error {
	there := t.Do(env.Disk{Kind: env.List, Path: l.o.Dir})
	if there.Err == nil {
		return nil
	}
	for _, d := range []env.Disk{{Kind: env.Mkdir, Path: l.o.Dir}, {Kind: env.SyncDir, Path: parent(l.o.Dir)}} {
		if done := t.Do(d); done.Err != nil {
			return fmt.Errorf("make %s: %w", l.o.Dir, done.Err)
		}
	}
	if l.o.TopicID.IsZero() {
		return nil
	}
	return putFile(t, l.path(metadataFile), l.metadata(), env.Sync)
}

func (l *Log) removeAll(t *env.Task) error {
	for len(l.segments) > 0 {
		if err := l.removeLast(t); err != nil {
			return err
		}
	}
	if err := l.dropSnapshotsAfter(t, -1); err != nil {
		return err
	}
	return l.syncDir(t)
}

// syncDir makes durable which files there are.
func (l *Log) syncDir(t *env.Task) error {
	done := t.Do(env.Disk{Kind: env.SyncDir, Path: l.o.Dir})
	if done.Err != nil && !errors.Is(done.Err, env.ErrNotExist) { // then it was never made
		return fmt.Errorf("sync %s: %w", l.o.Dir, done.Err)
	}
	return nil
}

// dropSnapshotsAfter removes the producer snapshots of what is cut off: other
// records will lie there.
func (l *Log) dropSnapshotsAfter(t *env.Task, end int64) error {
	for n := len(l.oldSnapshots); n > 0 && l.oldSnapshots[n-1] > end; n-- {
		file := name(l.oldSnapshots[n-1], snapshotSuffix)
		if done := t.Do(env.Disk{Kind: env.Remove, Path: l.path(file)}); done.Err != nil {
			return fmt.Errorf("remove %s: %w", file, done.Err)
		}
		l.oldSnapshots = l.oldSnapshots[:n-1]
	}
	return nil
}
