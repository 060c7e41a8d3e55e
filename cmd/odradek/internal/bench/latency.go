package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"odradek/node/record"
)

// Latency sends at the load's rate and measures from when a record was due until
// it was acknowledged (the first result) and until a consumer had it (the
// second). ranges say where the partitions end now. With a dial, franz-go sends
// and reads.
func Latency(ctx context.Context, l *Load, ranges map[int32]Range, dial NewClient) ([]*Result, error) {
	if l.Rate <= 0 {
		return nil, errors.New("latency is measured at a rate")
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	w := &watcher{load: l, from: l.begin()}
	read := make(chan error, 1)
	go func() { read <- w.run(reading, toInfinity(ranges), dial) }()
	acked, err := l.sendFor(ctx, dial)
	if err == nil {
		err = w.drain(ctx, acked.Records)
	}
	stop()
	if watched := <-read; !errors.Is(watched, context.Canceled) {
		err = errors.Join(err, watched)
	}
	return []*Result{acked, sum(fmt.Sprintf("consumed at %.0f/s", l.Rate), acked.Elapsed, w.meters)}, err
}

func (l *Load) sendFor(ctx context.Context, dial NewClient) (*Result, error) {
	name := fmt.Sprintf("acknowledged at %.0f/s", l.Rate)
	if dial != nil {
		return l.produceFranz(ctx, name, dial)
	}
	return l.produce(ctx, name, true)
}

// toInfinity are ranges that begin at the ends of others.
func toInfinity(ranges map[int32]Range) map[int32]Range {
	tails := map[int32]Range{}
	for p, r := range ranges {
		tails[p] = Range{r.End, math.MaxInt64}
	}
	return tails
}

// watcher is a consumer that is always at the end of the log.
type watcher struct {
	load   *Load
	from   time.Time
	meters []*meter
	seen   atomic.Int64 // records
}

// run reads until ctx is over.
func (w *watcher) run(ctx context.Context, tails map[int32]Range, dial NewClient) error {
	lanes := w.load.fetchLanes()
	for range lanes {
		w.meters = append(w.meters, &meter{from: w.from})
	}
	return parallel(ctx, len(lanes), func(ctx context.Context, i int) error {
		if dial != nil {
			return newFranzFetcher(lanes[i], w.load, tails, w.meters[i], w.value(w.meters[i])).run(ctx, dial)
		}
		f := newFetcher(lanes[i], w.load, tails)
		f.batches = w.batches(w.meters[i])
		return f.run(ctx)
	})
}

// value returns what takes a record's value.
func (w *watcher) value(m *meter) func([]byte, time.Time) {
	return func(v []byte, now time.Time) {
		if m.stamped(v, now) {
			w.seen.Add(1)
		}
	}
}

// batches returns what takes the batches of a response.
func (w *watcher) batches(m *meter) func(time.Time, int, int, []record.Batch) {
	codec, value := record.NewCompressor(), w.value(m)
	return func(_ time.Time, _, bytes int, all []record.Batch) {
		now := time.Now()
		m.unanswered(now, 0, bytes)
		for _, b := range all {
			for r, err := range record.Records(b, codec, 0) {
				if err == nil {
					value(r.Value, now)
				}
			}
		}
	}
}

// drain waits until the consumer has as many records as were acknowledged.
func (w *watcher) drain(ctx context.Context, acked int64) error {
	if w.load.Acks == 0 {
		return nil // nobody knows how many there are
	}
	const step = 5 * time.Millisecond
	for waited := time.Duration(0); w.seen.Load() < acked; waited += step {
		if waited > w.load.Patience {
			return fmt.Errorf("%d records were acknowledged, the consumer saw %d", acked, w.seen.Load())
		}
		select {
		case <-time.After(step):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
