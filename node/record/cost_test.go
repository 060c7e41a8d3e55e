package record_test

import (
	"fmt"
	"testing"

	"odradek/node/record"
)

func TestValidatingAnUncompressedBatchAllocatesNothing(t *testing.T) {
	b, r := plain(t, 100, nil), record.DefaultRules(now)
	n := testing.AllocsPerRun(100, func() {
		v, err := record.Validate(b, r)
		if err != nil {
			t.Fatal(err)
		}
		v.Assign(0, 1)
		if record.Check(v.Batch) != nil {
			t.Fatal("corrupt")
		}
	})
	if n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkValidate(b *testing.B) {
	for _, codec := range codecs {
		for _, records := range []int{16, 1024} { // of 64 bytes: 1 KB and 64 KB
			batch, r := plain(b, records, packed(codec)), record.DefaultRules(now)
			r.Compressor = record.NewCompressor()
			b.Run(fmt.Sprintf("%v/%dKB", codec, records/16), func(b *testing.B) {
				b.SetBytes(int64(records * 64))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := record.Validate(batch, r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
