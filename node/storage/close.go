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
	for l.saving || l.healing {
		if err := t.Pause(); err != nil {
			return err
		}
	}
	err := l.stopped
	if err == nil && l.end > l.point.offset {
		err = l.Checkpoint(t)
	}
	return errors.Join(err, l.closeFiles(t))
}

func (l *Log) closeFiles(t *env.Task) error {
	l.generation++
	if l.stopped == nil {
		l.stopped = errClosed
	}
	var all error
	files := []env.FileID{l.pointFile}
	for _, s := range l.segments {
		files = append(files, s.file)
	}
	l.recent.reset()
	for _, file := range files {
		if file != 0 {
			if done := t.Do(env.Disk{Kind: env.Close, File: file}); done.Err != nil && !errors.Is(done.Err, env.ErrNoFile) {
				all = errors.Join(all, done.Err)
			}
		}
	}
	return all
}

// Delete removes the log's directory: first it is renamed, durably, so that a
// crash leaves either the whole log or a name that says what to do with it.
func (l *Log) Delete(t *env.Task) error {
	if err := l.closeFiles(t); err != nil {
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
