package host

import (
	"cmp"
	"errors"
	"sync"

	"odradek/node/env"
)

// handle is one file of handles.
type handle struct {
	all *handles

	mu      sync.Mutex
	path    string // "": the file has lost its name
	flags   int
	file    File // nil: closed below
	users   int  // of file; it is not closed under them
	unsaved bool // changed since the last sync
	saved   bool // synced since the last change
	early   error

	// Under handles.mu:
	at   int  // in open
	used bool // since the hand came by
}

var errNoDescriptor = errors.New("the file has no descriptor")

// open opens it below. A caller holds h.mu.
func (h *handle) open(flags int) (size int64, err error) {
	h.all.admit(h)
	if h.file, size, err = h.all.Layer.Open(h.path, flags); err != nil {
		h.file = nil
		h.closed()
	}
	return size, err
}

// closed notes that it is not open below.
func (h *handle) closed() {
	h.all.mu.Lock()
	defer h.all.mu.Unlock()
	h.all.drop(h)
}

// ensure opens it again. A caller holds h.mu.
func (h *handle) ensure() error {
	if h.file != nil {
		return nil
	}
	_, err := h.open(h.flags & env.ReadOnly)
	return err
}

// putAway closes it below, synced. Its owner will hear of a failure when it asks
// for a sync. A caller holds h.mu.
func (h *handle) putAway() {
	if h.unsaved {
		h.early = cmp.Or(h.early, h.file.Sync())
		h.unsaved, h.saved = false, h.early == nil
	}
	_ = h.file.Close() // nothing unsynced is in it
	h.file = nil
}

// with calls f with the file, which stays open meanwhile. Changes are what a sync
// has to follow.
func (h *handle) with(changes bool, f func(File) error) error {
	file, err := h.hold(changes)
	if err != nil {
		return err
	}
	h.all.touch(h)
	err = f(file)
	h.mu.Lock()
	h.users--
	h.mu.Unlock()
	return err
}

func (h *handle) hold(changes bool) (File, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.ensure(); err != nil {
		return nil, err
	}
	h.users++
	if changes { // not sooner: a sync of who closes it must not count for them
		h.unsaved, h.saved = true, false
	}
	return h.file, nil
}

func (a *handles) touch(h *handle) {
	a.mu.Lock()
	h.used = true
	a.mu.Unlock()
}

func (h *handle) ReadAt(b []byte, off int64) (n int, err error) {
	err = h.with(false, func(f File) (err error) {
		n, err = f.ReadAt(b, off)
		return err
	})
	return n, err
}

func (h *handle) Writev(bufs [][]byte, off int64) (n int, err error) {
	err = h.with(true, func(f File) (err error) {
		n, err = f.Writev(bufs, off)
		return err
	})
	return n, err
}

func (h *handle) Truncate(size int64) error {
	return h.with(true, func(f File) error { return f.Truncate(size) })
}

// Sync tells of the failure of one that came early, once.
func (h *handle) Sync() (err error) {
	h.mu.Lock()
	done := h.file == nil && h.saved
	h.mu.Unlock()
	if !done {
		err = h.with(false, File.Sync)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if early := h.early; early != nil {
		h.early, err = nil, early
	}
	h.unsaved, h.saved = false, err == nil
	return err
}

func (h *handle) Size() (size int64, err error) {
	err = h.with(false, func(f File) (err error) {
		size, err = f.Size()
		return err
	})
	return size, err
}

// WithDescriptor is for sendfile.
func (h *handle) WithDescriptor(send func(fd int) error) error {
	return h.with(false, func(f File) error {
		if d, ok := f.(described); ok {
			return d.WithDescriptor(send)
		}
		return errNoDescriptor
	})
}

// Close is the last call.
func (h *handle) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.path != "" {
		h.all.leave(h)
	}
	if h.file == nil {
		return nil
	}
	h.closed()
	err := h.file.Close()
	h.file = nil
	return err
}
