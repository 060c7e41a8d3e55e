package storage_test

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// misled is a log of which the first segment's index ascends, as it should, and
// leads into the middle of batches.
func misled(t *testing.T) *driver {
	t.Helper()
	d := fresh(t, 11)
	d.config.SegmentBytes = 4000
	d.fill(t, 60)
	must(t, d.closeCleanly())
	d.settle()
	d.crash()
	file := "00000000000000000000.index"
	b, _ := d.disk.Cached(dir + "/" + file)
	b = bytes.Clone(b)
	for at := 4; at < len(b); at += 8 {
		binary.BigEndian.PutUint32(b[at:], binary.BigEndian.Uint32(b[at:])+5)
	}
	if len(b) < 16 {
		t.Fatalf("an index of %d bytes", len(b))
	}
	d.overwrite(t, file, b)
	must(t, d.reopen(true))
	return d
}

func TestAnIndexThatLeadsIntoTheMiddleOfABatchIsFoundOut(t *testing.T) {
	d := misled(t)
	for range 100 {
		must(t, d.read())
		must(t, d.lookUp())
	}
	before, _ := d.disk.Cached(dir + "/00000000000000000000.index")
	must(t, d.closeCleanly())
	for range 100 {
		must(t, d.read())
	}
	if after, _ := d.disk.Cached(dir + "/00000000000000000000.index"); !bytes.Equal(before, after) {
		t.Fatal("it was not mended the first time")
	}
}
