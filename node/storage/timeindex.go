package storage

import (
	"fmt"
	"sort"

	"odradek/node/record"
)

// TimeIndex is the image of a segment's .timeindex file, Kafka's TimeIndex:
//
//	int64 timestamp, ms | int32 offset of a record that has it, from the segment's base
//
// An entry says that up to this offset no record has a larger timestamp. Both
// ascend. It is sparse.
type TimeIndex struct{ b []byte }

const timeEntry = 12

// Len is the number of entries.
func (x *TimeIndex) Len() int { return len(x.b) / timeEntry }

// Bytes is the file's content from an entry on; it stays the index's own.
func (x *TimeIndex) Bytes(from int) []byte { return x.b[from*timeEntry:] }

func (x *TimeIndex) at(i int) (timestamp int64, relative int32) {
	e := x.b[i*timeEntry:]
	return int64(be.Uint64(e)), int32(be.Uint32(e[8:]))
}

// Last is the largest timestamp and where it was seen, relative to the base;
// NoTimestamp and -1 when there is none.
func (x *TimeIndex) Last() (timestamp, relative int64) {
	if x.Len() == 0 {
		return record.NoTimestamp, -1
	}
	t, r := x.at(x.Len() - 1)
	return t, int64(r)
}

// Append adds an entry, if it is above the last one. relative must fit an int32:
// the log rolls before it does not (fits).
func (x *TimeIndex) Append(timestamp, relative int64) {
	t, r := x.Last()
	if timestamp > t && relative > r {
		x.b = be.AppendUint64(x.b, uint64(timestamp))
		x.b = be.AppendUint32(x.b, uint32(int32(relative)))
	}
}

// Lookup is the relative offset from which a record with at least this
// timestamp is to be looked for.
func (x *TimeIndex) Lookup(timestamp int64) int64 {
	i := sort.Search(x.Len(), func(i int) bool {
		t, _ := x.at(i)
		return t >= timestamp
	})
	if i == 0 {
		return 0
	}
	_, r := x.at(i - 1)
	return int64(r)
}

// Truncate forgets entries at or beyond a relative offset.
func (x *TimeIndex) Truncate(relative int64) {
	n := sort.Search(x.Len(), func(i int) bool {
		_, r := x.at(i)
		return int64(r) >= relative
	})
	x.b = x.b[:n*timeEntry]
}

// ParseTimeIndex reads a .timeindex file, and keeps b. Zeros at its end are left
// out, but for a first entry, which may say that all happened in 1970. An error
// means that the index is damaged and to be derived anew.
func ParseTimeIndex(b []byte) (*TimeIndex, error) {
	x := &TimeIndex{trimZeros(b, timeEntry, 1)}
	if len(b)%timeEntry != 0 {
		return nil, fmt.Errorf("%w: %d bytes are no whole entries", errIndex, len(b))
	}
	lastT, lastR := int64(record.NoTimestamp), int32(-1)
	for i := range x.Len() {
		t, r := x.at(i)
		if t <= lastT || r <= lastR {
			return nil, fmt.Errorf("%w: entry %d (time %d at offset %d) after %d at %d", errIndex, i, t, r, lastT, lastR)
		}
		lastT, lastR = t, r
	}
	return x, nil
}
