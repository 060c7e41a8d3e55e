package sim

import (
	"math/rand/v2"
	"slices"
)

// inode is a file or a directory, twice: as processes see it, and as it is on
// the platter. dirty are the steps between the two.
type inode struct {
	dir     bool
	cached  []byte
	durable []byte
	dirty   []change
	altered uint64 // times that durable has lost or changed a byte that it had

	names  map[string]*inode // cached entries of a directory
	stored map[string]*inode // durable ones
}

// change is an unsynced write, or (data nil) an unsynced change of size.
type change struct {
	off  int64
	data []byte
}

func newDir() *inode {
	return &inode{dir: true, names: map[string]*inode{}, stored: map[string]*inode{}}
}

// apply carries out a change on an image; a gap reads as zeros.
func (c change) apply(image []byte) []byte {
	if c.data == nil {
		return resize(image, int(c.off))
	}
	end := int(c.off) + len(c.data)
	if end > len(image) {
		image = resize(image, end)
	}
	copy(image[c.off:], c.data)
	return image
}

func resize(image []byte, size int) []byte {
	if size <= len(image) {
		return image[:size]
	}
	old := len(image)
	image = slices.Grow(image, size-old)[:size]
	clear(image[old:])
	return image
}

func (n *inode) write(off int64, data []byte) {
	n.change(change{off, append([]byte{}, data...)})
}

func (n *inode) change(c change) {
	n.cached = c.apply(n.cached)
	n.dirty = append(n.dirty, c)
}

func (n *inode) read(off int64, size int) []byte {
	from := min(max(off, 0), int64(len(n.cached)))
	to := min(from+int64(max(size, 0)), int64(len(n.cached)))
	return slices.Clone(n.cached[from:to])
}

func (n *inode) sync() {
	for _, c := range n.dirty {
		if c.off < int64(len(n.durable)) {
			n.altered++
		}
		n.durable = c.apply(n.durable)
	}
	n.dirty = nil
}

// syncSome makes an arbitrary part of the unsynced changes durable and forgets
// the rest, which no later sync will save.
func (n *inode) syncSome(rng *rand.Rand) {
	if len(n.dirty) == 0 {
		return
	}
	n.dirty = keepSome(rng, n.dirty)
	if last := len(n.dirty) - 1; last >= 0 && rng.IntN(2) == 0 {
		n.dirty = append(n.dirty[:last], n.dirty[last].tear(rng, len(n.durable))...)
	}
	n.sync()
}

// tear cuts a write at an arbitrary byte. Sometimes the size was already
// recorded, and zeros are found where new bytes should be; what was written over
// durable bytes (the first so many) leaves the old ones or the new.
func (c change) tear(rng *rand.Rand, durable int) []change {
	if len(c.data) == 0 {
		return []change{c}
	}
	cut := rng.IntN(len(c.data))
	if rng.IntN(4) == 0 {
		zeroed := append([]byte{}, c.data...)
		clear(zeroed[min(max(cut, durable-int(c.off)), len(zeroed)):])
		return []change{{c.off, zeroed}}
	}
	return []change{{c.off, c.data[:cut:cut]}}
}

// keepSome draws what a power cut leaves of a list: nothing, all, a prefix, or
// any part of it.
func keepSome[T any](rng *rand.Rand, all []T) []T {
	switch rng.IntN(4) {
	case 0:
		return nil
	case 1:
		return all
	case 2:
		return all[:rng.IntN(len(all)+1)]
	}
	var some []T
	for _, x := range all {
		if rng.IntN(2) == 0 {
			some = append(some, x)
		}
	}
	return some
}

// powerCut leaves what is durable.
func (n *inode) powerCut(rng *rand.Rand) {
	n.syncSome(rng)
	n.cached = slices.Clone(n.durable)
}
