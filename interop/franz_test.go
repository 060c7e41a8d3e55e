//go:build interop

package interop

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// codecs have the numbers that a batch's attributes hold.
var codecs = map[string]struct {
	number uint8
	codec  kgo.CompressionCodec
}{
	"none": {0, kgo.NoCompression()}, "gzip": {1, kgo.GzipCompression()}, "snappy": {2, kgo.SnappyCompression()},
	"lz4": {3, kgo.Lz4Compression()}, "zstd": {4, kgo.ZstdCompression()},
}

func franz(*testing.T) (produce, consume runner) { return franzProduce, franzConsume }

func franzProduce(t *testing.T, s *server, topic, codec string, in []byte) []byte {
	c := s.client(kgo.DefaultProduceTopic(topic), kgo.ProducerBatchCompression(codecs[codec].codec))
	ctx := limit(t)
	for lines := bufio.NewScanner(bytes.NewReader(in)); lines.Scan(); {
		key, value, _ := bytes.Cut(bytes.Clone(lines.Bytes()), []byte("\t"))
		c.Produce(ctx, &kgo.Record{Key: key, Value: value}, func(_ *kgo.Record, err error) {
			if err != nil {
				t.Errorf("produce: %v", err)
			}
		})
	}
	must(t, c.Flush(ctx))
	return nil
}

func franzConsume(t *testing.T, s *server, topic, _ string, _ []byte) []byte {
	var b bytes.Buffer
	for _, r := range readAll(t, s, topic) {
		fmt.Fprintf(&b, "%d\t%d\t%s\t%s\n", r.Partition, r.Offset, r.Key, r.Value)
	}
	return b.Bytes()
}

// stored reads a topic and holds that its batches came from an idempotent
// producer, and have the codec: but for the few small ones that it would have
// made larger, which clients send as they are.
func stored(t *testing.T, s *server, topic, codec string) (all []got) {
	t.Helper()
	plain := 0
	for _, r := range readAll(t, s, topic) {
		switch have := r.Attrs.CompressionType(); have {
		case codecs[codec].number:
		case 0:
			plain++
		default:
			t.Fatalf("offset %d of partition %d has codec %d, not %s", r.Offset, r.Partition, have, codec)
		}
		if r.ProducerID < 0 {
			t.Fatalf("offset %d of partition %d has no producer id", r.Offset, r.Partition)
		}
		all = append(all, got{int(r.Partition), r.Offset, string(r.Key), string(r.Value)})
	}
	if plain > recordCount/100 {
		t.Errorf("%d of %d records are not compressed", plain, len(all))
	}
	return all
}

// readAll reads from the start to the end that the broker states.
func readAll(t *testing.T, s *server, topic string) (all []*kgo.Record) {
	t.Helper()
	ctx := limit(t)
	ends, err := kadm.NewClient(s.client()).ListEndOffsets(ctx, topic)
	must(t, err)
	must(t, ends.Error())
	from, left := map[int32]kgo.Offset{}, int64(0)
	ends.Each(func(o kadm.ListedOffset) {
		from[o.Partition] = kgo.NewOffset().At(0)
		left += o.Offset
	})
	c := s.client(kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: from}))
	for int64(len(all)) < left {
		all = append(all, polled(t, ctx, c)...)
	}
	return all
}

func polled(t *testing.T, ctx context.Context, c *kgo.Client) []*kgo.Record {
	t.Helper()
	fetches := c.PollFetches(ctx)
	for _, e := range fetches.Errors() {
		t.Fatalf("fetch of %s-%d: %v", e.Topic, e.Partition, e.Err)
	}
	return fetches.Records()
}
