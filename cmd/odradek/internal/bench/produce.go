package bench

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Produce sends raw batches, built once for each connection and partition.
func Produce(ctx context.Context, l *Load) (*Result, error) {
	return l.produce(ctx, "produce raw", false)
}

// produce sends on all lanes; fresh batches bear the time at which they are due.
func (l *Load) produce(ctx context.Context, name string, fresh bool) (*Result, error) {
	begin := l.begin()
	ctx, cancel := l.limit(ctx, begin)
	defer cancel()
	var left atomic.Int64
	left.Store(l.Bytes)
	lanes := l.lanes()
	meters := make([]*meter, len(lanes))
	err := parallel(ctx, len(lanes), func(ctx context.Context, i int) error {
		meters[i] = &meter{from: begin}
		p := &producer{lane: lanes[i], load: l, source: newSource(l), fresh: fresh, left: &left, meter: meters[i],
			pace: l.newPace(time.Now(), begin, i, len(lanes)), slots: make(chan struct{}, l.InFlight), sent: make(chan sent, l.InFlight)}
		return p.run(ctx)
	})
	return sum(name, time.Since(begin), meters), err
}

// producer is one connection that sends.
type producer struct {
	lane
	load   *Load
	source *source
	fresh  bool
	left   *atomic.Int64 // bytes that all producers together may still send
	meter  *meter
	pace   *pace

	c     *conn
	slots chan struct{} // one for each request in flight
	sent  chan sent
	shots []shot // by place in partitions
}

// sent is a request that waits for its response.
type sent struct {
	due time.Time
	shot
	number int32
	req    *kmsg.ProduceRequest // its version says how to read the response
}

func (p *producer) run(ctx context.Context) (err error) {
	if p.c, err = dial(ctx, p.addr, p.load.Patience); err != nil {
		return err
	}
	defer p.c.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	read := make(chan error, 1)
	go func() {
		err := p.read()
		if err != nil {
			cancel()
			p.c.Close() // a write that hangs ends
			for range p.sent {
				<-p.slots // as does one that waits for a slot
			}
		}
		read <- err
	}()
	wrote := p.write(ctx)
	close(p.sent)
	if err := <-read; err != nil {
		return err
	}
	p.meter.miss(p.pace.missed(ctx))
	return wrote
}

func (p *producer) write(ctx context.Context) error {
	req := p.source.request(0, nil)
	for n := 0; ; n++ {
		due, ok := p.pace.wait(ctx)
		if !ok {
			return nil
		}
		s, err := p.next(n%len(p.partitions), due)
		if err != nil {
			return err
		}
		if p.load.Bytes > 0 && p.left.Add(-int64(s.bytes)) < -int64(s.bytes) {
			return nil
		}
		if err := p.send(ctx, sent{due, s, int32(n), req}); err != nil || ctx.Err() != nil {
			return err
		}
	}
}

// next is the request to the i-th partition: the same again, or a fresh one.
func (p *producer) next(i int, due time.Time) (shot, error) {
	if p.fresh {
		return p.source.shot(p.partitions[i], due)
	}
	for len(p.shots) <= i {
		s, err := p.source.shot(p.partitions[len(p.shots)], due)
		if err != nil {
			return s, err
		}
		p.shots = append(p.shots, s)
	}
	return p.shots[i], nil
}

// send waits for a slot and writes.
func (p *producer) send(ctx context.Context, s sent) error {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		p.pace.next = s.due // it was not sent
		return nil
	}
	if p.load.Rate <= 0 {
		s.due = time.Now() // waiting for the slot is no latency of the broker's
	}
	s.number &= 1<<30 - 1
	s.shot.number(s.number)
	p.sent <- s
	_, err := p.c.Write(s.frame)
	return err
}

// read takes the responses in order.
func (p *producer) read() error {
	for s := range p.sent {
		if p.load.Acks == 0 {
			p.meter.unanswered(s.due, s.records, s.bytes)
		} else if err := p.response(s); err != nil {
			return err
		}
		<-p.slots
	}
	return nil
}

func (p *producer) response(s sent) error {
	resp, err := p.c.answer(s.number, s.req)
	if err != nil {
		return fmt.Errorf("produce: %w", err)
	}
	for _, t := range resp.(*kmsg.ProduceResponse).Topics {
		for _, part := range t.Partitions {
			if err := kerr.ErrorForCode(part.ErrorCode); err != nil {
				p.meter.fail(s.due, err)
				return nil
			}
		}
	}
	p.meter.request(s.due, s.records, s.bytes)
	return nil
}
