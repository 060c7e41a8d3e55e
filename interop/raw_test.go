//go:build interop

package interop

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// raw speaks the protocol without a client's retries: one request, one answer.
type raw struct {
	broker *kgo.Broker
	topic  string
	id     [16]byte
}

func (s *server) raw(topic string) *raw {
	s.t.Helper()
	c := s.client()
	req := kmsg.NewPtrMetadataRequest()
	asked := kmsg.NewMetadataRequestTopic()
	asked.Topic = &topic
	req.Topics = append(req.Topics, asked)
	resp, err := req.RequestWith(limit(s.t), c)
	must(s.t, err)
	must(s.t, kerr.ErrorForCode(resp.Topics[0].ErrorCode))
	return &raw{c.SeedBrokers()[0], topic, resp.Topics[0].TopicID}
}

// produce sends one batch of these values, and returns its base offset.
func (r *raw) produce(ctx context.Context, partition int32, acks int16, values ...uint64) (int64, error) {
	req := kmsg.NewPtrProduceRequest()
	req.Acks, req.TimeoutMillis = acks, 10_000
	topic := kmsg.NewProduceRequestTopic()
	topic.Topic, topic.TopicID = r.topic, r.id
	part := kmsg.NewProduceRequestTopicPartition()
	part.Partition, part.Records = partition, batch(values)
	topic.Partitions = append(topic.Partitions, part)
	req.Topics = append(req.Topics, topic)
	resp, err := r.broker.Request(ctx, req)
	if err != nil {
		return 0, err
	}
	answer := resp.(*kmsg.ProduceResponse).Topics[0].Partitions[0]
	return answer.BaseOffset, kerr.ErrorForCode(answer.ErrorCode)
}

// fetched is the answer to a fetch of one partition.
type fetched struct {
	records      []*kgo.Record
	highWater    int64
	logStart     int64
	outOfRange   bool
	corruptBatch error
}

func (r *raw) fetch(ctx context.Context, partition int32, from int64) (f fetched, err error) {
	return r.fetchIn(ctx, partition, -1, from)
}

// fetchIn is fetch from the leader of an epoch; -1: of whichever.
func (r *raw) fetchIn(ctx context.Context, partition, epoch int32, from int64) (f fetched, err error) {
	req := kmsg.NewPtrFetchRequest()
	req.MaxWaitMillis, req.MinBytes, req.MaxBytes = 100, 1, 4<<20
	topic := kmsg.NewFetchRequestTopic()
	topic.Topic, topic.TopicID = r.topic, r.id
	part := kmsg.NewFetchRequestTopicPartition()
	part.Partition, part.FetchOffset, part.PartitionMaxBytes = partition, from, 4<<20
	part.CurrentLeaderEpoch = epoch
	topic.Partitions = append(topic.Partitions, part)
	req.Topics = append(req.Topics, topic)
	resp, err := r.broker.Request(ctx, req)
	if err != nil {
		return f, err
	}
	whole := resp.(*kmsg.FetchResponse)
	if whole.ErrorCode != 0 || len(whole.Topics) != 1 {
		return f, fmt.Errorf("fetch answered %d topics: %w", len(whole.Topics), kerr.ErrorForCode(whole.ErrorCode))
	}
	return f, f.take(&whole.Topics[0].Partitions[0], from)
}

func (f *fetched) take(answer *kmsg.FetchResponseTopicPartition, from int64) error {
	f.highWater, f.logStart = answer.HighWatermark, answer.LogStartOffset
	if f.outOfRange = answer.ErrorCode == kerr.OffsetOutOfRange.Code; f.outOfRange {
		return nil
	}
	if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
		return err
	}
	part, _ := kgo.ProcessFetchPartition(kgo.ProcessFetchPartitionOpts{Offset: from}, answer, kgo.DefaultDecompressor(), nil)
	f.records, f.corruptBatch = part.Records, part.Err
	return nil
}

// textOf and valueIn are a value as a record holds it: a number, and a filling.
func textOf(v uint64) []byte { return fmt.Appendf(nil, "%d %s", v, strings.Repeat("x", 100)) }

func valueIn(t *testing.T, text []byte) uint64 {
	number, _, _ := strings.Cut(string(text), " ")
	v, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		t.Errorf("a record holds what nobody sent: %q", text)
	}
	return v
}

// batch is a record batch of format 2, without compression or a producer id.
func batch(values []uint64) []byte {
	b := kmsg.NewRecordBatch()
	b.Magic, b.PartitionLeaderEpoch = 2, -1
	b.ProducerID, b.ProducerEpoch, b.FirstSequence = -1, -1, -1
	b.NumRecords, b.LastOffsetDelta = int32(len(values)), int32(len(values)-1)
	for i, v := range values {
		r := kmsg.Record{OffsetDelta: int32(i), Value: textOf(v)}
		r.Length = int32(len(r.AppendTo(nil)) - 1) // a length of 0 takes a byte
		b.Records = r.AppendTo(b.Records)
	}
	const lengthEnds, crcAt, crcFrom = 12, 17, 21
	out := b.AppendTo(nil)
	binary.BigEndian.PutUint32(out[lengthEnds-4:], uint32(len(out)-lengthEnds))
	sum := crc32.Checksum(out[crcFrom:], crc32.MakeTable(crc32.Castagnoli))
	binary.BigEndian.PutUint32(out[crcAt:], sum)
	return out
}
