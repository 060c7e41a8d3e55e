package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// DefaultZstdWindow is the largest zstd window that is decoded. It covers zstd
// levels up to 19; a window is allocated whole, whatever the batch holds.
const DefaultZstdWindow = 8 << 20

const (
	chunkSize = 32 << 10
	keptBlock = 1 << 20
)

// Compressor keeps the codecs' states for reuse. It belongs to one machine and
// is not shared. It decodes one batch at a time in bounded memory, starts no
// goroutines, and what it writes depends on its input alone.
type Compressor struct {
	// ZstdWindow overrides DefaultZstdWindow before the first use, in bytes.
	ZstdWindow uint64

	src    bytes.Reader
	chunk  []byte
	gzipR  *gzip.Reader
	snapR  *snappyReader
	lz4R   *lz4.Reader
	zstdR  *zstd.Decoder
	gzipW  *gzip.Writer
	lz4W   *lz4.Writer
	zstdW  *zstd.Encoder
	levels Levels // with which the writers were made
}

// NewCompressor makes an empty Compressor; states come with the first use.
func NewCompressor() *Compressor { return &Compressor{ZstdWindow: DefaultZstdWindow} }

// cursor reads the records of a batch, which may decompress to limit bytes
// (0: any number). Only one cursor of a Compressor is in use at a time.
func (c *Compressor) cursor(codec Codec, records []byte, limit int) (cursor, error) {
	if codec == None {
		return cursor{buf: records}, nil
	}
	rd, err := c.reader(codec, records)
	if err != nil {
		return cursor{}, err
	}
	if c.chunk == nil {
		c.chunk = make([]byte, 0, chunkSize)
	}
	return cursor{buf: c.chunk[:0], rd: rd, limit: int64(limit)}, nil
}

// reader decompresses data; its errors still need compressionFault.
func (c *Compressor) reader(codec Codec, data []byte) (io.Reader, error) {
	c.src.Reset(data)
	switch codec {
	case Gzip:
		return c.gzipReader()
	case Snappy:
		return c.snappyReader(data), nil
	case LZ4:
		return c.lz4Reader(), nil
	case Zstd:
		return c.zstdReader()
	}
	return nil, fmt.Errorf("codec %d: %w", codec, ErrCodec)
}

func (c *Compressor) gzipReader() (io.Reader, error) {
	if c.gzipR == nil {
		c.gzipR = new(gzip.Reader)
	}
	if err := c.gzipR.Reset(&c.src); err != nil {
		return nil, compressionFault(unexpected(err))
	}
	return c.gzipR, nil
}

func (c *Compressor) snappyReader(data []byte) io.Reader {
	if c.snapR == nil {
		c.snapR = new(snappyReader)
	}
	c.snapR.reset(data)
	return c.snapR
}

func (c *Compressor) lz4Reader() io.Reader {
	if c.lz4R == nil {
		c.lz4R = lz4.NewReader(nil)
	}
	c.lz4R.Reset(&c.src)
	return c.lz4R
}

func (c *Compressor) zstdReader() (io.Reader, error) {
	if c.zstdR == nil {
		r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(c.ZstdWindow))
		if err != nil {
			return nil, fmt.Errorf("zstd window of %d bytes: %w", c.ZstdWindow, err)
		}
		c.zstdR = r
	}
	if err := c.zstdR.Reset(&c.src); err != nil {
		return nil, compressionFault(err)
	}
	return c.zstdR, nil
}

// release lets go of the batch that was read, whose bytes are not ours, and of
// memory that few batches need.
func (c *Compressor) release() {
	c.src.Reset(nil)
	if c.snapR != nil {
		c.snapR.reset(nil)
		if cap(c.snapR.block) > keptBlock {
			c.snapR.block = nil
		}
	}
}

// unexpected turns the end of a stream that never began into a fault.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// compressionFault names what a codec says; io.EOF and nil stay.
func compressionFault(err error) error {
	switch {
	case err == nil, err == io.EOF, errors.As(err, new(Reason)):
		return err
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return fmt.Errorf("%w: %w", err, ErrTooLarge)
	}
	return fmt.Errorf("%w: %w", err, ErrCompression)
}
