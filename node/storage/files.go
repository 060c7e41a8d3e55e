package storage

import (
	"errors"
	"fmt"

	"odradek/node/env"
)

// tmpSuffix names a file that is not whole yet.
const tmpSuffix = ".tmp"

// ReadFile reads a whole small file. A missing one is env.ErrNotExist.
func ReadFile(t *env.Task, file string) ([]byte, error) {
	id := t.Out().NewFile()
	open := t.Do(env.Disk{Kind: env.Open, File: id, Path: file, Flags: env.ReadOnly})
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

// ReplaceFile puts a whole small file in place, durably: the old one or the new
// one is found, whatever happens meanwhile.
func ReplaceFile(t *env.Task, file string, data []byte) error {
	if err := putFile(t, file, data, env.Sync); err != nil {
		return err
	}
	if done := t.Do(env.Disk{Kind: env.SyncDir, Path: parent(file)}); done.Err != nil {
		return fmt.Errorf("write %s: %w", file, done.Err)
	}
	return nil
}

// putFile is ReplaceFile, but durable only once the directory is synced.
func putFile(t *env.Task, file string, data []byte, sync env.DiskKind) error {
	id := t.Out().NewFile()
	err := write(t, file, id, []env.Disk{
		{Kind: env.Remove, Path: file + tmpSuffix},
		{Kind: env.Open, File: id, Path: file + tmpSuffix, Flags: env.Create},
		{Kind: env.Write, File: id, Data: data},
		{Kind: sync, File: id},
	})
	if err != nil {
		return err
	}
	if done := t.Do(env.Disk{Kind: env.Rename, Path: file + tmpSuffix, To: file}); done.Err != nil {
		return fmt.Errorf("write %s: %w", file, done.Err)
	}
	return nil
}

// write carries out operations on a file, up to the first failure, and closes it.
func write(t *env.Task, file string, id env.FileID, ops []env.Disk) error {
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
