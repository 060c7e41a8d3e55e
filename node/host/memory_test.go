package host

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"

	"odradek/node/env"
)

// memory is a Layer that keeps apart what a power cut leaves.
//
//	        Sync, SyncDir
//	cached ---------------> durable --powerCut--> a new memory
type memory struct {
	mu     sync.Mutex
	names  map[string]*inode
	stored map[string]*inode
	calls  []string
	// before is asked at each call, without the lock; its error is the call's.
	before func(call, path string) error
	// short is the number of bytes that one Writev takes at most. 0: all
	short int
}

type inode struct {
	dir             bool
	cached, durable []byte
}

func newMemory(dirs ...string) *memory {
	m := &memory{names: map[string]*inode{}, stored: map[string]*inode{}}
	for _, d := range dirs {
		n := &inode{dir: true}
		m.names[d], m.stored[d] = n, n
	}
	return m
}

// enter begins a call; the caller unlocks.
func (m *memory) enter(call, name string) error {
	m.mu.Lock()
	before := m.before
	m.calls = append(m.calls, call+" "+name)
	m.mu.Unlock()
	var err error
	if before != nil {
		err = before(call, name)
	}
	m.mu.Lock()
	return err
}

// history is the calls so far.
func (m *memory) history() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.calls)
}

// powerCut is what is left.
func (m *memory) powerCut() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := newMemory()
	for name, n := range m.stored {
		left.names[name] = &inode{dir: n.dir, cached: slices.Clone(n.durable), durable: slices.Clone(n.durable)}
	}
	left.stored = maps.Clone(left.names)
	return left
}

func (m *memory) Open(name string, flags int) (File, int64, error) {
	err := m.enter("open", name)
	defer m.mu.Unlock()
	n := m.names[name]
	switch {
	case err != nil:
		return nil, 0, err
	case n == nil && flags&env.Create == 0:
		return nil, 0, fs.ErrNotExist
	case n != nil && flags&env.Exclusive != 0:
		return nil, 0, fs.ErrExist
	case n != nil && n.dir:
		return nil, 0, syscall.EISDIR
	case n == nil:
		n = &inode{}
		m.names[name] = n
	}
	return &memoryFile{m, n, name}, int64(len(n.cached)), nil
}

func (m *memory) SyncDir(dir string) error {
	err := m.enter("syncdir", dir)
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	maps.DeleteFunc(m.stored, func(name string, _ *inode) bool { return path.Dir(name) == dir })
	for name, n := range m.names {
		if path.Dir(name) == dir {
			m.stored[name] = n
		}
	}
	return nil
}

func (m *memory) Mkdir(dir string) error {
	err := m.enter("mkdir", dir)
	defer m.mu.Unlock()
	if err == nil && m.names[dir] == nil {
		m.names[dir] = &inode{dir: true}
	}
	return err
}

func (m *memory) Rename(from, to string) error {
	err := m.enter("rename", from)
	defer m.mu.Unlock()
	if err != nil {
		return err
	}
	if m.names[from] == nil {
		return fs.ErrNotExist
	}
	m.names[to] = m.names[from]
	delete(m.names, from)
	return nil
}

func (m *memory) Remove(name string) error {
	err := m.enter("remove", name)
	defer m.mu.Unlock()
	if err == nil {
		maps.DeleteFunc(m.names, func(n string, _ *inode) bool { return n == name || strings.HasPrefix(n, name+"/") })
	}
	return err
}

func (m *memory) List(dir string) ([]env.Entry, error) {
	err := m.enter("list", dir)
	defer m.mu.Unlock()
	var entries []env.Entry
	for _, name := range slices.Sorted(maps.Keys(m.names)) {
		if path.Dir(name) == dir {
			n := m.names[name]
			entries = append(entries, env.Entry{Name: path.Base(name), Dir: n.dir, Size: int64(len(n.cached))})
		}
	}
	return entries, err
}

// memoryFile has no descriptor: its ranges are copied.
type memoryFile struct {
	m    *memory
	n    *inode
	name string
}

func (f *memoryFile) ReadAt(p []byte, off int64) (int, error) {
	err := f.m.enter("read", f.name)
	defer f.m.mu.Unlock()
	if err != nil {
		return 0, err
	}
	n := copy(p, f.n.cached[min(off, int64(len(f.n.cached))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *memoryFile) Writev(bufs [][]byte, off int64) (int, error) {
	err := f.m.enter(fmt.Sprintf("write*%d", len(bufs)), f.name)
	defer f.m.mu.Unlock()
	data := slices.Concat(bufs...)
	if f.m.short > 0 {
		data = data[:min(len(data), f.m.short)]
	}
	if err != nil {
		return 0, err
	}
	f.resize(max(len(f.n.cached), int(off)+len(data)))
	return copy(f.n.cached[off:], data), nil
}

func (f *memoryFile) resize(size int) {
	for len(f.n.cached) < size {
		f.n.cached = append(f.n.cached, 0)
	}
	f.n.cached = f.n.cached[:size]
}

func (f *memoryFile) Sync() error {
	err := f.m.enter("sync", f.name)
	defer f.m.mu.Unlock()
	if err == nil {
		f.n.durable = slices.Clone(f.n.cached)
	}
	return err
}

func (f *memoryFile) Truncate(size int64) error {
	err := f.m.enter("truncate", f.name)
	defer f.m.mu.Unlock()
	if err == nil {
		f.resize(int(size))
	}
	return err
}

func (f *memoryFile) Size() (int64, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	return int64(len(f.n.cached)), nil
}

func (f *memoryFile) Close() error {
	err := f.m.enter("close", f.name)
	defer f.m.mu.Unlock()
	return err
}
