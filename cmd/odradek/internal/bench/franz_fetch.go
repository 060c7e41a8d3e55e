package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// FetchFranz reads ranges of partitions with franz-go, one client for each
// connection. What the result calls a request is a batch; it has no latencies.
func FetchFranz(ctx context.Context, l *Load, ranges map[int32]Range, dial NewClient) (*Result, error) {
	begin := time.Now()
	lanes := l.fetchLanes()
	meters := make([]*meter, len(lanes))
	err := parallel(ctx, len(lanes), func(ctx context.Context, i int) error {
		m := &meter{from: begin}
		meters[i] = m
		return newFranzFetcher(lanes[i], l, ranges, m, func([]byte, time.Time) { m.Records++ }).run(ctx, dial)
	})
	return sum("fetch franz", time.Since(begin), meters), err
}

// franzFetcher is one client that reads.
type franzFetcher struct {
	load   *Load
	meter  *meter
	count  batchCount
	ranges map[int32]Range
	value  func(value []byte, now time.Time) // takes each record
}

func newFranzFetcher(on lane, l *Load, ranges map[int32]Range, m *meter, value func([]byte, time.Time)) *franzFetcher {
	f := &franzFetcher{load: l, meter: m, ranges: map[int32]Range{}, value: value}
	f.count.from = m.from
	for _, p := range on.partitions {
		if r := ranges[p]; r.Start < r.End {
			f.ranges[p] = r
		}
	}
	return f
}

func (f *franzFetcher) run(ctx context.Context, dial NewClient) error {
	defer f.count.into(f.meter)
	cl, err := dial(ctx, f.options()...)
	if err != nil {
		return err
	}
	defer cl.Close()
	for left := len(f.ranges); left > 0; {
		done, err := f.poll(ctx, cl)
		if err != nil {
			return err
		}
		left -= done
	}
	return nil
}

func (f *franzFetcher) options() []kgo.Opt {
	from := map[int32]kgo.Offset{}
	for p, r := range f.ranges {
		from[p] = kgo.NewOffset().At(r.Start)
	}
	opts := []kgo.Opt{
		kgo.WithHooks(&f.count),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{f.load.Topic.Name: from}),
		kgo.ConsumeResetOffset(kgo.NoResetOffset()),
		kgo.FetchMaxWait(fetchWait),
	}
	if !f.load.Verify {
		opts = append(opts, kgo.DisableFetchCRCValidation())
	}
	return opts
}

// poll returns how many partitions came to their ends.
func (f *franzFetcher) poll(ctx context.Context, cl *kgo.Client) (done int, err error) {
	waits, cancel := ctx, context.CancelFunc(func() {})
	if f.load.Rate <= 0 { // with a rate, the next one may be long in coming
		waits, cancel = context.WithTimeout(ctx, f.load.Patience)
	}
	defer cancel()
	fetched := cl.PollFetches(waits)
	if err := fetched.Err0(); err != nil {
		return 0, fmt.Errorf("fetch: %w", err)
	}
	now := time.Now()
	fetched.EachPartition(func(p kgo.FetchTopicPartition) {
		if p.Err != nil && err == nil {
			err = fmt.Errorf("fetch partition %d: %w", p.Partition, p.Err)
		}
		done += f.partition(p.Records, now)
	})
	return done, err
}

// partition is 1 when the partition came to its end.
func (f *franzFetcher) partition(records []*kgo.Record, now time.Time) int {
	for _, r := range records {
		end := f.ranges[r.Partition].End
		if r.Offset >= end {
			return 0
		}
		f.value(r.Value, now)
		if r.Offset == end-1 {
			return 1
		}
	}
	return 0
}
