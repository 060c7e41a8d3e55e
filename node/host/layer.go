package host

import (
	"io"

	"odradek/node/env"
)

// Layer is the file system below the disk executor. Its errors are those of
// package os and the system's error numbers; the executor turns them into
// env's. Calls come from many goroutines, those on one File from one at a time
// but for ReadAt, which senders of ranges use meanwhile.
type Layer interface {
	// Open opens or makes a file, by the flags of env, and tells its size.
	Open(path string, flags int) (File, int64, error)
	SyncDir(path string) error
	Mkdir(path string) error
	Rename(from, to string) error
	Remove(path string) error
	List(path string) ([]env.Entry, error)
}

// described is a File of which ranges are sent without being copied through the
// process. The descriptor is valid during the call.
type described interface {
	WithDescriptor(send func(fd int) error) error
}

// File is one open file of a Layer.
type File interface {
	io.ReaderAt
	// Writev writes the buffers one after another from off on. It may write
	// less than all of them without an error.
	Writev(bufs [][]byte, off int64) (int, error)
	Sync() error
	Truncate(size int64) error
	Size() (int64, error)
	Close() error
}
