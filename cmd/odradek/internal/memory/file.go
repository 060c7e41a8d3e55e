package memory

import (
	"io"
	"sync"
)

// file is a host.File. Closing it leaves its bytes to those who open it again.
type file struct {
	dir  bool
	mu   sync.RWMutex
	data []byte
}

func (f *file) ReadAt(p []byte, off int64) (int, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	n := copy(p, f.data[min(max(off, 0), int64(len(f.data))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *file) Writev(bufs [][]byte, off int64) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range bufs {
		at := int(off) + n
		f.resize(max(len(f.data), at+len(b)))
		n += copy(f.data[at:], b)
	}
	return n, nil
}

// resize cuts, or fills with zeros.
func (f *file) resize(size int) {
	if size > len(f.data) {
		f.data = append(f.data, make([]byte, size-len(f.data))...)
	}
	f.data = f.data[:size]
}

func (f *file) Sync() error { return nil }

func (f *file) Truncate(size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.resize(int(size))
	return nil
}

func (f *file) Size() (int64, error) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return int64(len(f.data)), nil
}

func (f *file) Close() error { return nil }
