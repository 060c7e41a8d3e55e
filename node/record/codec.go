package record

import "fmt"

// Codec is the compression of a batch's records, numbered as in the attributes.
type Codec int8

// The codecs.
const (
	None   Codec = 0
	Gzip   Codec = 1
	Snappy Codec = 2
	LZ4    Codec = 3
	Zstd   Codec = 4
)

var codecNames = [...]string{"none", "gzip", "snappy", "lz4", "zstd"}

// Known tells whether the codec exists.
func (c Codec) Known() bool { return c >= None && c <= Zstd }

func (c Codec) String() string {
	if c.Known() {
		return codecNames[c]
	}
	return fmt.Sprintf("codec(%d)", int8(c))
}

// CompressionType is a value of the topic config compression.type. The zero
// value is Producer.
type CompressionType string

// The compression types. Producer keeps what the producer chose.
const (
	Producer     CompressionType = "producer"
	Uncompressed CompressionType = "uncompressed"
)

// Target is the codec that the log gets when the producer sent source.
// ErrCodec: t is none of producer, uncompressed, gzip, snappy, lz4, zstd.
func (t CompressionType) Target(source Codec) (Codec, error) {
	switch t {
	case "", Producer:
		return source, nil
	case Uncompressed:
		return None, nil
	}
	for i, name := range codecNames[1:] {
		if string(t) == name {
			return Codec(i + 1), nil
		}
	}
	return None, fmt.Errorf("compression.type %q: %w", string(t), ErrCodec)
}

// Levels are the topic configs compression.gzip.level (1..9, or -1),
// compression.lz4.level (1..17) and compression.zstd.level (-131072..22),
// KIP-390. Zero stands for Kafka's default (-1, 9 and 3).
type Levels struct{ Gzip, LZ4, Zstd int }
