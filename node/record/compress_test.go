package record_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/klauspost/compress/s2"

	"odradek/node/record"
)

func TestABombIsRefusedByEveryCodec(t *testing.T) {
	c := record.NewCompressor()
	for _, codec := range codecs[1:] {
		b := record.NewBuilder(c)
		b.Codec = codec
		b.Append(record.Record{Timestamp: now, Value: make([]byte, 4<<20)})
		bomb, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		r := record.DefaultRules(now)
		r.Compressor, r.MaxDecompressed = c, 1<<20
		if _, err = record.Validate(bomb, r); !errors.Is(err, record.ErrTooLarge) {
			t.Errorf("%v: Validate says %v", codec, err)
		}
		for _, err := range record.Records(bomb, c, 1<<20) {
			if !errors.Is(err, record.ErrTooLarge) {
				t.Errorf("%v: Records says %v", codec, err)
			}
		}
		r.MaxDecompressed = 5 << 20
		if _, err = record.Validate(bomb, r); err != nil {
			t.Errorf("%v: within the limit: %v", codec, err)
		}
	}
}

func TestEveryLevelReadsBack(t *testing.T) {
	c := record.NewCompressor()
	data := bytes.Repeat([]byte("odradek lives in the stairwell; "), 5000)
	for _, l := range []record.Levels{{}, {Gzip: 1, LZ4: 1, Zstd: 1}, {Gzip: 9, LZ4: 17, Zstd: 22}, {Gzip: -1, LZ4: 9, Zstd: -7}, {LZ4: 8}} {
		for _, codec := range codecs {
			b := record.NewBuilder(c)
			b.Codec, b.Levels = codec, l
			b.Append(record.Record{Timestamp: now, Value: data})
			batch, err := b.Build()
			if err != nil {
				t.Fatal(codec, l, err)
			}
			again, err := b.Build()
			if err != nil || !bytes.Equal(batch, again) {
				t.Fatalf("%v %+v: not the same bytes twice (%v)", codec, l, err)
			}
			for r, err := range record.Records(batch, c, 1<<20) {
				if err != nil || !bytes.Equal(r.Value, data) {
					t.Fatal(codec, l, err)
				}
			}
		}
	}
}

// rawSnappy replaces a batch's records by one snappy block without a frame.
func rawSnappy(t *testing.T, block func([]byte) []byte) []byte {
	b := plain(t, 3, nil)
	out := append(bytes.Clone(b[:61]), block(s2.EncodeSnappy(nil, b[61:]))...)
	return forge(out, func(b []byte) {
		b[22] = 2
		b[10], b[11] = byte((len(b)-12)>>8), byte(len(b)-12)
	})
}

func TestSnappyWithoutXerialFramingIsRead(t *testing.T) {
	b := rawSnappy(t, func(b []byte) []byte { return b })
	if _, err := record.Validate(b, record.DefaultRules(now)); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range record.Records(b, nil, 0) {
		if n++; err != nil {
			t.Fatal(err)
		}
	}
	if n != 3 {
		t.Fatal(n, "records")
	}
}

func TestASnappyBlockThatLiesAboutItsLengthIsRefused(t *testing.T) {
	b := rawSnappy(t, func(b []byte) []byte { return append([]byte{0xff, 0xff, 0xff, 0x7f}, b[2:]...) })
	if _, err := record.Validate(b, record.DefaultRules(now)); !errors.Is(err, record.ErrCompression) {
		t.Fatal(err)
	}
}
