package broker

import (
	"slices"
	"time"

	"odradek/node/env"
	"odradek/node/storage"
)

const (
	scrubPeriod = time.Second
	firstScrub  = time.Minute // after the start
	scrubLeast  = 4096        // bytes that looking at a log costs, however little is read
)

// scrubber reads the logs of a shard again, one after the other, at a bounded
// rate, to find what has been damaged at rest.
type scrubber struct {
	s     *shard
	queue []*replica // of this round
	next  time.Duration
	busy  bool
}

// interval is the time from the begin of a round to that of the next one.
func (c *scrubber) interval() time.Duration {
	ms, _ := c.s.node.config.Int("log.scrub.interval.ms")
	return time.Duration(ms) * time.Millisecond
}

// scrub reads for one period.
func (c *scrubber) scrub() {
	rate, _ := c.s.node.config.Int("log.scrub.bytes.per.second")
	if rate == 0 || c.busy || c.s.stopping {
		return
	}
	if len(c.queue) == 0 && c.s.now.Mono >= c.next {
		c.queue, c.next = slices.Collect(c.s.loaded()), c.s.now.Mono+c.interval()
	}
	if len(c.queue) == 0 {
		return
	}
	c.busy = true
	c.s.start(func(t *env.Task) error { return c.read(t, rate) }, func(error) { c.busy = false })
}

// read goes on with the first log of the queue, until so many bytes are read.
func (c *scrubber) read(t *env.Task, left int64) error {
	for left > 0 && len(c.queue) > 0 {
		r := c.queue[0]
		read, ended := int64(0), true
		if r.gone == nil && r.failed == nil {
			var found []storage.Range
			var err error
			read, found, ended, err = r.log.Scrub(t, left)
			if err != nil && r.gone == nil {
				t.Out().Logf(env.Warn, "scrub of %s: %v", r.path(), err)
			}
			r.damaged(t.Out(), found)
		}
		if left -= max(read, scrubLeast); ended {
			c.queue = c.queue[1:]
		}
		if err := t.Pause(); err != nil {
			return err
		}
	}
	return nil
}

// verify looks at what somebody could not use, or not find.
func (r *replica) verify(offset int64) {
	if r.verifying {
		return
	}
	r.verifying = true
	r.s.start(func(t *env.Task) error {
		found, err := r.log.Inspect(t, offset)
		r.damaged(t.Out(), found)
		return err
	}, func(error) { r.s.after(scrubPeriod, func() { r.verifying = false }) })
}

// damaged tells of ranges that were found damaged; the next repair mends them.
func (r *replica) damaged(out *env.Outbox, found []storage.Range) {
	for _, d := range found {
		r.stir()
		r.s.repairs.found++
		out.Logf(env.Error, "%s: records %d to %d are damaged; they are not served until they are mended (%d ranges found, %d mended)",
			r.path(), d.From, d.To-1, r.s.repairs.found, r.s.repairs.mended)
	}
}
