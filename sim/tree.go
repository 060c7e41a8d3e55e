package sim

import (
	"maps"
	"slices"
	"strings"
)

// tree is the directories of one disk. A change of entries is one journal
// record, so that a rename is kept or lost as a whole.
type tree struct {
	root    *inode
	journal []dirChange // not yet durable, in order
}

type dirChange []entryChange

// entryChange sets one entry of a directory; nil removes it.
type entryChange struct {
	dir   *inode
	name  string
	child *inode
}

func split(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

func set(entries map[string]*inode, name string, child *inode) {
	if child == nil {
		delete(entries, name)
		return
	}
	entries[name] = child
}

// find follows a path through the cached entries, or the durable ones.
func (t *tree) find(path string, durable bool) *inode {
	at := t.root
	for _, name := range split(path) {
		entries := at.names
		if durable {
			entries = at.stored
		}
		if at = entries[name]; at == nil {
			return nil
		}
	}
	return at
}

// parent finds the directory of a path's last name; nil if there is none.
func (t *tree) parent(path string) (*inode, string) {
	names := split(path)
	if len(names) == 0 {
		return nil, ""
	}
	last := len(names) - 1
	dir := t.find(strings.Join(names[:last], "/"), false)
	if dir == nil || !dir.dir {
		return nil, ""
	}
	return dir, names[last]
}

func (t *tree) commit(c dirChange) {
	for _, e := range c {
		set(e.dir.names, e.name, e.child)
	}
	t.journal = append(t.journal, c)
}

func (t *tree) link(dir *inode, name string, child *inode) {
	t.commit(dirChange{{dir, name, child}})
}

// mkdir makes a directory and its missing parents; false if a file is in the way.
func (t *tree) mkdir(path string) bool {
	at := t.root
	for _, name := range split(path) {
		child := at.names[name]
		if child == nil {
			child = newDir()
			t.link(at, name, child)
		}
		if at = child; !at.dir {
			return false
		}
	}
	return true
}

// rename moves an entry in one journal record.
func (t *tree) rename(from, to string) bool {
	a, x := t.parent(from)
	b, y := t.parent(to)
	if a == nil || b == nil || a.names[x] == nil {
		return false
	}
	if a != b || x != y {
		t.commit(dirChange{{b, y, a.names[x]}, {a, x, nil}})
	}
	return true
}

// remove unlinks what is below a path, then the path, each by itself.
func (t *tree) remove(path string) {
	dir, name := t.parent(path)
	if dir == nil || dir.names[name] == nil {
		return
	}
	t.clear(dir.names[name])
	t.link(dir, name, nil)
}

func (t *tree) clear(dir *inode) {
	for _, name := range slices.Sorted(maps.Keys(dir.names)) {
		t.clear(dir.names[name])
		t.link(dir, name, nil)
	}
}

// sync makes the changes of a directory durable, and with a change all that
// it has in common with others, so that their order stays.
func (t *tree) sync(dir *inode) {
	touched := map[*inode]bool{dir: true}
	chosen := make([]bool, len(t.journal))
	for i, c := range slices.Backward(t.journal) {
		chosen[i] = slices.ContainsFunc(c, func(e entryChange) bool { return touched[e.dir] })
		for _, e := range c {
			touched[e.dir] = touched[e.dir] || chosen[i]
		}
	}
	var rest []dirChange
	for i, c := range t.journal {
		if chosen[i] {
			c.store()
		} else {
			rest = append(rest, c)
		}
	}
	t.journal = rest
}

func (c dirChange) store() {
	for _, e := range c {
		set(e.dir.stored, e.name, e.child)
	}
}

// walk visits the files below a directory in order of their paths, each once.
func walk(dir *inode, prefix string, durable bool, visit func(path string, n *inode)) {
	entries := dir.names
	if durable {
		entries = dir.stored
	}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		child := entries[name]
		visit(prefix+name, child)
		if child.dir {
			walk(child, prefix+name+"/", durable, visit)
		}
	}
}
