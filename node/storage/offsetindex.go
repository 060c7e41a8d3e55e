package storage

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"odradek/node/mutant"
)

var errIndex = errors.New("index is damaged")

// OffsetIndex is the image of a segment's .index file, Kafka's OffsetIndex:
// entries of int32 offset relative to the segment's base, int32 position, both
// ascending. It is sparse.
type OffsetIndex struct{ b []byte }

const offsetEntry = 8

// Len is the number of entries.
func (x *OffsetIndex) Len() int { return len(x.b) / offsetEntry }

// Bytes is the file's content from an entry on.
func (x *OffsetIndex) Bytes(from int) []byte { return x.b[from*offsetEntry:] }

func (x *OffsetIndex) at(i int) (relative, position int32) {
	e := x.b[i*offsetEntry:]
	return int32(be.Uint32(e)), int32(be.Uint32(e[4:]))
}

// Append adds an entry above all others. relative must fit an int32: the log
// rolls before it does not.
func (x *OffsetIndex) Append(relative, position int64) {
	x.b = be.AppendUint32(x.b, uint32(int32(relative)))
	x.b = be.AppendUint32(x.b, uint32(int32(position)))
}

// Lookup is the position of the last entry at or below a relative offset; 0 if
// there is none.
func (x *OffsetIndex) Lookup(relative int64) int64 {
	i := sort.Search(x.Len(), func(i int) bool {
		r, _ := x.at(i)
		return int64(r) > relative
	})
	if i == 0 {
		return 0
	}
	_, position := x.at(i - 1)
	return int64(position)
}

// Truncate forgets entries at or beyond a position.
func (x *OffsetIndex) Truncate(position int64) {
	n := sort.Search(x.Len(), func(i int) bool {
		_, p := x.at(i)
		return int64(p) >= position
	})
	x.b = x.b[:n*offsetEntry]
}

// ParseOffsetIndex reads a .index file of a segment that is size bytes long.
func ParseOffsetIndex(b []byte, size int64) (*OffsetIndex, error) {
	x := &OffsetIndex{b}
	// B14 (KAFKA-2012): what a crash left of an index is trusted.
	if mutant.On("B14") {
		x.b = b[:len(b)/offsetEntry*offsetEntry]
		return x, nil
	}
	if len(b)%offsetEntry != 0 {
		return nil, fmt.Errorf("%w: %d bytes", errIndex, len(b))
	}
	lastR, lastP := int32(-1), int32(-1)
	for i := range x.Len() {
		r, p := x.at(i)
		if r <= lastR || p <= lastP || int64(p) >= size {
			return nil, fmt.Errorf("%w: entry %d (%d at %d) does not ascend", errIndex, i, r, p)
		}
		lastR, lastP = r, p
	}
	return x, nil
}

// fits tells whether an offset and position can be kept relative to a base.
func fits(relative, position int64) bool {
	if mutant.On("B16") { // KAFKA-6292: near the largest size the sum wraps
		return int32(relative) >= 0
	}
	return relative <= math.MaxInt32 && position <= math.MaxInt32
}
