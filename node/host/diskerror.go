package host

import (
	"errors"
	"io/fs"
	"syscall"

	"odradek/node/env"
)

// diskError turns an error of the layer into one that machines know.
func diskError(kind env.DiskKind, path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return env.ErrNotExist
	case errors.Is(err, fs.ErrExist):
		return env.ErrExist
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return env.ErrNoSpace
	}
	return &env.IOError{Kind: kind, Path: path, Err: err}
}

// errReopened is a machine's mistake: a FileID names one opened file.
var errReopened = errors.New("the file id is in use")
