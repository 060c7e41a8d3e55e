package storage

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"odradek/node/mutant"
)

var errIndex = errors.New("index is damaged")

// OffsetIndex is the image of a segment's .index file, Kafka's OffsetIndex:
//
//	int32 last offset of a batch, from the segment's base | int32 position of the batch
//
// Both ascend. It is sparse: one entry each index.interval.bytes. The first batch
// has none, so that no entry is all zeros.
type OffsetIndex struct{ b []byte }

const offsetEntry = 8

// Len is the number of entries.
func (x *OffsetIndex) Len() int { return len(x.b) / offsetEntry }

// Bytes is the file's content from an entry on; it stays the index's own.
func (x *OffsetIndex) Bytes(from int) []byte { return x.b[from*offsetEntry:] }

func (x *OffsetIndex) at(i int) (relative, position int32) {
	e := x.b[i*offsetEntry:]
	if mutant.On("B16") { // KAFKA-6292: a position wraps; at 32 KiB here, where simulated segments come to
		return int32(be.Uint32(e)), int32(int16(be.Uint32(e[4:])))
	}
	return int32(be.Uint32(e)), int32(be.Uint32(e[4:]))
}

// Append adds an entry above all others. Both must fit an int32: the log rolls
// before they do not (fits).
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

// ParseOffsetIndex reads a .index file of a segment that is size bytes long, and
// keeps b. Zeros at its end are space that was made and not written, and left
// out. An error means that the index is damaged and to be derived anew.
func ParseOffsetIndex(b []byte, size int64) (*OffsetIndex, error) {
	if mutant.On("B14") { // KAFKA-2012: what a crash left of an index is trusted
		return &OffsetIndex{b[:len(b)/offsetEntry*offsetEntry]}, nil
	}
	x := &OffsetIndex{trimZeros(b, offsetEntry, 0)}
	if len(b)%offsetEntry != 0 {
		return nil, fmt.Errorf("%w: %d bytes are no whole entries", errIndex, len(b))
	}
	lastR, lastP := int32(-1), int32(0)
	for i := range x.Len() {
		r, p := x.at(i)
		if r <= lastR || p <= lastP || int64(p) >= size {
			return nil, fmt.Errorf("%w: entry %d (offset %d at byte %d of %d) after %d at %d", errIndex, i, r, p, size, lastR, lastP)
		}
		lastR, lastP = r, p
	}
	return x, nil
}

// trimZeros cuts entries of zeros off the end, down to a number of entries.
func trimZeros(b []byte, entry, least int) []byte {
	for n := len(b) - entry; n >= least*entry && len(b)%entry == 0 && !slices.ContainsFunc(b[n:], nonZero); n -= entry {
		b = b[:n]
	}
	return b
}

func nonZero(c byte) bool { return c != 0 }

// fits tells whether an offset and position can be kept relative to a base.
func fits(relative, position int64) bool {
	return relative <= math.MaxInt32 && position <= math.MaxInt32
}
