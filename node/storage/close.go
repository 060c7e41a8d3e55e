package storage

import (
	"encoding/hex"
	"errors"
	"fmt"

	"odradek/node/env"
)

var errClosed = errors.New("log is closed")

// Close saves everything, so that the next start has nothing to read, and
// closes the files.
func (l *Log) Close(t *env.Task) error {
	return errors.Join(l.save(t), l.closeFiles(t))
}

// Abandon is Close where there is no time to save anything.
func (l *Log) Abandon(t *env.Task) error { return l.closeFiles(t) }

// save checkpoints, once that can be.
func (l *Log) save(t *env.Task) error {
	for {
		if err := l.await(t, func() bool { return l.stopped != nil || !l.busy() }); err != nil {
			return err
		}
		if l.stopped != nil || l.Unsure() || l.end <= l.point.offset && !l.HighUnsaved() {
			return l.stopped
		}
		if err := l.Checkpoint(t); !errors.Is(err, ErrBusy) {
			return err
		}
	}
}

// await lets others work until something is so.
func (l *Log) await(t *env.Task, so func() bool) error {
	for !so() {
		if err := t.Pause(); err != nil {
			return err
		}
	}
	return nil
}

// closeFiles ends the log: nothing new is begun, what is under way ends first,
// because the directory may soon be another log's.
func (l *Log) closeFiles(t *env.Task) error {
	l.shut()
	if err := l.await(t, func() bool { return l.working == 0 }); err != nil {
		return err
	}
	l.closed = true
	l.recent.reset()
	all := l.slots.close(t)
	for _, s := range l.segments {
		l.o.Indexes.drop(s)
		if s.file == 0 {
			continue
		}
		if done := t.Do(env.Disk{Kind: env.Close, File: s.file}); !errors.Is(done.Err, env.ErrNoFile) {
			all = errors.Join(all, done.Err)
		}
	}
	return all
}

// shut lets nothing new begin.
func (l *Log) shut() {
	l.generation++
	if l.stopped == nil {
		l.stopped = errClosed
	}
}

// Delete removes the log's directory: first it is renamed, durably, so that a
// crash leaves either the whole log or a name that says what to do with it.
func (l *Log) Delete(t *env.Task) error {
	l.shut()
	err := l.o.Journal.cut(t, l, nothing)
	if err == nil {
		err = l.closeFiles(t)
	}
	if err != nil {
		return fmt.Errorf("delete %s: %w", l.o.Dir, err)
	}
	return DeleteDir(t, l.o.Dir, env.NewUUID(l.o.Rand))
}

// DeleteDir deletes the directory of a log that is not open.
func DeleteDir(t *env.Task, dir string, id env.UUID) error {
	gone := dir + "." + hex.EncodeToString(id[:]) + "-delete"
	return putAway(t, dir, gone, true)
}

// SetAside renames a directory that belongs to no topic, as Kafka does.
func SetAside(t *env.Task, dir string, id env.UUID) error {
	return putAway(t, dir, dir+"."+hex.EncodeToString(id[:])+"-stray", false)
}

func putAway(t *env.Task, dir, to string, remove bool) error {
	ops := []env.Disk{{Kind: env.Rename, Path: dir, To: to}, {Kind: env.SyncDir, Path: parent(dir)}}
	if remove {
		ops = append(ops, env.Disk{Kind: env.Remove, Path: to})
	}
	for _, d := range ops {
		done := t.Do(d)
		if errors.Is(done.Err, env.ErrNotExist) && d.Kind == env.Rename {
			return nil
		}
		if done.Err != nil {
			return fmt.Errorf("%v %s: %w", d.Kind, d.Path, done.Err)
		}
	}
	return nil
}
