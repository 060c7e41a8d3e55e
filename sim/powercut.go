package sim

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"odradek/node/env"
)

// Crash ends the process that had the disk open. The page cache lives on.
func (d *Disk) Crash() { d.files = map[env.FileID]*handle{} }

// PowerCut leaves what is durable and an arbitrary part of what is not.
func (d *Disk) PowerCut() {
	d.Crash()
	for _, c := range keepSome(d.rng, d.tree.journal) {
		c.store()
	}
	d.tree.journal = nil
	seen := map[*inode]bool{}
	reset := func(_ string, n *inode) {
		if n.dir {
			n.names = maps.Clone(n.stored)
		} else if !seen[n] {
			n.powerCut(d.rng)
		}
		seen[n] = true
	}
	reset("", d.tree.root)
	walk(d.tree.root, "", true, reset)
}

// tearWrite puts an arbitrary prefix of a write under way into the page cache,
// as a process leaves it that dies inside the call.
func (d *Disk) tearWrite(op *env.Disk) {
	h := d.files[op.File]
	if h == nil || h.failed || h.readOnly || op.Kind != env.Write || d.full {
		return
	}
	if n := d.rng.IntN(len(op.Data) + 1); n > 0 {
		h.node.write(op.Off, op.Data[:n])
	}
}

// Empty removes all that lies in a directory, durably.
func (d *Disk) Empty(dir string) {
	if n := d.tree.find(dir, false); n != nil {
		d.tree.clear(n)
		d.syncTree()
	}
}

// Flip inverts a stored bit of some files; bit counts
// through them in order of their paths, modulo what they hold. It returns the
// file's path, "" if all are empty.
func (d *Disk) Flip(bit uint64, of func(path string) bool) string {
	where, n, at := d.locate(bit, of)
	if n != nil {
		n.flip(at)
	}
	return where
}

// locate finds a stored bit: the file's path, the file, and which of its bits it is.
func (d *Disk) locate(bit uint64, of func(path string) bool) (where string, found *inode, at uint64) {
	total := uint64(0)
	each := func(visit func(path string, n *inode, size uint64)) {
		walk(d.tree.root, "", true, func(path string, n *inode) {
			if of(path) {
				visit(path, n, 8*uint64(len(n.durable)))
			}
		})
	}
	each(func(_ string, _ *inode, size uint64) { total += size })
	if total == 0 {
		return "", nil, 0
	}
	bit %= total
	each(func(path string, n *inode, size uint64) {
		if found == nil && bit < size {
			where, found, at = path, n, bit
		}
		bit -= min(bit, size)
	})
	return where, found, at
}

// flip inverts a durable bit, and the cached one unless a change covers it.
func (n *inode) flip(bit uint64) {
	i, mask := bit/8, byte(1)<<(bit%8)
	if i < uint64(len(n.cached)) && n.cached[i] == n.durable[i] {
		n.cached[i] ^= mask
	}
	n.durable[i] ^= mask
	n.altered++
}

// Durable is the content of a file that a power cut leaves for certain.
func (d *Disk) Durable(path string) ([]byte, bool) {
	n := d.tree.find(path, true)
	if n == nil || n.dir {
		return nil, false
	}
	return slices.Clone(n.durable), true
}

// Cached is the content of a file as processes see it.
func (d *Disk) Cached(path string) ([]byte, bool) {
	n := d.tree.find(path, false)
	if n == nil || n.dir {
		return nil, false
	}
	return slices.Clone(n.cached), true
}

// Paths lists the files and directories that processes see, sorted; those below
// a directory follow it.
func (d *Disk) Paths() []string {
	var all []string
	walk(d.tree.root, "", false, func(path string, _ *inode) { all = append(all, path) })
	return all
}

// Summary is a text with the digest of every file, cached and durable.
func (d *Disk) Summary() string {
	var b strings.Builder
	for _, durable := range []bool{false, true} {
		walk(d.tree.root, "", durable, func(path string, n *inode) {
			fmt.Fprintf(&b, "%v %s %x %x %d\n", durable, path, sha256.Sum256(n.cached), sha256.Sum256(n.durable), len(n.dirty))
		})
	}
	return b.String()
}
