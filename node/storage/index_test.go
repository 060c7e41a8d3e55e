package storage

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/record"
)

func TestIndexEntriesLieAsKafkaReadsThem(t *testing.T) {
	var offsets OffsetIndex
	offsets.Append(3, 0x100)
	offsets.Append(math.MaxInt32, math.MaxInt32)
	if want := unspaced(t, "00000003 00000100 7fffffff 7fffffff"); !bytes.Equal(offsets.Bytes(0), want) || offsets.Len() != 2 {
		t.Errorf("%x", offsets.Bytes(0))
	}
	if want := unspaced(t, "7fffffff 7fffffff"); !bytes.Equal(offsets.Bytes(1), want) {
		t.Errorf("%x", offsets.Bytes(1))
	}
	var times TimeIndex
	times.Append(1000, 2)
	if want := unspaced(t, "00000000000003e8 00000002"); !bytes.Equal(times.Bytes(0), want) || times.Len() != 1 {
		t.Errorf("%x", times.Bytes(0))
	}
}

func TestATimeIndexTakesOnlyWhatIsLater(t *testing.T) {
	var x TimeIndex
	if at, relative := x.Last(); at != record.NoTimestamp || relative != -1 {
		t.Error(at, relative)
	}
	x.Append(record.NoTimestamp, 5)
	x.Append(10, 5)
	x.Append(10, 6)
	x.Append(11, 5)
	x.Append(9, 7)
	if at, relative := x.Last(); x.Len() != 1 || at != 10 || relative != 5 {
		t.Error(x.Len(), at, relative)
	}
}

// indexed is a segment's indexes, and what they were told.
type indexed struct {
	told    []entry
	offsets OffsetIndex
	times   TimeIndex
	size    int64
}

type entry struct{ relative, position, largest, at int64 }

func drawIndexed(t *rapid.T) *indexed {
	x, last := &indexed{}, entry{-1, 0, -1, -1}
	for range rapid.IntRange(0, 20).Draw(t, "entries") {
		last.relative += rapid.Int64Range(1, 5).Draw(t, "records")
		last.position += rapid.Int64Range(1, 100).Draw(t, "bytes")
		if stamp := rapid.Int64Range(0, 40).Draw(t, "time"); stamp > last.largest {
			last.largest, last.at = stamp, last.relative
		}
		x.told = append(x.told, last)
		x.offsets.Append(last.relative, last.position)
		x.times.Append(last.largest, last.at)
	}
	x.size = last.position + 1
	return x
}

func TestIndexesFindWhatAScanFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawIndexed(t)
		asked := rapid.Int64Range(0, 110).Draw(t, "offset")
		stamp := rapid.Int64Range(0, 45).Draw(t, "timestamp")
		position, from := int64(0), int64(0)
		for _, e := range x.told {
			if e.relative <= asked {
				position = e.position
			}
			if e.largest < stamp {
				from = e.at // no record up to here is as late
			}
		}
		if got := x.offsets.Lookup(asked); got != position {
			t.Fatalf("offset %d: position %d, want %d", asked, got, position)
		}
		if got := x.times.Lookup(stamp); got != from {
			t.Fatalf("timestamp %d: from %d, want %d", stamp, got, from)
		}
	})
}

func TestIndexesAreReadAsTheyWereWrittenAndCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawIndexed(t)
		offsets, err := ParseOffsetIndex(bytes.Clone(x.offsets.Bytes(0)), x.size)
		if err != nil || !bytes.Equal(offsets.Bytes(0), x.offsets.Bytes(0)) {
			t.Fatal(err)
		}
		times, err := ParseTimeIndex(bytes.Clone(x.times.Bytes(0)))
		if err != nil || !bytes.Equal(times.Bytes(0), x.times.Bytes(0)) {
			t.Fatal(err)
		}
		to := rapid.IntRange(0, len(x.told)).Draw(t, "kept")
		position, relative := x.size, int64(1000)
		if to < len(x.told) {
			position, relative = x.told[to].position, x.told[to].relative
		}
		offsets.Truncate(position)
		times.Truncate(relative)
		if offsets.Len() != to || !bytes.HasPrefix(x.offsets.Bytes(0), offsets.Bytes(0)) {
			t.Fatalf("%d entries below %d, want %d", offsets.Len(), position, to)
		}
		if _, last := times.Last(); last >= relative || !bytes.HasPrefix(x.times.Bytes(0), times.Bytes(0)) {
			t.Fatalf("offset %d after a cut to %d", last, relative)
		}
	})
}

func TestSpaceThatWasNeverWrittenIsLeftOutOfAnIndex(t *testing.T) {
	zeros := make([]byte, 60)
	offsets, err := ParseOffsetIndex(append(unspaced(t, "00000003 00000100"), zeros[:56]...), 1000)
	if err != nil || offsets.Len() != 1 || offsets.Lookup(9) != 0x100 {
		t.Error(err, offsets)
	}
	if offsets, err = ParseOffsetIndex(zeros[:16], 1000); err != nil || offsets.Len() != 0 {
		t.Error(err, offsets)
	}
	times, err := ParseTimeIndex(append(unspaced(t, "00000000000003e8 00000002"), zeros...))
	if err != nil || times.Len() != 1 {
		t.Error(err, times)
	}
	if times, err = ParseTimeIndex(zeros); err != nil || times.Len() != 1 {
		t.Error(err, times)
	}
}

func TestADamagedIndexIsSeen(t *testing.T) {
	for _, text := range []string{
		"00000003 000001",                                       // no whole entry
		"00000003 00000000",                                     // the first batch has none
		"80000003 00000100",                                     // before the segment
		"00000003 00000100 00000003 00000200",                   // twice
		"00000003 00000200 00000004 00000100",                   // backwards
		"00000003 00000100 00000000 00000000 00000009 00000300", // a hole
		"00000003 000003e8",                                     // behind the end
	} {
		if x, err := ParseOffsetIndex(unspaced(t, text), 1000); !errors.Is(err, errIndex) {
			t.Errorf("%s: %v %+v", text, err, x)
		}
	}
	for _, text := range []string{
		"00000000000003e8 0000",
		"ffffffffffffffff 00000002",
		"00000000000003e8 80000002",
		"00000000000003e8 00000002 00000000000003e8 00000003",
		"00000000000003e8 00000002 00000000000003e9 00000002",
	} {
		if x, err := ParseTimeIndex(unspaced(t, text)); !errors.Is(err, errIndex) {
			t.Errorf("%s: %v %+v", text, err, x)
		}
	}
}

func TestWhatAnIndexCannotHoldDoesNotFit(t *testing.T) {
	for _, c := range []struct {
		relative, position int64
		want               bool
	}{
		{0, 0, true}, {math.MaxInt32, math.MaxInt32, true},
		{math.MaxInt32 + 1, 0, false}, {0, math.MaxInt32 + 1, false}, {1 << 32, 0, false},
	} {
		if got := fits(c.relative, c.position); got != c.want {
			t.Errorf("%d at %d: %v", c.relative, c.position, got)
		}
	}
}

func FuzzParseIndexes(f *testing.F) {
	f.Add(unspaced(f, "00000003 00000100 00000005 00000200"), int64(1000))
	f.Add(unspaced(f, "00000000000003e8 00000002 00000000000003e9 00000003"), int64(10))
	f.Fuzz(func(t *testing.T, b []byte, size int64) {
		if x, err := ParseOffsetIndex(bytes.Clone(b), size); err == nil {
			for i := range x.Len() {
				relative, position := x.at(i)
				if got := x.Lookup(int64(relative)); got != int64(position) || got >= size {
					t.Fatalf("entry %d: %d, want %d", i, got, position)
				}
			}
		}
		if x, err := ParseTimeIndex(bytes.Clone(b)); err == nil {
			for i := range x.Len() {
				at, relative := x.at(i)
				if got := x.Lookup(at + 1); at < math.MaxInt64 && got != int64(relative) {
					t.Fatalf("entry %d: %d, want %d", i, got, relative)
				}
			}
		}
	})
}
