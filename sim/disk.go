package sim

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"

	"odradek/faults"
	"odradek/node/env"
)

// Disk is the storage of one node in memory, with a page cache. It carries out
// one operation at a time; their order is the queue's affair.
//
//	              Sync, SyncDir
//	cached image --------------> durable image
//	    |                            |
//	 Crash leaves this            PowerCut leaves this, and an arbitrary part of the rest
type Disk struct {
	tree  tree
	files map[env.FileID]*handle
	rng   *rand.Rand
	armed []faults.Kind
	full  bool
}

// handle is an open file.
type handle struct {
	node     *inode
	path     string
	readOnly bool
	failed   bool // until Reset
}

var errDevice = errors.New("input/output error")

// NewDisk makes an empty disk in which these directories exist, durably.
func NewDisk(rng *rand.Rand, dirs ...string) *Disk {
	d := &Disk{tree: tree{root: newDir()}, files: map[env.FileID]*handle{}, rng: rng}
	for _, dir := range dirs {
		d.tree.mkdir(dir)
	}
	d.syncTree()
	return d
}

func (d *Disk) syncTree() {
	for _, c := range d.tree.journal {
		c.store()
	}
	d.tree.journal = nil
}

// Arm makes the next operation that a fault of this kind concerns fail.
func (d *Disk) Arm(k faults.Kind) { d.armed = append(d.armed, k) }

// SetFull says whether there is space left.
func (d *Disk) SetFull(full bool) { d.full = full }

func (d *Disk) fires(k faults.Kind) bool {
	i := slices.Index(d.armed, k)
	if i < 0 {
		return false
	}
	d.armed = slices.Delete(d.armed, i, i+1)
	return true
}

// Do carries out one operation now.
func (d *Disk) Do(op *env.Disk) *env.DiskDone {
	done := &env.DiskDone{Op: op.Op, Kind: op.Kind, File: op.File, Tag: op.Tag}
	switch op.Kind {
	case env.Nop:
	case env.Open, env.SyncDir, env.Mkdir, env.Rename, env.Remove, env.List:
		done.Err = d.onPath(op, done)
	default:
		done.Err = d.onFile(op, done)
	}
	return done
}

func (d *Disk) onPath(op *env.Disk, done *env.DiskDone) error {
	switch op.Kind {
	case env.Open:
		return d.open(op, done)
	case env.SyncDir:
		return d.syncDir(op)
	case env.Mkdir:
		return d.mkdir(op)
	case env.Rename:
		if !d.tree.rename(op.Path, op.To) {
			return env.ErrNotExist
		}
	case env.Remove:
		d.tree.remove(op.Path)
	case env.List:
		return d.list(op, done)
	}
	return nil
}

func (d *Disk) open(op *env.Disk, done *env.DiskDone) error {
	n := d.tree.find(op.Path, false)
	switch {
	case n != nil && n.dir:
		return &env.IOError{Kind: op.Kind, Path: op.Path, Err: errors.New("is a directory")}
	case n != nil && op.Flags&env.Exclusive != 0:
		return env.ErrExist
	case n == nil && op.Flags&env.Create == 0:
		return env.ErrNotExist
	case n == nil && d.full:
		return env.ErrNoSpace
	}
	if n == nil {
		dir, name := d.tree.parent(op.Path)
		if dir == nil {
			return env.ErrNotExist
		}
		n = &inode{}
		d.tree.link(dir, name, n)
	}
	d.files[op.File] = &handle{node: n, path: op.Path, readOnly: op.Flags&env.ReadOnly != 0}
	done.Size = int64(len(n.cached))
	return nil
}

func (d *Disk) syncDir(op *env.Disk) error {
	n := d.tree.find(op.Path, false)
	if n == nil || !n.dir {
		return env.ErrNotExist
	}
	if d.fires(faults.EIOSync) {
		return &env.IOError{Kind: op.Kind, Path: op.Path, Err: errDevice}
	}
	d.tree.sync(n)
	return nil
}

func (d *Disk) mkdir(op *env.Disk) error {
	if d.full && d.tree.find(op.Path, false) == nil {
		return env.ErrNoSpace
	}
	if !d.tree.mkdir(op.Path) {
		return env.ErrExist
	}
	return nil
}

func (d *Disk) list(op *env.Disk, done *env.DiskDone) error {
	n := d.tree.find(op.Path, false)
	if n == nil || !n.dir {
		return env.ErrNotExist
	}
	for _, name := range slices.Sorted(maps.Keys(n.names)) {
		c := n.names[name]
		done.Entries = append(done.Entries, env.Entry{Name: name, Dir: c.dir, Size: int64(len(c.cached))})
	}
	return nil
}
