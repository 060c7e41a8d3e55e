package record

import (
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// Compress appends data, compressed by the codec, to dst. An error means an
// undefined codec or level.
func (c *Compressor) Compress(dst, data []byte, codec Codec, levels Levels) ([]byte, error) {
	switch codec {
	case None:
		return append(dst, data...), nil
	case Snappy:
		return appendXerial(dst, data), nil
	}
	out := bytes.NewBuffer(dst)
	w, err := c.writer(codec, levels, out)
	if err != nil {
		return nil, err
	}
	if _, err = w.Write(data); err != nil {
		return nil, fmt.Errorf("%v: %w", codec, err)
	}
	if err = w.Close(); err != nil {
		return nil, fmt.Errorf("%v: %w", codec, err)
	}
	return out.Bytes(), nil
}

func (c *Compressor) writer(codec Codec, levels Levels, out io.Writer) (io.WriteCloser, error) {
	if levels != c.levels {
		c.gzipW, c.lz4W, c.zstdW, c.levels = nil, nil, nil, levels
	}
	switch codec {
	case Gzip:
		return c.gzipWriter(levels.Gzip, out)
	case LZ4:
		return c.lz4Writer(levels.LZ4, out)
	case Zstd:
		return c.zstdWriter(levels.Zstd, out)
	}
	return nil, fmt.Errorf("codec %d: %w", codec, ErrCodec)
}

func (c *Compressor) gzipWriter(level int, out io.Writer) (io.WriteCloser, error) {
	if level == 0 {
		level = gzip.DefaultCompression
	}
	if c.gzipW == nil {
		w, err := gzip.NewWriterLevel(out, level)
		if err != nil {
			return nil, fmt.Errorf("compression.gzip.level %d: %w", level, err)
		}
		c.gzipW = w
	}
	c.gzipW.Reset(out)
	return c.gzipW, nil
}

// lz4Levels are the library's names of lz4's levels 1 to 9.
var lz4Levels = [...]lz4.CompressionLevel{lz4.Level1, lz4.Level2, lz4.Level3, lz4.Level4, lz4.Level5,
	lz4.Level6, lz4.Level7, lz4.Level8, lz4.Level9}

// lz4Level maps a config value. As in Kafka, the default 9 stands for the fast
// compressor; levels above 9 do what 9 would.
func lz4Level(level int) lz4.CompressionLevel {
	switch {
	case level <= 0 || level == 9:
		return lz4.Fast
	case level < len(lz4Levels):
		return lz4Levels[level-1]
	}
	return lz4.Level9
}

// lz4Writer writes what Java reads: independent blocks of 64 KiB, no checksums
// but the frame header's (the batch has its CRC).
func (c *Compressor) lz4Writer(level int, out io.Writer) (io.WriteCloser, error) {
	if c.lz4W == nil {
		w := lz4.NewWriter(out)
		err := w.Apply(lz4.BlockSizeOption(lz4.Block64Kb), lz4.ChecksumOption(false),
			lz4.ConcurrencyOption(1), lz4.CompressionLevelOption(lz4Level(level)))
		if err != nil {
			return nil, fmt.Errorf("compression.lz4.level %d: %w", level, err)
		}
		c.lz4W = w
	}
	c.lz4W.Reset(out)
	return c.lz4W, nil
}

func (c *Compressor) zstdWriter(level int, out io.Writer) (io.WriteCloser, error) {
	if level == 0 {
		level = 3
	}
	if c.zstdW == nil {
		w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1),
			zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(level)), zstd.WithZeroFrames(true))
		if err != nil {
			return nil, fmt.Errorf("compression.zstd.level %d: %w", level, err)
		}
		c.zstdW = w
	}
	c.zstdW.Reset(out)
	return c.zstdW, nil
}
