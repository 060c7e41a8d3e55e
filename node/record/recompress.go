package record

import (
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
)

// recompress gives a valid batch the codec that the topic asks for. The bytes
// of the records are the same under every codec; only the header's attributes,
// length and CRC change with them.
func recompress(v *Validated, r *Rules) error {
	source := v.Batch.Codec()
	target, err := r.CompressionType.Target(source)
	if err != nil {
		return refuseFault(err)
	}
	if target == source {
		return nil
	}
	c := r.compressor()
	plain, err := c.Decompress(v.Batch, r.MaxDecompressed)
	if err != nil {
		return refuseFault(err)
	}
	out := append(make([]byte, 0, HeaderSize+len(plain)/2), v.Batch[:HeaderSize]...)
	if out, err = c.Compress(out, plain, target, r.Levels); err != nil {
		return refuseFault(err)
	}
	if r.MaxMessageBytes > 0 && len(out) > r.MaxMessageBytes {
		return refuse(kerr.MessageTooLarge, "a batch of %d bytes after compression with %v, more than the topic's %d",
			len(out), target, r.MaxMessageBytes)
	}
	v.Batch, v.Recompressed = seal(out, target), true
	return nil
}

// seal makes the header agree with the records that follow it.
func seal(b Batch, codec Codec) Batch {
	be.PutUint32(b[atLength:], uint32(len(b)-Overhead))
	be.PutUint16(b[atAttributes:], uint16(b.Attributes()&^codecMask|int16(codec)))
	b.setCRC()
	return b
}

// Decompress gives the records of a checked batch as bytes: a view if they are
// not compressed, else new bytes, at most limit (0: any number). The errors are
// ErrTooLarge, ErrCompression and ErrCodec, with context.
func (c *Compressor) Decompress(b Batch, limit int) ([]byte, error) {
	if b.Codec() == None {
		return b[HeaderSize:], nil
	}
	defer c.release()
	rd, err := c.reader(b.Codec(), b[HeaderSize:])
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, 2*len(b))
	for {
		out = slices.Grow(out, 512)
		n, err := readSome(rd, out[len(out):cap(out)])
		out = out[:len(out)+n]
		if limit > 0 && len(out) > limit {
			return nil, fmt.Errorf("more than %d bytes: %w", limit, ErrTooLarge)
		}
		if err != nil {
			return ended(out, err)
		}
	}
}
