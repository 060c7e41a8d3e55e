package main

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const pace = 5 * time.Millisecond

// probe sends a record each 5 ms to one partition, and keeps the times of the
// acknowledgements.
type probe struct {
	client *kgo.Client
	began  time.Time
	stop   context.CancelFunc
	done   sync.WaitGroup

	mu     sync.Mutex
	acks   []time.Time
	failed error // the first
}

// startProbe uses a client of its own, so that it knows of no failure before.
func startProbe(o *options, seeds []string, partition int) (*probe, error) {
	opts := []kgo.Opt{kgo.SeedBrokers(seeds...), kgo.RequiredAcks(kgo.AllISRAcks()), kgo.ProducerLinger(0),
		kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.MaxBufferedRecords(100_000)}
	if o.age > 0 {
		opts = append(opts, kgo.MetadataMinAge(o.age))
	}
	cl, err := kgo.NewClient(opts...)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &probe{client: cl, began: time.Now(), stop: cancel}
	p.done.Go(func() {
		for tick := time.NewTicker(pace); ctx.Err() == nil; <-tick.C {
			cl.Produce(context.Background(), &kgo.Record{Topic: topic, Partition: int32(partition), Value: make([]byte, 100)}, p.acked)
		}
	})
	return p, nil
}

func (p *probe) acked(_ *kgo.Record, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil && p.failed == nil {
		p.failed = err
	}
	p.acks = append(p.acks, time.Now())
}

// since counts the acknowledgements after a moment.
func (p *probe) since(t time.Time) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.acks) - 1; i >= 0 && p.acks[i].After(t); i-- {
		n++
	}
	return n
}

// gap is the longest time between two acknowledgements, of which the second came
// after a moment.
func (p *probe) gap(since time.Time) (longest time.Duration, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := 1; i < len(p.acks); i++ {
		if p.acks[i].After(since) {
			longest = max(longest, p.acks[i].Sub(p.acks[i-1]))
		}
	}
	return longest, p.failed
}

func (p *probe) close() {
	p.stop()
	p.done.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = p.client.Flush(ctx) // what failed is in failed
	p.client.Close()
}
