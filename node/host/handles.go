package host

import (
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// handles is a Layer that keeps few files of another one open, however many its
// users have:
//
//	user's file -- handle -- open below
//	user's file -- handle -- open below
//	user's file -- handle    closed below, until it is used again
//
// What is not synced is, before it is closed: a sync that comes early does no harm,
// and afterwards there would be nobody to tell of its failure. Handles follow the
// names of their files, and those whose file has lost its name keep it open.
type handles struct {
	Layer
	most int

	names sync.Mutex // Rename and Remove of what has handles: one at a time

	mu   sync.Mutex
	open []*handle // below
	next int       // of them, to be looked at: the hand of a clock
	dirs map[string][]*handle
}

func newHandles(below Layer, most int) *handles {
	return &handles{Layer: below, most: most, dirs: map[string][]*handle{}}
}

// openFiles is how many files a node keeps open: half of what the system allows the
// process. The rest is for connections.
func openFiles() int {
	var r unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &r); err != nil {
		return 1 << 9
	}
	return int(min(r.Cur/2, 1<<20))
}

// Open opens a file below, and lets go of others.
func (a *handles) Open(name string, flags int) (File, int64, error) {
	h := &handle{all: a, path: name, flags: flags}
	h.mu.Lock()
	defer h.mu.Unlock()
	a.enter(h) // so that who renames it waits
	size, err := h.open(flags)
	if err != nil {
		a.leave(h)
		return nil, 0, err
	}
	return h, size, nil
}

func (a *handles) enter(h *handle) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list(h)
}

func (a *handles) list(h *handle) {
	dir := path.Dir(h.path)
	a.dirs[dir] = append(a.dirs[dir], h)
}

func (a *handles) leave(h *handle) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unlist(h)
}

// call gives the file of a handle another name, or none.
func (a *handles) call(h *handle, name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unlist(h)
	if h.path = name; name != "" {
		a.list(h)
	}
}

func (a *handles) unlist(h *handle) {
	dir := path.Dir(h.path)
	left := slices.DeleteFunc(a.dirs[dir], func(x *handle) bool { return x == h })
	if a.dirs[dir] = left; len(left) == 0 {
		delete(a.dirs, dir)
	}
}

// named are the handles of a file, or of those in a directory. Directories in it
// are not looked into: nobody moves those with open files below.
func (a *handles) named(name string) []*handle {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := slices.Clone(a.dirs[name])
	for _, h := range a.dirs[path.Dir(name)] {
		if h.path == name {
			all = append(all, h)
		}
	}
	return all
}

// Rename takes the handles along.
func (a *handles) Rename(from, to string) error {
	a.names.Lock()
	defer a.names.Unlock()
	if from == to {
		return a.Layer.Rename(from, to)
	}
	return a.unname(to, func() error {
		moved := a.named(from)
		for _, h := range moved {
			h.mu.Lock()
			defer h.mu.Unlock()
		}
		err := a.Layer.Rename(from, to)
		for _, h := range moved {
			if err == nil {
				a.call(h, to+strings.TrimPrefix(h.path, from))
			}
		}
		return err
	})
}

// Remove leaves a file open that has handles.
func (a *handles) Remove(name string) error {
	if len(a.named(name)) == 0 {
		return a.Layer.Remove(name)
	}
	a.names.Lock()
	defer a.names.Unlock()
	return a.unname(name, func() error { return a.Layer.Remove(name) })
}

// unname has a call take away the name of a file: it is open then, and stays so.
func (a *handles) unname(name string, call func() error) error {
	lost := a.named(name)
	for _, h := range lost {
		h.mu.Lock()
		defer h.mu.Unlock()
		if err := h.ensure(); err != nil {
			return err
		}
	}
	err := call()
	for _, h := range lost {
		if err == nil {
			a.call(h, "")
		}
	}
	return err
}

// admit makes room for one more file below.
func (a *handles) admit(h *handle) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.open) >= a.most {
		x := a.idle()
		if x == nil {
			break // all are in use: more than there should be, then
		}
		a.drop(x)
		a.mu.Unlock()
		x.putAway()
		x.mu.Unlock()
		a.mu.Lock()
	}
	h.at = len(a.open)
	a.open = append(a.open, h)
}

// idle finds one that was not used since the hand came by, and locks it.
func (a *handles) idle() *handle {
	for range 2 * len(a.open) {
		a.next = (a.next + 1) % len(a.open)
		h := a.open[a.next]
		if h.used || !h.mu.TryLock() {
			h.used = false
			continue
		}
		if h.users == 0 && h.path != "" && h.file != nil {
			return h
		}
		h.mu.Unlock()
	}
	return nil
}

// drop is of one that is open no more.
func (a *handles) drop(h *handle) {
	last := len(a.open) - 1
	a.open[h.at] = a.open[last]
	a.open[h.at].at = h.at
	a.open[last] = nil
	a.open = a.open[:last]
}
