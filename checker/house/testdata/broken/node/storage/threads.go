package storage

import (
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

var (
	_ = zstd.NewReader(nil)                                                      // want thread: WithDecoderConcurrency(1)
	_ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(4))                      // want thread: WithDecoderConcurrency(1)
	_ = zstd.NewReader(nil, zstd.WithLevel(1), zstd.WithDecoderConcurrency(1))   //
	_ = zstd.NewWriter(nil, zstd.WithDecoderConcurrency(1))                      // want thread: WithEncoderConcurrency(1)
	_ = zstd.NewWriter(nil, (zstd.WithEncoderConcurrency(1)), zstd.WithLevel(1)) //
	_ = s2.NewWriter(nil)                                                        // want thread: WriterConcurrency(1)
	_ = s2.NewWriter(nil, s2.WriterConcurrency(1))                               //
)
