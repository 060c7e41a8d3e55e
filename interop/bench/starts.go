package main

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// again is how soon a client that is refused tries once more.
const again = 3 * time.Millisecond

// leastAge is how often franz-go may ask for metadata, at most.
const leastAge = 10 * time.Millisecond

// starts measures the time from the start of a process to its first
// acknowledgement: of a record that goes to a topic which is there already, after
// everything else that was measured, and after kill -9.
func (o *options) starts(ctx context.Context, brokers []*broker) ([]*row, error) {
	r := &row{"after kill -9 with all this, to the first acknowledgement", "seconds", true, make([][]float64, len(brokers))}
	for i, b := range brokers {
		if b.kill == nil {
			return nil, nil
		}
		o.say("%s: %s", r.Measurement, b.name)
		took, err := o.restart(ctx, b)
		switch {
		case err == nil:
			r.Values[i] = []float64{took.Seconds()}
		case i == 0:
			return nil, fmt.Errorf("%s after kill -9: %w", b.name, err)
		default: // a peer that takes longer than anybody waits has no figure
			o.say("%s after kill -9: %v", b.name, err)
		}
	}
	return []*row{r}, nil
}

// restart kills a broker, and tells how long it took to be back.
func (o *options) restart(ctx context.Context, b *broker) (time.Duration, error) {
	if err := o.makeTopic(ctx, b, "first", "1"); err != nil {
		return 0, err
	}
	if err := b.kill(); err != nil {
		return 0, err
	}
	begin := time.Now()
	if err := b.start(ctx); err != nil {
		return 0, err
	}
	if err := acknowledged(ctx, b.addr); err != nil {
		return 0, err
	}
	return time.Since(begin), nil
}

// firstStart measures it with an empty folder, the creation of the topic
// included; stop is called before it returns.
func (o *options) firstStart(ctx context.Context, dir string, brokers int) (*row, error) {
	r := &row{"from nothing to the first acknowledgement", "seconds", true, make([][]float64, brokers)}
	begin := time.Now()
	b, err := o.startOdradek(ctx, dir, 1)
	if err != nil {
		return nil, err
	}
	if err := acknowledged(ctx, b.addr); err != nil {
		return nil, fmt.Errorf("first start: %w", err)
	}
	r.Values[0] = []float64{time.Since(begin).Seconds()}
	return r, b.stop()
}

// acknowledged waits until a record is.
func acknowledged(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, upLimit)
	defer cancel()
	cl, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.AllowAutoTopicCreation(), kgo.MetadataMinAge(leastAge),
		kgo.RetryBackoffFn(func(int) time.Duration { return again }), kgo.UnknownTopicRetries(-1), kgo.RecordRetries(1<<20), kgo.RequestRetries(1<<20))
	if err != nil {
		return err
	}
	defer cl.Close()
	for cl.Ping(ctx) != nil && ctx.Err() == nil {
		time.Sleep(again)
	}
	return cl.ProduceSync(ctx, &kgo.Record{Topic: "first", Value: []byte("first")}).FirstErr()
}
