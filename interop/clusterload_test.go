//go:build interop

package interop

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
)

// clusterLoad is what runs against a cluster while it is hurt: idempotent
// producers with acks=all, and a reader of each partition that follows its
// leader, all of them writing one history each.
type clusterLoad struct {
	load
	c     *cluster
	topic string
	parts int
	acked chan struct{} // one for each record acknowledged, while somebody listens
}

func (c *cluster) load(topic string, parts, producers int) *clusterLoad {
	l := &clusterLoad{c: c, topic: topic, parts: parts, acked: make(chan struct{}, 1<<16)}
	l.t, l.began, l.final = c.t, time.Now(), make(chan struct{})
	l.ctx, l.stop = context.WithCancel(context.Background())
	c.t.Cleanup(l.stop)
	for p := range int32(producers) {
		cl := c.client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.RequiredAcks(kgo.AllISRAcks()),
			kgo.MaxBufferedRecords(200), kgo.ProducerLinger(0), kgo.ProduceRequestTimeout(5*time.Second))
		l.writers.Go(func() { l.write(cl, p) })
	}
	for p := range int32(parts) {
		r := &follower{c: c, cl: c.client(), tp: checker.TP{Topic: topic, Partition: p}}
		l.readers.Go(func() { l.follow(r, int32(producers)+p) })
	}
	return l
}

// write keeps records in flight, a few hundred a second.
func (l *clusterLoad) write(cl *kgo.Client, process int32) {
	h := l.history()
	var mu sync.Mutex // the client may call from several goroutines
	for n := 0; l.ctx.Err() == nil; n++ {
		value, invoke := numbered(process, n), l.now()
		r := &kgo.Record{Topic: l.topic, Partition: int32(n % l.parts), Value: textOf(value)}
		cl.Produce(context.Background(), r, func(r *kgo.Record, err error) {
			op := checker.Op{Kind: checker.ProduceOp, Outcome: checker.OK, Process: process,
				At: checker.TP{Topic: l.topic, Partition: r.Partition}, Invoke: invoke, Return: l.now(), Offset: r.Offset,
				Producer: r.ProducerID, Sequence: int32(n / l.parts), Epoch: r.ProducerEpoch, Acks: -1, Flags: checker.Resends,
				Records: []checker.Record{{Offset: checker.Unknown, Timestamp: checker.Unknown, Value: checker.Value(value)}}}
			if err != nil {
				l.t.Errorf("the idempotent producer gave up on %d: %v", n, err)
				op.Outcome, op.Offset, op.Reason = checker.Maybe, checker.Unknown, err.Error()
			}
			mu.Lock()
			h.Add(op)
			mu.Unlock()
			select {
			case l.acked <- struct{}{}:
			default:
			}
		})
		if n%4 == 0 {
			l.pause()
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := cl.Flush(ctx); err != nil {
		l.t.Errorf("the idempotent producer did not come to an end: %v", err)
		cl.Close() // ends what is in flight: maybe
	}
}

// await returns after n more acknowledgements.
func (l *clusterLoad) await(n int) {
	l.t.Helper()
	for len(l.acked) > 0 {
		<-l.acked
	}
	for range n {
		select {
		case <-l.acked:
		case <-time.After(awaitLimit):
			l.t.Fatalf("no produce was acknowledged for %v: %+v", awaitLimit, l.c.partitions(l.topic))
		}
	}
}

// follow reads along a partition's end, and at last all of it again.
func (l *clusterLoad) follow(r *follower, process int32) {
	h := l.history()
	at, seek := int64(0), true
	for l.ctx.Err() == nil {
		next, _, err := l.once(h, r, process, at, seek)
		if err != nil {
			l.pause()
		}
		at, seek = next, seek && err != nil
	}
	<-l.final
	begun := time.Now()
	for at, end, seek := int64(0), int64(1), true; at < end; {
		next, told, err := l.once(h, r, process, at, seek)
		if err != nil && time.Since(begun) > awaitLimit {
			l.t.Errorf("final reading of %v: %v", r.tp, err)
			return
		}
		if err == nil {
			at, end, seek = next, told, false
		}
	}
}

func (l *clusterLoad) once(h *checker.History, r *follower, process int32, at int64, seek bool) (next, end int64, err error) {
	id := h.InvokeFetch(process, l.now(), r.tp, checker.Fetch{From: at, Seek: seek})
	f, err := r.fetch(at)
	if err == nil && f.corruptBatch != nil {
		h.Corrupt(id, l.now(), f.corruptBatch.Error())
		return at, f.highWater, f.corruptBatch
	}
	if err != nil {
		h.Fail(id, l.now(), err.Error())
		return at, 0, err
	}
	return l.took(h, id, f, at)
}

// finish stops the writers, lets the readers read to the end, and judges.
func (l *clusterLoad) finish() *checker.Result {
	h := l.load.finish()
	r := checker.Check(h, checker.Options{EndMayLag: true})
	l.t.Logf("%v", r)
	if !r.Valid() {
		l.t.Error("the history is not that of a correct log")
	}
	return r
}

// follower fetches from whoever leads a partition.
type follower struct {
	c      *cluster
	cl     *kgo.Client
	tp     checker.TP
	leader int32
	epoch  int32
	id     [16]byte
	known  bool
}

func (r *follower) find(ctx context.Context) error {
	req := kmsg.NewPtrMetadataRequest()
	asked := kmsg.NewMetadataRequestTopic()
	asked.Topic = &r.tp.Topic
	req.Topics = append(req.Topics, asked)
	resp, err := req.RequestWith(ctx, r.cl)
	if err != nil {
		return err
	}
	t := &resp.Topics[0]
	for i := range t.Partitions {
		if p := &t.Partitions[i]; p.Partition == r.tp.Partition && p.Leader >= 0 {
			r.leader, r.epoch, r.id, r.known = p.Leader, p.LeaderEpoch, t.TopicID, true
			return nil
		}
	}
	return errors.Join(kerr.LeaderNotAvailable, kerr.ErrorForCode(t.ErrorCode))
}

func (r *follower) fetch(from int64) (f fetched, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if !r.known {
		if err := r.find(ctx); err != nil {
			return f, err
		}
	}
	one := raw{r.cl.Broker(int(r.leader)), r.tp.Topic, r.id}
	f, err = one.fetchIn(ctx, r.tp.Partition, r.epoch, from)
	r.known = err == nil
	return f, err
}
