package sim

import (
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
	"odradek/node/record"
)

// consumer reads its partitions, from wherever it is, until it is told to stop.
type consumer struct {
	*workload
	c       *client
	process int32
	k       consumerKnobs
	parts   []*cursor
	session int32
	epoch   int32
	limits  bool // it stops at the ends that it finds (the final reading)
	done    func()
	codecs  *record.Compressor
}

// consumerKnobs are drawn for each consumer.
type consumerKnobs struct {
	Version  int16
	Sessions bool
	MaxBytes int32
	PartMax  int32
	Wait     time.Duration
	Pause    time.Duration
	Seeks    int // one fetch in so many begins somewhere else; 0: none
}

// cursor is a consumer's place in a partition.
type cursor struct {
	target
	at     int64
	seek   bool // at was set on purpose
	high   int64
	told   int64 // at, as the session knows it; -1: it does not
	id     checker.ID
	sought bool // the fetch under way began at a place set on purpose
	listed bool
}

func (c *consumer) start() { c.turn() }

func (c *consumer) turn() {
	switch {
	case c.stopped && !c.limits:
		return
	case c.limits && c.complete():
		c.done()
		return
	}
	c.fetch()
}

func (c *consumer) again(after time.Duration) { c.w.After(after, c.turn) }

func (c *consumer) complete() bool {
	for _, p := range c.parts {
		if !p.listed || p.at < p.high {
			return false
		}
	}
	return true
}

func (c *consumer) fetch() {
	req := kmsg.NewPtrFetchRequest()
	req.Version, req.MaxBytes, req.MinBytes = c.k.Version, c.k.MaxBytes, 1
	req.MaxWaitMillis = int32(c.k.Wait / time.Millisecond)
	req.SessionID, req.SessionEpoch = c.session, c.epoch
	if !c.k.Sessions {
		req.SessionID, req.SessionEpoch = 0, -1
	}
	for _, p := range c.parts {
		c.maySeek(p)
		p.id = c.h.InvokeFetch(c.process, c.at(), p.tp(), checker.Fetch{From: p.at, Seek: p.seek})
		p.sought, p.seek = p.seek, false
		if c.k.Sessions && c.epoch > 0 && p.told == p.at {
			continue
		}
		p.told = p.at
		c.put(req, p)
	}
	c.c.send(req, false, func(resp kmsg.Response, err error) { c.fetched(resp, err) })
}

func (c *consumer) maySeek(p *cursor) {
	if c.k.Seeks > 0 && c.w.Rand.IntN(c.k.Seeks) == 0 && p.high > 0 {
		p.at, p.seek = c.w.Rand.Int64N(p.high), true
	}
}

func (c *consumer) put(req *kmsg.FetchRequest, p *cursor) {
	x := kmsg.NewFetchRequestTopicPartition()
	x.Partition, x.FetchOffset, x.PartitionMaxBytes = p.index, p.at, c.k.PartMax
	for i := range req.Topics {
		if req.Topics[i].Topic == p.topic {
			req.Topics[i].Partitions = append(req.Topics[i].Partitions, x)
			return
		}
	}
	t := kmsg.NewFetchRequestTopic()
	t.Topic, t.TopicID = p.topic, p.id16()
	t.Partitions = append(t.Partitions, x)
	req.Topics = append(req.Topics, t)
}

func (p *cursor) id16() [16]byte { return p.target.id }

func (c *consumer) fetched(resp kmsg.Response, err error) {
	got, ok := resp.(*kmsg.FetchResponse)
	if err != nil || !ok || got.ErrorCode != 0 {
		c.fail(got, err)
		return
	}
	if c.k.Sessions {
		c.session = got.SessionID
		if c.epoch++; c.session == 0 {
			c.epoch = 0
		}
	}
	seen := map[*cursor]bool{}
	reset := false
	for i := range got.Topics {
		for j := range got.Topics[i].Partitions {
			if p := c.find(&got.Topics[i], got.Topics[i].Partitions[j].Partition, got.Version); p != nil {
				seen[p] = true
				reset = c.take(p, &got.Topics[i].Partitions[j]) || reset
			}
		}
	}
	for _, p := range c.parts {
		if !seen[p] {
			c.h.OKFetch(p.id, c.at(), checker.Fetched{HighWatermark: checker.Unknown, LogStart: checker.Unknown})
		}
	}
	if reset {
		c.reset()
		return
	}
	c.again(c.w.between(0, c.k.Pause))
}

// fail ends a fetch that got no answer of use; the session begins anew.
func (c *consumer) fail(resp *kmsg.FetchResponse, err error) {
	why := "refused"
	if err != nil {
		why = err.Error()
	} else if resp != nil {
		why = kerr.ErrorForCode(resp.ErrorCode).Error()
	}
	for _, p := range c.parts {
		c.h.Fail(p.id, c.at(), why)
		p.told, p.seek = -1, p.seek || p.sought
	}
	c.session, c.epoch = 0, 0
	c.again(c.w.between(retryAfter, 2*retryAfter))
}

func (c *consumer) find(t *kmsg.FetchResponseTopic, index int32, version int16) *cursor {
	for _, p := range c.parts {
		if p.index == index && (version < 13 && p.topic == t.Topic || version >= 13 && p.target.id == t.TopicID) {
			return p
		}
	}
	return nil
}

// take records one partition's answer; true: the place is out of range.
func (c *consumer) take(p *cursor, x *kmsg.FetchResponseTopicPartition) (reset bool) {
	switch {
	case x.ErrorCode == kerr.OffsetOutOfRange.Code:
		c.h.OKFetch(p.id, c.at(), checker.Fetched{HighWatermark: checker.Unknown, LogStart: checker.Unknown, OutOfRange: true})
		return true
	case x.ErrorCode != 0:
		c.h.Fail(p.id, c.at(), kerr.ErrorForCode(x.ErrorCode).Error())
		p.seek = p.seek || p.sought
		return false
	}
	f := checker.Fetched{HighWatermark: x.HighWatermark, LogStart: checker.Unknown}
	if c.k.Version >= 5 {
		f.LogStart = x.LogStartOffset
	}
	next := p.at
	for b, err := range record.Batches(x.RecordBatches) {
		if err != nil {
			break // cut off by the size limit
		}
		if err := record.Check(b); err != nil {
			c.h.Corrupt(p.id, c.at(), err.Error())
			p.at, p.seek = b.NextOffset(), true
			return false
		}
		for r, err := range record.Records(b, c.codecs, 0) {
			if err != nil {
				c.h.Corrupt(p.id, c.at(), err.Error())
				return false
			}
			if r.Offset >= next {
				f.Records = append(f.Records, told(r, r.Offset))
				next = r.Offset + 1
			}
		}
	}
	p.at, p.high = next, max(p.high, x.HighWatermark)
	if c.limits {
		p.listed = true
	}
	c.h.OKFetch(p.id, c.at(), f)
	return false
}

// reset asks for the beginnings of all partitions and goes there.
func (c *consumer) reset() {
	left := len(c.parts)
	for _, p := range c.parts {
		c.list(c.c, c.process, p.target, checker.Earliest, func(offset int64, ok bool) {
			if ok && offset > p.at {
				p.at, p.seek = offset, true
			}
			if left--; left == 0 {
				c.again(c.w.between(0, retryAfter))
			}
		})
	}
}
