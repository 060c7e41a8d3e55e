package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/record"
)

// Fetch sizes: what Kafka's consumer asks for.
const (
	fetchMaxBytes  = 50 << 20
	fetchPartBytes = 1 << 20
	fetchWait      = 500 * time.Millisecond
)

// Range is what is read of a partition: offsets from Start on, below End.
type Range struct{ Start, End int64 }

// Fetch reads ranges of partitions as fast as can be, one request in flight on
// each connection.
func Fetch(ctx context.Context, l *Load, ranges map[int32]Range) (*Result, error) {
	begin := time.Now()
	lanes := l.fetchLanes()
	meters := make([]*meter, len(lanes))
	err := parallel(ctx, len(lanes), func(ctx context.Context, i int) error {
		meters[i] = &meter{from: begin}
		f := newFetcher(lanes[i], l, ranges)
		f.batches = func(due time.Time, records, bytes int, _ []record.Batch) { meters[i].request(due, records, bytes) }
		return f.run(ctx)
	})
	return sum("fetch raw", time.Since(begin), meters), err
}

// fetcher is one connection that reads partitions side by side.
type fetcher struct {
	lane
	load    *Load
	ranges  map[int32]Range
	at      map[int32]int64
	batches func(asked time.Time, records, bytes int, all []record.Batch)
}

func newFetcher(on lane, l *Load, ranges map[int32]Range) *fetcher {
	f := &fetcher{lane: on, load: l, ranges: ranges, at: map[int32]int64{}}
	for _, p := range on.partitions {
		f.at[p] = ranges[p].Start
	}
	return f
}

func (f *fetcher) run(ctx context.Context) error {
	c, err := dial(ctx, f.addr, f.load.Patience)
	if err != nil {
		return err
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	came := time.Now()
	for n := int32(0); !f.done(); n++ {
		asked := time.Now()
		resp, err := c.ask(n, f.request())
		if ctx.Err() != nil {
			return ctx.Err()
		}
		any := false
		if err == nil {
			any, err = f.response(asked, resp.(*kmsg.FetchResponse))
		}
		if any || f.load.Rate > 0 { // with a rate, the next one may be long in coming
			came = time.Now()
		}
		if err == nil && time.Since(came) > f.load.Patience {
			err = fmt.Errorf("nothing came for %v, at %v of %v", f.load.Patience, f.at, f.ranges)
		}
		if err != nil {
			return fmt.Errorf("fetch: %w", err)
		}
	}
	return nil
}

func (f *fetcher) done() bool {
	for _, p := range f.partitions {
		if f.at[p] < f.ranges[p].End {
			return false
		}
	}
	return true
}

// request asks for all partitions that are not at their end, outside of any
// fetch session.
func (f *fetcher) request() *kmsg.FetchRequest {
	req := kmsg.NewPtrFetchRequest()
	req.SetVersion(fetchVersion)
	req.ReplicaID, req.SessionEpoch = -1, -1
	req.MaxWaitMillis = int32(fetchWait.Milliseconds())
	req.MinBytes, req.MaxBytes = 1, fetchMaxBytes
	t := kmsg.NewFetchRequestTopic()
	t.Topic = f.load.Topic.Name
	for _, p := range f.partitions {
		if f.at[p] >= f.ranges[p].End {
			continue
		}
		part := kmsg.NewFetchRequestTopicPartition()
		part.Partition, part.FetchOffset, part.PartitionMaxBytes = p, f.at[p], fetchPartBytes
		t.Partitions = append(t.Partitions, part)
	}
	req.Topics = append(req.Topics, t)
	return req
}

// response takes what came, and tells whether it was anything.
func (f *fetcher) response(asked time.Time, resp *kmsg.FetchResponse) (bool, error) {
	if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
		return false, err
	}
	records, bytes := 0, 0
	var all []record.Batch
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			n, batches, err := f.partition(p)
			if err != nil {
				return false, fmt.Errorf("partition %d at offset %d: %w", p.Partition, f.at[p.Partition], err)
			}
			records, bytes, all = records+n, bytes+len(p.RecordBatches), append(all, batches...)
		}
	}
	f.batches(asked, records, bytes, all)
	return len(all) > 0, nil
}

// partition moves behind the whole batches that came.
func (f *fetcher) partition(p kmsg.FetchResponseTopicPartition) (records int, all []record.Batch, err error) {
	if err := kerr.ErrorForCode(p.ErrorCode); err != nil {
		return 0, nil, err
	}
	for b, err := range record.Batches(p.RecordBatches) {
		if err == nil && f.load.Verify {
			err = record.Check(b)
		}
		if err != nil && len(all) > 0 {
			break // the last one is cut off; what else it is comes to light when it is the first
		}
		if err != nil {
			return records, all, err
		}
		f.at[p.Partition] = b.NextOffset()
		records += int(b.Count())
		all = append(all, b)
	}
	return records, all, nil
}
