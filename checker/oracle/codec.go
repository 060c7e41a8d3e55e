package oracle

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// codecs are named by the low three bits of a batch's attributes.
var codecs = []string{"none", "gzip", "snappy", "lz4", "zstd"}

const codecMask = 7

func codecBits(name string) (int16, error) {
	if name == "" {
		return 0, nil
	}
	for i, c := range codecs {
		if c == name {
			return int16(i), nil
		}
	}
	return 0, fmt.Errorf("unknown codec %q", name)
}

func codecName(attributes int16) string {
	if bits := int(attributes & codecMask); bits < len(codecs) {
		return codecs[bits]
	}
	return fmt.Sprintf("codec %d", attributes&codecMask)
}

func compress(bits int16, raw []byte) ([]byte, error) {
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch codecName(bits) {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "snappy":
		return s2.EncodeSnappy(nil, raw), nil
	case "lz4":
		w = lz4.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	default:
		return raw, nil
	}
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if _, err := w.Write(raw); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	err = w.Close() // writes the last bytes
	return b.Bytes(), err
}

// xerialMark begins the framing of snappy blocks that Java writes: 16 bytes of
// header, then blocks behind their int32 length.
var xerialMark = []byte{0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0}

func decompress(bits int16, b []byte) ([]byte, error) {
	switch codecName(bits) {
	case "none":
		return b, nil
	case "gzip":
		r, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	case "snappy":
		return unsnappy(b)
	case "lz4":
		return io.ReadAll(lz4.NewReader(bytes.NewReader(b)))
	case "zstd":
		r, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return io.ReadAll(r)
	}
	return nil, fmt.Errorf("no such codec")
}

func unsnappy(b []byte) (out []byte, err error) {
	if !bytes.HasPrefix(b, xerialMark) || len(b) < 16 {
		return s2.Decode(nil, b)
	}
	for b = b[16:]; len(b) >= 4; {
		n := int(b[0])<<24 | int(b[1])<<16 | int(b[2])<<8 | int(b[3])
		if n > len(b)-4 {
			return nil, io.ErrUnexpectedEOF
		}
		block, err := s2.Decode(nil, b[4:4+n])
		if err != nil {
			return nil, err
		}
		out, b = append(out, block...), b[4+n:]
	}
	return out, nil
}
