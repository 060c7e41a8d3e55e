package bench

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/node/record"
)

// NewClient makes a franz-go client with more options than its maker has set.
type NewClient func(ctx context.Context, opts ...kgo.Opt) (*kgo.Client, error)

// batchCount counts batches, which only franz-go's hooks see.
type batchCount struct {
	from           time.Time
	batches, bytes atomic.Int64
}

// OnProduceBatchWritten counts a batch that was acknowledged.
func (c *batchCount) OnProduceBatchWritten(_ kgo.BrokerMetadata, _ string, _ int32, m kgo.ProduceBatchMetrics) {
	c.add(m.CompressedBytes)
}

// OnFetchBatchRead counts a batch that was read.
func (c *batchCount) OnFetchBatchRead(_ kgo.BrokerMetadata, _ string, _ int32, m kgo.FetchBatchMetrics) {
	c.add(m.CompressedBytes)
}

func (c *batchCount) add(bytes int) {
	if time.Now().Before(c.from) {
		return
	}
	c.batches.Add(1)
	c.bytes.Add(int64(bytes + record.HeaderSize))
}

// into puts the count where a result is.
func (c *batchCount) into(m *meter) {
	m.Requests, m.Bytes = c.batches.Load(), c.bytes.Load()
}

func franzCodec(c record.Codec) kgo.CompressionCodec {
	return map[record.Codec]kgo.CompressionCodec{
		record.None: kgo.NoCompression(), record.Gzip: kgo.GzipCompression(), record.Snappy: kgo.SnappyCompression(),
		record.LZ4: kgo.Lz4Compression(), record.Zstd: kgo.ZstdCompression(),
	}[c]
}
