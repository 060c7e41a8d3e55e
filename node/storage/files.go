package storage

import (
	"errors"
	"fmt"

	"odradek/node/env"
)

// tmpSuffix names a file that is not whole yet.
const tmpSuffix = ".tmp"

// readFile reads a whole small file of the log's directory.
func (l *Log) readFile(t *env.Task, file string) ([]byte, error) {
	id := t.Out().NewFile()
	open := t.Do(env.Disk{Kind: env.Open, File: id, Path: l.path(file), Flags: env.ReadOnly})
	if open.Err != nil {
		return nil, fmt.Errorf("open %s: %w", file, open.Err)
	}
	read := t.Do(env.Disk{Kind: env.Read, File: id, Len: int(open.Size)})
	shut := t.Do(env.Disk{Kind: env.Close, File: id})
	if err := errors.Join(read.Err, shut.Err); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return read.Data, nil
}

// putFile puts a whole small file in place: the old one or the new one is found,
// whatever happens meanwhile. It is durable once the directory is synced.
func (l *Log) putFile(t *env.Task, file string, data []byte, sync env.DiskKind) error {
	id, at := t.Out().NewFile(), l.path(file)
	err := l.write(t, file, id, []env.Disk{
		{Kind: env.Remove, Path: at + tmpSuffix},
		{Kind: env.Open, File: id, Path: at + tmpSuffix, Flags: env.Create},
		{Kind: env.Write, File: id, Data: data},
		{Kind: sync, File: id},
	})
	if err != nil {
		return err
	}
	if done := t.Do(env.Disk{Kind: env.Rename, Path: at + tmpSuffix, To: at}); done.Err != nil {
		return fmt.Errorf("write %s: %w", file, done.Err)
	}
	return nil
}

// write carries out operations on a file, up to the first failure, and closes it.
func (l *Log) write(t *env.Task, file string, id env.FileID, ops []env.Disk) error {
	for _, d := range ops {
		done := t.Do(d)
		if done.Err == nil {
			continue
		}
		t.Do(env.Disk{Kind: env.Close, File: id}) // if it is open
		return fmt.Errorf("write %s: %w", file, done.Err)
	}
	if done := t.Do(env.Disk{Kind: env.Close, File: id}); done.Err != nil {
		return fmt.Errorf("close %s: %w", file, done.Err)
	}
	return nil
}
