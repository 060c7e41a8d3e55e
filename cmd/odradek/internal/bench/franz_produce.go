package bench

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// ProduceFranz sends records with franz-go, one client for each connection. The
// client makes the batches; what the result calls a request is a batch. Latency
// counts from when a record was due until it was acknowledged.
func ProduceFranz(ctx context.Context, l *Load, dial NewClient) (*Result, error) {
	return l.produceFranz(ctx, "produce franz", dial)
}

func (l *Load) produceFranz(ctx context.Context, name string, dial NewClient) (*Result, error) {
	begin := l.begin()
	ctx, cancel := l.limit(ctx, begin)
	defer cancel()
	meters := make([]*meter, l.Connections)
	err := parallel(ctx, l.Connections, func(ctx context.Context, i int) error {
		meters[i] = &meter{from: begin}
		f := &franzProducer{load: l, meter: meters[i], pace: l.newPace(time.Now(), begin, i, l.Connections)}
		f.count.from = begin
		return f.run(ctx, dial)
	})
	return sum(name, time.Since(begin), meters), err
}

// franzProducer is one client that sends.
type franzProducer struct {
	load  *Load
	meter *meter // only used by promises, which run one at a time
	count batchCount
	pace  *pace
	sent  int64 // bytes of values
}

func (f *franzProducer) run(ctx context.Context, dial NewClient) error {
	cl, err := dial(ctx, f.options()...)
	if err != nil {
		return err
	}
	defer cl.Close()
	value := words(f.load.RecordSize)
	for f.load.Bytes == 0 || f.sent < f.load.Bytes/int64(f.load.Connections) {
		due, ok := f.pace.wait(ctx)
		if !ok {
			break
		}
		f.send(ctx, cl, due, value)
	}
	err = cl.Flush(context.WithoutCancel(ctx))
	f.count.into(f.meter)
	f.meter.miss(f.pace.missed(ctx))
	return err
}

// send hands a record over; it waits while the client's buffer is full.
func (f *franzProducer) send(ctx context.Context, cl *kgo.Client, due time.Time, value []byte) {
	f.sent += int64(len(value))
	own := append([]byte(nil), value...)
	stamp(own, due)
	r := &kgo.Record{Topic: f.load.Topic.Name, Value: own}
	cl.Produce(context.WithoutCancel(ctx), r, func(_ *kgo.Record, err error) {
		if err != nil {
			f.meter.fail(due, err)
			return
		}
		f.meter.record(due, time.Now())
	})
}

func (f *franzProducer) options() []kgo.Opt {
	acks := map[int16]kgo.Acks{-1: kgo.AllISRAcks(), 1: kgo.LeaderAck(), 0: kgo.NoAck()}[f.load.Acks]
	opts := []kgo.Opt{
		kgo.WithHooks(&f.count),
		kgo.RequiredAcks(acks),
		kgo.ProducerBatchMaxBytes(int32(f.load.BatchSize)),
		kgo.ProducerBatchCompression(franzCodec(f.load.Codec)),
		kgo.MaxBufferedBytes(f.load.BatchSize * (f.load.InFlight + 1) * len(f.load.Topic.Leaders)),
		kgo.RecordDeliveryTimeout(f.load.Patience),
	}
	if f.load.Acks != -1 {
		opts = append(opts, kgo.DisableIdempotentWrite(), kgo.MaxProduceRequestsInflightPerBroker(f.load.InFlight))
	}
	if f.load.Rate > 0 {
		opts = append(opts, kgo.ProducerLinger(0))
	}
	return opts
}
