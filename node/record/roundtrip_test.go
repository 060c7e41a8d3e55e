package record_test

import (
	"bytes"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/record"
)

var codecs = []record.Codec{record.None, record.Gzip, record.Snappy, record.LZ4, record.Zstd}

func drawBytes(t *rapid.T, label string) []byte {
	if rapid.Bool().Draw(t, label+" null") {
		return nil
	}
	unit := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, label)
	return bytes.Repeat(unit, rapid.SampledFrom([]int{1, 1, 1, 40, 4000}).Draw(t, label+" times"))
}

func drawRecord(t *rapid.T) record.Record {
	r := record.Record{
		Timestamp: rapid.Int64Range(-1, 1<<45).Draw(t, "timestamp"),
		Key:       drawBytes(t, "key"),
		Value:     drawBytes(t, "value"),
	}
	for range rapid.IntRange(0, 2).Draw(t, "headers") {
		r.Headers = append(r.Headers, record.Header{
			Key: rapid.String().Draw(t, "header"), Value: drawBytes(t, "header value")})
	}
	return r
}

func TestWhatIsBuiltPassesAllChecksAndReadsBack(t *testing.T) {
	c := record.NewCompressor()
	rapid.Check(t, func(t *rapid.T) {
		sent := rapid.SliceOfN(rapid.Custom(drawRecord), 1, 12).Draw(t, "records")
		b := record.NewBuilder(c)
		b.Codec = rapid.SampledFrom(codecs).Draw(t, "codec")
		mark := record.NoMark()
		for i := range sent {
			sent[i].Offset = int64(i)
			mark.Observe(sent[i].Timestamp, int64(i))
			b.Append(sent[i])
		}
		batch, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		rules := open(c)
		want := rapid.SampledFrom([]record.CompressionType{"producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"}).Draw(t, "topic")
		rules.CompressionType = want
		v, err := record.Validate(batch, rules)
		if err != nil {
			t.Fatal(err)
		}
		if v.Max != mark || int(v.Count) != len(sent) {
			t.Fatalf("found %+v and %d records, want %+v and %d", v.Max, v.Count, mark, len(sent))
		}
		target, _ := want.Target(b.Codec)
		if v.Batch.Codec() != target || v.Recompressed != (target != b.Codec) {
			t.Fatalf("codec %v for %v, recompressed %v", v.Batch.Codec(), want, v.Recompressed)
		}
		v.Assign(0, 1)
		same(t, v.Batch, c, sent)
	})
}

func same(t *rapid.T, b record.Batch, c *record.Compressor, want []record.Record) {
	if err := record.Check(b); err != nil {
		t.Fatal(err)
	}
	var got []record.Record
	for r, err := range record.Records(b, c, 0) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("\n got %v\nwant %v", got, want)
	}
}

// open are rules that only the format itself limits.
func open(c *record.Compressor) record.Rules {
	r := record.DefaultRules(1 << 45)
	r.MaxMessageBytes, r.Compressor = 0, c
	return r
}

func TestABatchNeedsEveryByte(t *testing.T) {
	whole := sample()
	for n := range len(whole) {
		if err := record.Check(whole[:n]); err == nil {
			t.Fatalf("%d of %d bytes pass", n, len(whole))
		}
	}
	if record.Check(append(whole, 0)) == nil {
		t.Fatal("a byte too many passes")
	}
}

func TestEveryFlippedBitUnderTheChecksumIsRefused(t *testing.T) {
	for bit := 8 * 8; bit < 8*len(sample()); bit++ {
		if i := bit / 8; i >= 12 && i < 16 {
			continue // the leader epoch is not covered
		}
		b := sample()
		b[bit/8] ^= 1 << (bit % 8)
		if record.Check(b) == nil {
			t.Fatalf("bit %d flipped: passes", bit)
		}
	}
}

func TestAConcatenationSplitsAndReportsItsTornEnd(t *testing.T) {
	data := append(append(sample(), sample()...), sample()[:30]...)
	var sizes []int
	var last error
	for b, err := range record.Batches(data) {
		sizes, last = append(sizes, len(b)), err
	}
	n := len(sample())
	if !reflect.DeepEqual(sizes, []int{n, n, 30}) || last != record.ErrTruncated {
		t.Fatalf("%v, %v", sizes, last)
	}
}

func TestMarkersReadBack(t *testing.T) {
	m := record.Marker(record.Commit, 77, 5)
	kind, err := record.ParseControl(m.Key)
	epoch, err2 := record.ParseMarker(m.Value)
	if err != nil || err2 != nil || kind != record.Commit || epoch != 77 {
		t.Fatal(kind, epoch, err, err2)
	}
	if _, err := record.ParseControl(m.Key[:3]); err == nil {
		t.Fatal("a short key passes")
	}
}
