package record_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"odradek/node/record"
)

func seeds(f *testing.F) {
	for _, codec := range codecs {
		f.Add(plain(f, 3, packed(codec)))
	}
	f.Add(sample())
	f.Add([]byte{})
}

// mend makes length and CRC right, so that the fuzzer gets to the records.
func mend(b []byte) []byte {
	if len(b) < record.HeaderSize {
		return b
	}
	return forge(b, func(b []byte) {
		binary.BigEndian.PutUint32(b[8:], uint32(len(b)-record.Overhead))
		b[16] = record.Magic
	})
}

const fuzzLimit = 1 << 20

func FuzzValidate(f *testing.F) {
	seeds(f)
	c := record.NewCompressor()
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, in := range [][]byte{b, mend(b)} {
			before := bytes.Clone(in)
			r := open(c)
			r.MaxDecompressed = fuzzLimit
			v, err := record.Validate(in, r)
			if !bytes.Equal(in, before) {
				t.Fatal("the input was changed")
			}
			if err == nil {
				v.Assign(10, 1)
				accepted(t, v, c)
			}
		}
	})
}

// accepted: what Validate lets through, readers must be able to read.
func accepted(t *testing.T, v record.Validated, c *record.Compressor) {
	if err := record.Check(v.Batch); err != nil {
		t.Fatal(err)
	}
	next := int64(10)
	for rec, err := range record.Records(v.Batch, c, fuzzLimit) {
		if err != nil || rec.Offset != next {
			t.Fatal(rec.Offset, next, err)
		}
		next++
	}
	if next != v.Batch.NextOffset() {
		t.Fatal(next, v.Batch.NextOffset())
	}
}

func FuzzRecords(f *testing.F) {
	seeds(f)
	c := record.NewCompressor()
	f.Fuzz(func(t *testing.T, b []byte) {
		for batch, err := range record.Batches(mend(b)) {
			if err != nil || record.Check(batch) != nil {
				return
			}
			total := 0
			for rec, err := range record.Records(batch, c, fuzzLimit) {
				if err == nil {
					total += len(rec.Key) + len(rec.Value)
				}
			}
			if total > fuzzLimit && batch.Codec() != record.None {
				t.Fatalf("%d bytes of records", total)
			}
		}
	})
}
