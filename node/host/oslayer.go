package host

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"odradek/node/env"
)

// osLayer is the operating system's files.
type osLayer struct{}

// osFile is a regular file. fd is the one inside File, for the calls that
// package os does not know.
type osFile struct {
	*os.File
	fd int
}

func osFlags(flags int) int {
	mode := os.O_RDWR
	if flags&env.ReadOnly != 0 {
		mode = os.O_RDONLY
	}
	if flags&env.Create != 0 {
		mode |= os.O_CREATE
	}
	if flags&env.Exclusive != 0 {
		mode |= os.O_EXCL
	}
	return mode
}

func (osLayer) Open(path string, flags int) (File, int64, error) {
	f, err := os.OpenFile(filepath.FromSlash(path), osFlags(flags), 0o644)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = syscall.EISDIR
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return &osFile{File: f, fd: int(f.Fd())}, info.Size(), nil
}

func (f *osFile) Writev(bufs [][]byte, off int64) (int, error) { return writev(f.fd, bufs, off) }

func (f *osFile) WithDescriptor(send func(fd int) error) error { return send(f.fd) }

func (f *osFile) Sync() error { return datasync(f.File) }

func (f *osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (osLayer) SyncDir(path string) error {
	dir, err := os.Open(filepath.FromSlash(path))
	if err != nil {
		return err
	}
	err = dir.Sync()
	return errors.Join(err, dir.Close())
}

// Mkdir takes a file in the way for an existing name, at whatever depth.
func (osLayer) Mkdir(path string) error {
	err := os.MkdirAll(filepath.FromSlash(path), 0o755)
	if errors.Is(err, syscall.ENOTDIR) {
		return fs.ErrExist
	}
	return err
}

// Rename replaces what is there. The system does so in one step for files and
// empty directories; anything else in the way is removed first.
func (l osLayer) Rename(from, to string) error {
	from, to = filepath.FromSlash(from), filepath.FromSlash(to)
	err := os.Rename(from, to)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, missing := os.Lstat(from); missing != nil || !inTheWay(err) {
		return err
	}
	if err := l.Remove(to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func inTheWay(err error) bool {
	return errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTEMPTY) ||
		errors.Is(err, syscall.EISDIR) || errors.Is(err, syscall.ENOTDIR)
}

func (osLayer) Remove(path string) error {
	err := os.RemoveAll(filepath.FromSlash(path))
	if errors.Is(err, syscall.ENOTDIR) {
		return nil // below a file there is nothing
	}
	return err
}

func (osLayer) List(path string) ([]env.Entry, error) {
	names, err := os.ReadDir(filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	entries := make([]env.Entry, 0, len(names))
	for _, n := range names {
		if n.IsDir() { // a log directory may have a hundred thousand
			entries = append(entries, env.Entry{Name: n.Name(), Dir: true})
			continue
		}
		info, err := n.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		entries = append(entries, env.Entry{Name: n.Name(), Size: info.Size()})
	}
	return entries, nil
}
