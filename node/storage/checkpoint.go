package storage

import (
	"fmt"
	"path"
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
)

// Checkpoint makes all that was appended until now durable, with its indexes,
// epochs and producer state, and then moves the recovery point there. Errors of
// the disk stop the log, but a full one; ErrBusy says that it cannot be now.
func (l *Log) Checkpoint(t *env.Task) error {
	switch {
	case l.stopped != nil:
		return l.stopped
	case l.busy() || l.Unsure():
		return ErrBusy
	case !l.exists:
		return nil
	}
	l.savedActive = l.active()
	return l.alone(t, l.checkpoint)
}

// alone runs a job that no other one of its kind may run beside.
func (l *Log) alone(t *env.Task, job func(*env.Task) error) error {
	l.saving = true
	l.working++
	generation := l.generation
	err := l.troubled(t, generation, job(t))
	l.saving = false
	l.working--
	return err
}

// busy tells whether what is durable is about to change in ways of its own.
func (l *Log) busy() bool {
	return l.saving || l.cuts > 0 || l.making()
}

// making tells whether the files of a segment are not all there.
func (l *Log) making() bool {
	return slices.ContainsFunc(l.segments, func(s *segment) bool { return s.creating > 0 })
}

// state is what a checkpoint saves: the log at one moment.
type state struct {
	generation int
	end        int64
	position   int64
	producers  []byte
	epochs     []byte
	parts      []part
}

// part is a segment with records past the recovery point, and the index entries
// that its files lack.
type part struct {
	s            *segment
	end          int64
	index, times []byte
}

func (l *Log) state() state {
	c := state{generation: l.generation, end: l.end, producers: l.producers.Encode(nil), epochs: l.epochs.Encode()}
	if s := l.active(); s != nil {
		c.position = s.size
	}
	for _, s := range l.segments {
		if s.end > l.point.offset {
			s.times.Append(s.largest.Timestamp, s.largest.Offset)
			c.parts = append(c.parts, part{s, s.end, slices.Clone(s.index.Bytes(s.savedIndex)), slices.Clone(s.times.Bytes(s.savedTimes))})
		}
	}
	return c
}

func (l *Log) checkpoint(t *env.Task) error {
	c := l.state()
	for _, p := range c.parts {
		err := l.savePart(t, p)
		if c.generation != l.generation {
			return ErrBusy // the log was cut meanwhile
		}
		if err != nil {
			return err
		}
	}
	// From here on all below c.end is durable, and no cut reaches it any more.
	if err := l.saveState(t, c); err != nil {
		return err
	}
	if err := l.writePoint(t, func(p *recoveryPoint) { p.offset, p.position = c.end, c.position }); err != nil {
		return err
	}
	for _, p := range c.parts {
		if !p.s.gone {
			l.o.Indexes.use(l, p.s) // its files have all of them now
		}
	}
	if err := l.dropSnapshots(t); err != nil {
		return err
	}
	return l.removeOld(t)
}

// savePart syncs a segment and then its indexes.
func (l *Log) savePart(t *env.Task, p part) error {
	s, generation := p.s, l.generation
	if err := l.open(t, s); err != nil {
		return err
	}
	if done := t.Do(env.Disk{Kind: env.Sync, File: s.file}); done.Err != nil {
		return fmt.Errorf("sync segment %d: %w", s.base, done.Err)
	}
	if generation != l.generation {
		return nil
	}
	s.synced = max(s.synced, p.end)
	l.advance(t.Now(), t.Out())
	if err := l.saveIndex(t, name(s.base, indexSuffix), p.index, int64(s.savedIndex*offsetEntry)); err != nil {
		return err
	}
	if err := l.saveIndex(t, name(s.base, timeSuffix), p.times, int64(s.savedTimes*timeEntry)); err != nil {
		return err
	}
	if generation == l.generation {
		s.savedIndex += len(p.index) / offsetEntry
		s.savedTimes += len(p.times) / timeEntry
	}
	return nil
}

// saveIndex writes the entries that a file lacks; what lay behind them is cut
// off. What is there may be all that tells of records below the recovery point:
// it is replaced as a whole or added to.
func (l *Log) saveIndex(t *env.Task, file string, entries []byte, at int64) error {
	if at == 0 {
		return putFile(t, l.path(file), entries, env.Sync)
	}
	id := t.Out().NewFile()
	return write(t, file, id, []env.Disk{
		{Kind: env.Open, File: id, Path: l.path(file), Flags: env.Create},
		{Kind: env.Truncate, File: id, Off: at},
		{Kind: env.Write, File: id, Off: at, Data: entries},
		{Kind: env.Sync, File: id},
	})
}

// saveState writes the producer snapshot and the epochs.
func (l *Log) saveState(t *env.Task, c state) error {
	sync := env.Sync
	if mutant.On("B3") { // KAFKA-9892: closed without a sync
		sync = env.Nop
	}
	if err := putFile(t, l.path(name(c.end, snapshotSuffix)), c.producers, sync); err != nil {
		return err
	}
	if n := len(l.oldSnapshots); n == 0 || l.oldSnapshots[n-1] != c.end {
		l.oldSnapshots = append(l.oldSnapshots, c.end)
	}
	if err := putFile(t, l.path(epochFile), c.epochs, env.Sync); err != nil {
		return err
	}
	if done := t.Do(env.Disk{Kind: env.SyncDir, Path: l.o.Dir}); done.Err != nil {
		return fmt.Errorf("sync %s: %w", l.o.Dir, done.Err)
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

// saveRolled checkpoints after a roll, once the closed segment is durable.
func (l *Log) saveRolled(now env.Time, out *env.Outbox) {
	s := l.active()
	if s == nil || s == l.savedActive || len(l.segments) < 2 || l.durable < s.base || l.busy() || l.Unsure() || l.stopped != nil {
		return
	}
	l.savedActive = s
	l.o.Tasks.Start(now, out, l.Checkpoint, nil)
}

func parent(dir string) string { return path.Dir(dir) }
