package sim

import (
	"maps"
	"slices"
)

// Durable is a file as a power cut leaves it for certain. Its bytes are only for reading.
type Durable struct {
	Name string
	Data []byte

	node    *inode
	altered uint64
}

func durableOf(name string, n *inode) Durable { return Durable{name, n.durable, n, n.altered} }

// Extends tells whether it is a file that was looked at before, and has all of the
// bytes that it had then: what was found in them still holds.
func (d Durable) Extends(before Durable) bool {
	return d.node == before.node && d.altered == before.altered && len(d.Data) >= len(before.Data)
}

// Same tells whether it is a file that was looked at before, and has not changed since.
func (d Durable) Same(before Durable) bool {
	return d.Extends(before) && len(d.Data) == len(before.Data)
}

// EachDurable visits the files of a directory that a power cut leaves for certain,
// in the order of their names.
func (d *Disk) EachDurable(dir string, visit func(Durable)) {
	at := d.tree.find(dir, true)
	if at == nil || !at.dir {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(at.stored)) {
		if n := at.stored[name]; !n.dir {
			visit(durableOf(name, n))
		}
	}
}

// EachWritten visits the files of a directory as processes see them, in the order of
// their names.
func (d *Disk) EachWritten(dir string, visit func(name string, data []byte)) {
	at := d.tree.find(dir, false)
	if at == nil || !at.dir {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(at.names)) {
		if n := at.names[name]; !n.dir {
			visit(name, n.cached)
		}
	}
}
