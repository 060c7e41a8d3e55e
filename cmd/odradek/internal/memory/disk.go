package memory

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"odradek/node/env"
	"odradek/node/host"
)

// Disk is a host.Layer.
type Disk struct {
	mu    sync.Mutex
	names map[string]*file // directories are those without bytes
}

// New makes an empty one.
func New() *Disk { return &Disk{names: map[string]*file{}} }

// Open opens or makes a file. Errors are those of package io/fs.
func (d *Disk) Open(name string, flags int) (host.File, int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	name = path.Clean(name)
	f := d.names[name]
	switch {
	case f != nil && f.dir:
		return nil, 0, fs.ErrInvalid
	case f != nil && flags&env.Exclusive != 0:
		return nil, 0, fs.ErrExist
	case f == nil && (flags&env.Create == 0 || !d.isDir(path.Dir(name))):
		return nil, 0, fs.ErrNotExist
	case f == nil:
		f = &file{}
		d.names[name] = f
	}
	size, err := f.Size()
	return f, size, err
}

func (d *Disk) isDir(name string) bool {
	f := d.names[name]
	return name == "." || name == "/" || f != nil && f.dir
}

// SyncDir does nothing.
func (d *Disk) SyncDir(string) error { return nil }

// Mkdir makes a directory and those above it.
func (d *Disk) Mkdir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name = path.Clean(name); !d.isDir(name); name = path.Dir(name) {
		if d.names[name] != nil {
			return fs.ErrExist
		}
		d.names[name] = &file{dir: true}
	}
	return nil
}

// Rename moves a file or a directory, in place of what was there.
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	from, to = path.Clean(from), path.Clean(to)
	if d.names[from] == nil {
		return fs.ErrNotExist
	}
	d.remove(to)
	for _, name := range d.below(from) {
		d.names[to+strings.TrimPrefix(name, from)] = d.names[name]
		delete(d.names, name)
	}
	return nil
}

// Remove removes a name and all below it; open files live on until they are closed.
func (d *Disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.remove(path.Clean(name))
	return nil
}

func (d *Disk) remove(name string) {
	for _, one := range d.below(name) {
		delete(d.names, one)
	}
}

// below is a name and all below it.
func (d *Disk) below(name string) (all []string) {
	for one := range d.names {
		if one == name || strings.HasPrefix(one, name+"/") {
			all = append(all, one)
		}
	}
	return all
}

// List is what a directory holds, sorted by name.
func (d *Disk) List(dir string) (entries []env.Entry, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dir = path.Clean(dir)
	if !d.isDir(dir) {
		return nil, fs.ErrNotExist
	}
	for _, name := range slices.Sorted(maps.Keys(d.names)) {
		if path.Dir(name) == dir && name != dir {
			f := d.names[name]
			size, _ := f.Size()
			entries = append(entries, env.Entry{Name: path.Base(name), Dir: f.dir, Size: size})
		}
	}
	return entries, nil
}
