package storage

import (
	"fmt"
	"path"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// Checkpoint makes all that was appended until now durable, with its indexes,
// epochs and producer state, and then moves the recovery point there. Errors of
// the disk stop the log.
func (l *Log) Checkpoint(t *env.Task) error {
	if l.saving || l.stopped != nil || l.healing || l.active() == nil {
		return l.stopped
	}
	l.saving, l.savedActive = true, l.active()
	err := l.checkpoint(t)
	l.saving = false
	if err != nil && l.stopped == nil && !l.healing {
		l.fail(t.Now(), err, t.Out())
	}
	return err
}

func (l *Log) checkpoint(t *env.Task) error {
	generation, end, active := l.generation, l.end, l.active()
	to := recoveryPoint{offset: end, position: active.size}
	producers, epochs := l.producers.Encode(nil), l.epochs.Encode()
	for _, s := range l.unsaved() {
		if err := l.saveSegment(t, s); err != nil {
			return err
		}
	}
	if err := l.saveProducers(t, end, producers); err != nil {
		return err
	}
	if err := l.replaceFile(t, epochFile, epochs); err != nil {
		return err
	}
	if generation != l.generation {
		return nil // the log was cut meanwhile
	}
	if err := l.writePoint(t, func(p *recoveryPoint) { p.offset, p.position = to.offset, to.position }); err != nil {
		return err
	}
	return l.dropSnapshots(t)
}

// unsaved are the segments with bytes past the recovery point.
func (l *Log) unsaved() []*segment {
	for i, s := range l.segments {
		if s.end > l.point.offset {
			return l.segments[i:]
		}
	}
	return nil
}

// saveSegment syncs a segment and then its indexes.
func (l *Log) saveSegment(t *env.Task, s *segment) error {
	if err := l.open(t, s); err != nil {
		return err
	}
	generation, end := l.generation, s.end
	if done := t.Do(env.Disk{Kind: env.Sync, File: s.file}); done.Err != nil {
		return fmt.Errorf("sync segment %d: %w", s.base, done.Err)
	}
	if generation == l.generation {
		s.synced = max(s.synced, end)
		l.advance(t.Now(), t.Out())
	}
	if s.index == nil {
		return nil
	}
	s.times.Append(s.largest.Timestamp, s.largest.Offset)
	i, n := s.index.Len(), s.times.Len()
	if err := l.saveIndex(t, name(s.base, indexSuffix), s.index.Bytes(s.savedIndex), int64(s.savedIndex*offsetEntry)); err != nil {
		return err
	}
	if err := l.saveIndex(t, name(s.base, timeSuffix), s.times.Bytes(s.savedTimes), int64(s.savedTimes*timeEntry)); err != nil {
		return err
	}
	s.savedIndex, s.savedTimes = i, n
	return nil
}

// saveIndex writes the entries that a file lacks; what lay behind them is cut off.
func (l *Log) saveIndex(t *env.Task, file string, entries []byte, at int64) error {
	id := t.Out().NewFile()
	for _, d := range []env.Disk{
		{Kind: env.Open, File: id, Path: l.path(file), Flags: env.Create},
		{Kind: env.Truncate, File: id, Off: at},
		{Kind: env.Write, File: id, Off: at, Data: append([]byte{}, entries...)},
		{Kind: env.Sync, File: id},
		{Kind: env.Close, File: id},
	} {
		if done := t.Do(d); done.Err != nil {
			return fmt.Errorf("write %s: %w", file, done.Err)
		}
	}
	return nil
}

// saveProducers writes the producer snapshot of an offset.
func (l *Log) saveProducers(t *env.Task, offset int64, state []byte) error {
	id, file := t.Out().NewFile(), name(offset, snapshotSuffix)
	ops := []env.Disk{
		{Kind: env.Remove, Path: l.path(file)},
		{Kind: env.Open, File: id, Path: l.path(file), Flags: env.Create},
		{Kind: env.Write, File: id, Data: state},
		{Kind: env.Sync, File: id},
		{Kind: env.Close, File: id},
	}
	if mutant.On("B3") { // KAFKA-9892: closed without a sync
		ops[3].Kind = env.Nop
	}
	for _, d := range ops {
		if done := t.Do(d); done.Err != nil {
			return fmt.Errorf("write %s: %w", file, done.Err)
		}
	}
	if n := len(l.oldSnapshots); n == 0 || l.oldSnapshots[n-1] != offset {
		l.oldSnapshots = append(l.oldSnapshots, offset)
	}
	return nil
}

// dropSnapshots leaves the two latest snapshots.
func (l *Log) dropSnapshots(t *env.Task) error {
	for len(l.oldSnapshots) > 2 {
		file := name(l.oldSnapshots[0], snapshotSuffix)
		l.oldSnapshots = l.oldSnapshots[1:]
		if done := t.Do(env.Disk{Kind: env.Remove, Path: l.path(file)}); done.Err != nil {
			return fmt.Errorf("remove %s: %w", file, done.Err)
		}
	}
	return nil
}

// writePoint appends a slot with a change. Several may be under way: each holds
// the changes of those before it.
func (l *Log) writePoint(t *env.Task, change func(*recoveryPoint)) error {
	change(&l.next)
	slot, at := l.next, l.pointAt
	l.pointAt += slotSize
	if l.pointFile == 0 {
		l.pointFile = t.Out().NewFile()
		done := t.Do(env.Disk{Kind: env.Open, File: l.pointFile, Path: l.path(recoveryFile), Flags: env.Create})
		if done.Err != nil {
			return fmt.Errorf("%s: %w", recoveryFile, done.Err)
		}
	}
	ops := []env.Disk{
		{Kind: env.Write, File: l.pointFile, Off: at, Data: slot.encode()},
		{Kind: env.Sync, File: l.pointFile},
		{Kind: env.SyncDir, Path: l.o.Dir},
	}
	for _, done := range t.All(ops) {
		if done.Err != nil {
			return fmt.Errorf("%s: %w", recoveryFile, done.Err)
		}
	}
	l.point = slot
	return nil
}

// movePoint takes the recovery point back to the end of a log that was cut.
func (l *Log) movePoint(t *env.Task, to int64) error {
	position := int64(0)
	if s := l.active(); s != nil {
		position = s.size
	}
	return l.writePoint(t, func(p *recoveryPoint) { p.offset, p.position = to, position })
}

// saveRolled checkpoints after a roll, once the closed segment is durable.
func (l *Log) saveRolled(now env.Time, out *env.Outbox) {
	s := l.active()
	if s == nil || s == l.savedActive || len(l.segments) < 2 || l.saving || l.durable < s.base || l.creating > 0 {
		return
	}
	l.savedActive = s
	l.o.Tasks.Start(now, out, l.Checkpoint, nil)
}

// rebuildProducers derives the producer state at the end of the log, from the
// latest intact snapshot on.
func (l *Log) rebuildProducers(t *env.Task) error {
	from := l.start
	l.producers = NewProducers()
	for i := len(l.oldSnapshots) - 1; i >= 0; i-- {
		if l.oldSnapshots[i] > l.end {
			continue
		}
		b, err := l.readFile(t, name(l.oldSnapshots[i], snapshotSuffix))
		if err != nil {
			return err
		}
		if p, err := DecodeProducers(b); err == nil {
			l.producers, from = p, l.oldSnapshots[i]
			break
		}
	}
	return l.replayProducers(t, from)
}

func (l *Log) replayProducers(t *env.Task, from int64) error {
	for i := 0; i < len(l.segments); i++ {
		s := l.segments[i]
		if s.end <= from {
			continue
		}
		at, err := l.positionOf(t, s, from)
		if err != nil {
			return err
		}
		err = l.eachHeader(t, s, at, s.size, func(b record.Batch, _ int64) bool {
			if b.BaseOffset() >= from && b.LastOffset() < l.end {
				l.producers.Update(b)
			}
			return true
		})
		if err != nil && !isCorrupt(err) {
			return err
		}
	}
	return nil
}

func parent(dir string) string { return path.Dir(dir) }
