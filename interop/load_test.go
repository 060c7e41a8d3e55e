//go:build interop

package interop

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/checker"
)

// load is what runs against a broker while it is killed. Every process writes
// its own history, on one clock.
//
//	process 0, 1   raw acks=1 batches to partition 0 of topic raw
//	process 2      franz-go, idempotent, acks=all, to both partitions of topic kept
//	process 3..5   fetches of each partition, from its start, then along its end
type load struct {
	t       *testing.T
	s       *server
	began   time.Time
	ctx     context.Context
	stop    context.CancelFunc
	writers sync.WaitGroup
	readers sync.WaitGroup
	acks    chan ack      // of the raw writers
	final   chan struct{} // closed when all is to be read again

	mu    sync.Mutex
	parts []*checker.History
}

// ack is an acknowledged raw produce: when it was sent, when it was answered.
type ack struct{ sent, answered time.Time }

const raws = 2

var readFrom = []checker.TP{{Topic: "raw", Partition: 0}, {Topic: "kept", Partition: 0}, {Topic: "kept", Partition: 1}}

func startLoad(t *testing.T, s *server) *load {
	l := &load{t: t, s: s, began: time.Now(), acks: make(chan ack, 1024), final: make(chan struct{})}
	l.ctx, l.stop = context.WithCancel(context.Background())
	t.Cleanup(l.stop)
	s.create("raw", 1)
	s.create("kept", 2)
	for p := range int32(raws) {
		w := s.raw("raw")
		l.writers.Go(func() { l.writeRaw(w, p) })
	}
	c := s.client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.MaxBufferedRecords(500), kgo.ProducerLinger(0),
		kgo.RetryBackoffFn(func(int) time.Duration { return 10 * time.Millisecond }))
	l.writers.Go(func() { l.writeKept(c, raws) })
	for i, tp := range readFrom {
		r := s.raw(tp.Topic)
		l.readers.Go(func() { l.read(r, tp, int32(raws+1+i)) })
	}
	return l
}

func (l *load) now() int64 { return int64(time.Since(l.began)) }

func (l *load) history() *checker.History {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := checker.NewHistory()
	l.parts = append(l.parts, h)
	return h
}

// numbered is a value that no other process sends.
func numbered(process int32, n int) uint64 { return uint64(process)<<40 | uint64(n) }

// writeRaw sends batches of one to three records, one after the other.
func (l *load) writeRaw(w *raw, process int32) {
	h, n := l.history(), 0
	for l.ctx.Err() == nil {
		values := make([]uint64, 1+n%3)
		records := make([]checker.Record, len(values))
		for i := range values {
			values[i] = numbered(process, n)
			records[i] = checker.Record{Offset: checker.Unknown, Timestamp: checker.Unknown, Value: checker.Value(values[i])}
			n++
		}
		sent := time.Now()
		id := h.InvokeProduce(process, l.now(), readFrom[0], checker.Produce{Producer: checker.Unknown, Acks: 1, Records: records})
		base, err := w.produce(context.Background(), 0, 1, values...)
		switch {
		case err == nil:
			h.OKProduce(id, l.now(), base)
			l.tell(ack{sent, time.Now()})
		case refused(err):
			h.Fail(id, l.now(), err.Error())
			l.pause()
		default:
			h.Maybe(id, l.now(), err.Error())
		}
	}
}

// tell hands on an acknowledgement.
func (l *load) tell(a ack) {
	select {
	case l.acks <- a:
	case <-l.ctx.Done():
	}
}

// pause keeps a client from dialing a dead broker in a tight loop.
func (l *load) pause() {
	select {
	case <-time.After(time.Millisecond):
	case <-l.ctx.Done():
	}
}

// refused tells an error of connecting: nothing was sent.
func refused(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// writeKept keeps hundreds of records in flight. A record is an operation, for
// the client does not tell its batches; it may send them again, and no record may
// be there twice.
func (l *load) writeKept(c *kgo.Client, process int32) {
	h := l.history()
	for n := 0; l.ctx.Err() == nil; n++ {
		value, invoke := numbered(process, n), l.now()
		r := &kgo.Record{Topic: "kept", Partition: int32(n % 2), Value: textOf(value)}
		c.Produce(context.Background(), r, func(r *kgo.Record, err error) {
			op := checker.Op{Kind: checker.ProduceOp, Outcome: checker.OK, Process: process,
				At: checker.TP{Topic: "kept", Partition: r.Partition}, Invoke: invoke, Return: l.now(), Offset: r.Offset,
				Producer: r.ProducerID, Sequence: int32(n / 2), Epoch: r.ProducerEpoch, Acks: -1, Flags: checker.Resends,
				Records: []checker.Record{{Offset: checker.Unknown, Timestamp: checker.Unknown, Value: checker.Value(value)}}}
			if err != nil {
				l.t.Errorf("the idempotent producer gave up on %d: %v", n, err)
				op.Outcome, op.Offset, op.Reason = checker.Maybe, checker.Unknown, err.Error()
			}
			h.Add(op)
		})
	}
	if err := c.Flush(limit(l.t)); err != nil {
		l.t.Errorf("the idempotent producer did not come to an end: %v", err)
	}
}

// read fetches along the end of a partition, and once the writers have ended
// reads it all again.
func (l *load) read(r *raw, tp checker.TP, process int32) {
	h := l.history()
	at, seek := int64(0), true
	for l.ctx.Err() == nil {
		next, _, err := l.fetchOnce(h, r, tp, process, at, seek)
		if err != nil {
			l.pause()
		}
		at, seek = next, seek && err != nil
	}
	<-l.final
	for at, end, seek := int64(0), int64(1), true; at < end; seek = false {
		var err error
		if at, end, err = l.fetchOnce(h, r, tp, process, at, seek); err != nil {
			l.t.Errorf("final reading of %v: %v", tp, err)
			return
		}
	}
}

// fetchOnce returns where the next fetch begins, and the high watermark.
func (l *load) fetchOnce(h *checker.History, r *raw, tp checker.TP, process int32, at int64, seek bool) (next, end int64, err error) {
	id := h.InvokeFetch(process, l.now(), tp, checker.Fetch{From: at, Seek: seek})
	f, err := r.fetch(context.Background(), tp.Partition, at)
	if err == nil {
		err = f.corruptBatch
	}
	switch {
	case f.corruptBatch != nil:
		h.Corrupt(id, l.now(), err.Error())
		return at, f.highWater, err
	case err != nil:
		h.Fail(id, l.now(), err.Error())
		return at, 0, err
	}
	return l.took(h, id, f, at)
}

// took writes down what a fetch brought.
func (l *load) took(h *checker.History, id checker.ID, f fetched, at int64) (next, end int64, err error) {
	told := checker.Fetched{HighWatermark: f.highWater, LogStart: f.logStart, OutOfRange: f.outOfRange}
	for _, rec := range f.records {
		told.Records = append(told.Records, checker.Record{Offset: rec.Offset, Timestamp: checker.Unknown,
			Value: checker.Value(valueIn(l.t, rec.Value))})
		at = rec.Offset + 1
	}
	h.OKFetch(id, l.now(), told)
	return at, f.highWater, nil
}

// finish stops the writers, lets the readers read to the end, and joins what all
// of them wrote down.
func (l *load) finish() *checker.History {
	l.stop()
	l.writers.Wait()
	l.history().Mark(l.now(), checker.FinalRead, "")
	close(l.final)
	l.readers.Wait()
	return checker.Merge(l.parts...)
}
