package host

import (
	"math/bits"
	"sync"
)

// Sizes of the buffers that are kept. A batch is often a power of two long and
// comes with a header: an eighth more than that holds both.
//
//	1152, 2304, 4608 ... 73,728 ... 1,179,648
const (
	smallestKept = 1<<10 + 1<<7
	keptSizes    = 11
)

// frames are the buffers that requests are read into. What nobody takes for two
// collections of garbage is freed: they hold no more than was needed of late.
type frames struct {
	kept  [keptSizes]sync.Pool // of *[]byte
	boxes sync.Pool            // of *[]byte, empty: what kept buffers are put in
}

// sizeClass is the smallest size that holds n bytes.
func sizeClass(n int) int { return bits.Len(uint((max(n, 1) - 1) / smallestKept)) }

// take gives an empty buffer with room for n bytes.
func (f *frames) take(n int) []byte {
	class := sizeClass(n)
	if class >= keptSizes {
		return make([]byte, 0, n)
	}
	box, ok := f.kept[class].Get().(*[]byte)
	if !ok {
		return make([]byte, 0, smallestKept<<class)
	}
	buf := *box
	*box = nil
	f.boxes.Put(box)
	return buf
}

// give takes a buffer back that came from take.
func (f *frames) give(buf []byte) {
	class := sizeClass(cap(buf))
	if class >= keptSizes || cap(buf) != smallestKept<<class {
		return
	}
	box, ok := f.boxes.Get().(*[]byte)
	if !ok {
		box = new([]byte)
	}
	*box = buf[:0]
	f.kept[class].Put(box)
}
