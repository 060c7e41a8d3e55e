package record_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/record"
)

const now = int64(1_700_000_000_000)

// plain builds n keyed records at time now, shaped by edit.
func plain(t testing.TB, n int, edit func(*record.Builder)) []byte {
	t.Helper()
	b := record.NewBuilder(record.NewCompressor())
	if edit != nil {
		edit(b)
	}
	for range n {
		b.Append(record.Record{Timestamp: now, Key: []byte("key"), Value: bytes.Repeat([]byte("v"), 50)})
	}
	out, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// forge changes bytes and makes the CRC right again.
func forge(b []byte, change func([]byte)) []byte {
	b = bytes.Clone(b)
	change(b)
	binary.BigEndian.PutUint32(b[17:], crc32.Checksum(b[21:], crc32.MakeTable(crc32.Castagnoli)))
	return b
}

func put(at int, v ...byte) func([]byte) { return func(b []byte) { copy(b[at:], v) } }

func packed(c record.Codec) func(*record.Builder) { return func(b *record.Builder) { b.Codec = c } }

func TestWhatKafkaRefusesIsRefusedWithItsCode(t *testing.T) {
	good := plain(t, 3, nil)
	gz := plain(t, 3, packed(record.Gzip))
	idempotent := plain(t, 3, func(b *record.Builder) { b.ProducerID, b.ProducerEpoch, b.BaseSequence = 5, 0, 0 })
	for _, c := range []struct {
		name string
		b    []byte
		edit func(*record.Rules)
		code *kerr.Error
	}{
		{name: "nothing", b: nil, code: kerr.InvalidRecord},
		{name: "a partial batch", b: good[:len(good)-1], code: kerr.InvalidRecord},
		{name: "two batches", b: append(bytes.Clone(good), good...), code: kerr.InvalidRecord},
		{name: "an impossible second size", b: append(bytes.Clone(good), make([]byte, 20)...), code: kerr.CorruptMessage},
		{name: "format 1", b: forge(good, put(16, 1)), code: kerr.InvalidRecord},
		{name: "format 3", b: forge(good, put(16, 3)), code: kerr.CorruptMessage},
		{name: "a negative format", b: forge(good, put(16, 0xff)), code: kerr.CorruptMessage},
		{name: "a tiny length", b: forge(good, put(8, 0, 0, 0, 13)), code: kerr.CorruptMessage},
		{name: "less than a header", b: forge(good, put(8, 0, 0, 0, 20))[:32], code: kerr.CorruptMessage},
		{name: "a chosen base offset", b: forge(good, put(7, 1)), code: kerr.InvalidRecord},
		{name: "too large", b: good, edit: func(r *record.Rules) { r.MaxMessageBytes = len(good) - 1 }, code: kerr.MessageTooLarge},
		{name: "a wrong CRC", b: append(bytes.Clone(good[:len(good)-1]), 1), code: kerr.CorruptMessage},
		{name: "codec 5", b: forge(good, put(22, 5)), code: kerr.UnsupportedCompressionType},
		{name: "no records", b: forge(good, put(57, 0, 0, 0, 0)), code: kerr.InvalidRecord},
		{name: "a negative count", b: forge(good, put(57, 0xff, 0xff, 0xff, 0xff)), code: kerr.InvalidRecord},
		{name: "count too small", b: forge(good, func(b []byte) { b[60], b[26] = 2, 1 }), code: kerr.InvalidRecord},
		{name: "count too large", b: forge(good, func(b []byte) { b[60], b[26] = 4, 3 }), code: kerr.InvalidRecord},
		{name: "a wrong last delta", b: forge(good, put(26, 9)), code: kerr.InvalidRecord},
		{name: "a repeated offset delta", b: forge(good, put(61+4, 2)), code: kerr.InvalidRecord},
		{name: "a control batch", b: plain(t, 1, func(b *record.Builder) { b.Control = true }), code: kerr.InvalidRecord},
		{name: "no sequence", b: forge(idempotent, put(53, 0xff, 0xff, 0xff, 0xff)), code: kerr.InvalidRecord},
		{name: "no producer epoch", b: forge(idempotent, put(51, 0xff, 0xff)), code: kerr.InvalidRecord},
		{name: "a transaction of nobody", b: plain(t, 1, func(b *record.Builder) { b.Transactional = true }), code: kerr.InvalidRecord},
		{name: "too old", b: good, edit: func(r *record.Rules) { r.Now, r.BeforeMaxMs = now+11, 10 }, code: kerr.InvalidTimestamp},
		{name: "too early", b: good, edit: func(r *record.Rules) { r.Now, r.AfterMaxMs = now-11, 10 }, code: kerr.InvalidTimestamp},
		{name: "append time from a client", b: forge(good, put(22, 8)), code: kerr.InvalidTimestamp},
		{name: "zstd in an old request", b: plain(t, 1, packed(record.Zstd)),
			edit: func(r *record.Rules) { r.NoZstd = true }, code: kerr.UnsupportedCompressionType},
		{name: "not really gzip", b: forge(good, put(22, 1)), code: kerr.InvalidRecord},
		{name: "gzip with a wrong count", b: forge(gz, func(b []byte) { b[60], b[26] = 2, 1 }), code: kerr.InvalidRecord},
		{name: "gzip cut short", b: forge(gz, func(b []byte) { clear(b[len(b)-12:]) }), code: kerr.InvalidRecord},
		{name: "too large when recompressed", b: plain(t, 100, packed(record.Gzip)), edit: func(r *record.Rules) {
			r.CompressionType, r.MaxMessageBytes = record.Uncompressed, 1000
		}, code: kerr.MessageTooLarge},
	} {
		r := record.DefaultRules(now)
		if c.edit != nil {
			c.edit(&r)
		}
		_, err := record.Validate(c.b, r)
		var refusal *record.Refusal
		if !errors.As(err, &refusal) || refusal.Code != c.code.Code || refusal.Message == "" {
			t.Errorf("%s: %v (%+v), want %s", c.name, err, refusal, c.code.Message)
		}
	}
}

func TestEachRecordAtFaultIsNamed(t *testing.T) {
	for _, codec := range codecs {
		b := record.NewBuilder(record.NewCompressor())
		b.Codec = codec
		for i := range 4 {
			r := record.Record{Timestamp: now, Key: []byte("k")}
			if i%2 == 1 {
				r.Key = nil
			}
			b.Append(r)
		}
		batch, _ := b.Build()
		r := record.DefaultRules(now)
		r.Compacted = true
		_, err := record.Validate(batch, r)
		var refusal *record.Refusal
		if !errors.As(err, &refusal) || refusal.Code != kerr.InvalidRecord.Code || len(refusal.Records) != 2 ||
			refusal.Records[0].Index != 1 || refusal.Records[1].Index != 3 {
			t.Fatalf("%v: %+v", codec, refusal)
		}
	}
}

func TestATornTailAfterTheBatchIsLeftOut(t *testing.T) {
	good := plain(t, 3, nil)
	v, err := record.Validate(append(bytes.Clone(good), good[:40]...), record.DefaultRules(now))
	if err != nil || !bytes.Equal(v.Batch, good) {
		t.Fatal(err, len(v.Batch), len(good))
	}
}

func TestABatchOfTheRightCodecIsNotCopied(t *testing.T) {
	for _, codec := range codecs {
		good := plain(t, 3, packed(codec))
		v, err := record.Validate(good, record.DefaultRules(now))
		if err != nil || &v.Batch[0] != &good[0] {
			t.Fatalf("%v: %v", codec, err)
		}
	}
}

func TestAWrongLargestTimestampIsCorrected(t *testing.T) {
	b := forge(plain(t, 3, nil), func(b []byte) { binary.BigEndian.PutUint64(b[35:], math.MaxInt64) })
	v, err := record.Validate(b, record.DefaultRules(now))
	if err != nil {
		t.Fatal(err)
	}
	v.Assign(100, 2)
	if err := record.Check(v.Batch); err != nil || v.Batch.MaxTimestamp() != now || v.Batch.LastOffset() != 102 {
		t.Fatal(err, v.Batch.MaxTimestamp(), v.Batch.LastOffset())
	}
}

func TestATopicWithAppendTimeOverridesTheRecords(t *testing.T) {
	r := record.DefaultRules(now + 1<<40)
	r.TimestampType, r.BeforeMaxMs = record.LogAppendTime, 1
	v, err := record.Validate(plain(t, 3, nil), r)
	if err != nil {
		t.Fatal(err)
	}
	v.Assign(0, 0)
	for rec, err := range record.Records(v.Batch, nil, 0) {
		if err != nil || rec.Timestamp != r.Now {
			t.Fatal(rec, err)
		}
	}
	if err := record.Check(v.Batch); err != nil || v.Max.Timestamp != r.Now || v.Batch.MaxTimestamp() != r.Now {
		t.Fatal(err, v.Max)
	}
}

func TestTheFirstRecordWithTheLargestTimestampIsFound(t *testing.T) {
	b := record.NewBuilder(nil)
	for _, d := range []int64{0, 5, 2, 9, 9, 1} {
		b.Append(record.Record{Timestamp: now + d})
	}
	batch, _ := b.Build()
	v, err := record.Validate(batch, record.DefaultRules(now))
	if want := (record.TimeMark{Timestamp: now + 9, Offset: 3}); err != nil || v.Max != want {
		t.Fatal(v.Max, err)
	}
}
