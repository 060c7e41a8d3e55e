package bench

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/record"
	"odradek/node/wire"
)

// stampSize is the room for the time of sending that a value begins with, in
// nanoseconds since 1970, big-endian.
const stampSize = 8

// Versions that a load uses: the last ones that call a topic by its name, known
// to all brokers since Kafka 2.4 (produce) and 2.7 (fetch).
const (
	produceVersion = 9
	fetchVersion   = 12
)

// source makes the requests of one lane.
type source struct {
	load    *Load
	builder *record.Builder
	value   []byte
}

func newSource(l *Load) *source {
	s := &source{load: l, builder: record.NewBuilder(record.NewCompressor()), value: words(l.RecordSize)}
	s.builder.Codec = l.Codec
	return s
}

// words is text that a codec can compress to about half.
func words(size int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, size)
	for i := range text {
		text[i] = "etaoinshrdlucmfw"[r.IntN(16)]
	}
	return text
}

// batch is one whose values bear the time now, with as many records as fit, at
// least one.
func (s *source) batch(now time.Time) (record.Batch, error) {
	s.builder.Reset()
	stamp(s.value, now)
	for grown := 0; grown == 0 || s.builder.Size()+grown < s.load.BatchSize; {
		before := s.builder.Size()
		s.builder.Append(record.Record{Timestamp: now.UnixMilli(), Value: s.value})
		grown = s.builder.Size() - before // the next may take a byte more
	}
	b, err := s.builder.Build()
	if err != nil {
		return nil, fmt.Errorf("batch: %w", err)
	}
	return b, nil
}

// request asks to append a batch to a partition.
func (s *source) request(partition int32, batch record.Batch) *kmsg.ProduceRequest {
	p := kmsg.NewProduceRequestTopicPartition()
	p.Partition, p.Records = partition, batch
	t := kmsg.NewProduceRequestTopic()
	t.Topic = s.load.Topic.Name
	t.Partitions = append(t.Partitions, p)
	req := kmsg.NewPtrProduceRequest()
	req.SetVersion(produceVersion)
	req.Acks = s.load.Acks
	req.TimeoutMillis = int32(s.load.Patience.Milliseconds())
	req.Topics = append(req.Topics, t)
	return req
}

// shot is a request that is ready to be sent.
type shot struct {
	frame   []byte
	records int
	bytes   int // of the batch
}

func (s *source) shot(partition int32, now time.Time) (shot, error) {
	b, err := s.batch(now)
	if err != nil {
		return shot{}, err
	}
	frame := wire.AppendRequest(nil, 0, clientID, s.request(partition, b))
	return shot{frame, int(b.Count()), len(b)}, nil
}

// number sets the correlation id of a frame: int32 size, int16 key, int16
// version, int32 correlation id.
func (s shot) number(n int32) { binary.BigEndian.PutUint32(s.frame[8:], uint32(n)) }
