package sim

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
	"odradek/node/mutant"
	"odradek/node/record"
)

// consumer reads its partitions, from wherever it is, until it is told to stop.
// It polls each node for what that leads.
type consumer struct {
	*workload
	c       *client
	process int32
	k       consumerKnobs
	parts   []*cursor
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
	id     checker.ID
	flying bool // a fetch is under way
	sought bool // which began at a place set on purpose
	lost   bool // the place is not in the log
	listed bool
	failed *poll // whose fetch of it was refused
}

func (c *consumer) start() {
	for node := range c.nodes {
		p := &poll{consumer: c, node: node, told: make([]int64, len(c.parts))}
		p.forget()
		p.turn()
	}
}

func (c *consumer) complete() bool {
	for _, p := range c.parts {
		if !p.listed || p.at < p.high {
			return false
		}
	}
	return true
}

func (c *consumer) maySeek(p *cursor) {
	if c.k.Seeks > 0 && c.w.Rand.IntN(c.k.Seeks) == 0 && p.high > 0 {
		p.at, p.seek = c.w.Rand.Int64N(p.high), true
	}
}

// take records one partition's answer; false: it was refused.
func (c *consumer) take(p *cursor, x *kmsg.FetchResponseTopicPartition) bool {
	switch {
	case x.ErrorCode == kerr.OffsetOutOfRange.Code:
		c.h.OKFetch(p.id, c.at(), checker.Fetched{HighWatermark: checker.Unknown, LogStart: checker.Unknown, OutOfRange: true})
		c.reset(p)
	case x.ErrorCode != 0:
		c.h.Fail(p.id, c.at(), kerr.ErrorForCode(x.ErrorCode).Error())
		p.seek = p.seek || p.sought
		c.c.doubt(p.target)
	default:
		c.read(p, x)
		return true
	}
	return false
}

// read takes the records.
func (c *consumer) read(p *cursor, x *kmsg.FetchResponseTopicPartition) {
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
			if mutant.On("B24") { // KAFKA-5211: a corrupt record is skipped in silence
				next = b.NextOffset()
				continue
			}
			c.h.Corrupt(p.id, c.at(), err.Error())
			p.at, p.seek = b.NextOffset(), true
			return
		}
		if b.NextOffset() <= next { // its first offset is under no checksum
			c.h.Corrupt(p.id, c.at(), fmt.Sprintf("records %d to %d, where %d was asked for", b.BaseOffset(), b.LastOffset(), next))
			p.at, p.seek = next+int64(b.Count()), true
			return
		}
		for r, err := range record.Records(b, c.codecs, 0) {
			if err != nil {
				c.h.Corrupt(p.id, c.at(), err.Error())
				return
			}
			if r.Offset >= next {
				f.Records = append(f.Records, told(r, r.Offset))
				next = r.Offset + 1
			}
		}
	}
	p.at, p.high = next, max(p.high, x.HighWatermark)
	c.h.OKFetch(p.id, c.at(), f)
}

// reset asks for a partition's beginning and goes there.
func (c *consumer) reset(p *cursor) {
	p.lost = true
	c.list(c.c, c.process, p.target, checker.Earliest, func(offset int64, ok bool) {
		if ok && offset > p.at {
			p.at, p.seek = offset, true
		}
		c.w.After(c.w.between(0, retryAfter), func() { p.lost = false })
	})
}

// sound asks where a partition begins and ends, until it is told: a leader that
// was just elected does not know the end.
func (c *consumer) sound(p *cursor) {
	again := func() { c.w.After(retryAfter, func() { c.sound(p) }) }
	p.lost = true
	c.list(c.c, c.process, p.target, checker.Earliest, func(first int64, ok bool) {
		if !ok {
			again()
			return
		}
		c.list(c.c, c.process, p.target, checker.Latest, func(end int64, ok bool) {
			if !ok {
				again()
				return
			}
			p.at, p.seek, p.high = max(p.at, first), true, end
			p.lost, p.listed = false, true
		})
	})
}
