package broker

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
)

// stopQuestion asks a shard to close its logs; it answers with stopReport.
type stopQuestion struct{}

type stopReport struct {
	Err     error
	Unsaved int // logs
}

// A stop saves what it can in a time, so many logs beside one another. What is not
// saved is on the disk all the same, but where less was promised (flush.messages),
// and the next start reads it again.
const (
	closesAtOnce = 256
	savingLimit  = 4 * time.Second
)

// shutdown ends the node cleanly: others take over what it leads, then shards
// close their logs, the metadata log goes last.
func (c *controller) shutdown() {
	if c.ending || c.ended {
		return
	}
	c.ending = true
	if !c.begun {
		c.stopped(nil) // the start was not over
		return
	}
	if c.life.epoch < 0 || c.life.lonely() {
		c.closeShards()
		return
	}
	c.life.leave(c.closeShards)
}

func (c *controller) closeShards() {
	left, all := c.node.shards, stopReport{}
	if left == 0 {
		c.closeLog(all)
		return
	}
	for i := range c.node.shards {
		c.ask(i+1, 0, stopQuestion{}, func(body any) {
			report := body.(stopReport)
			all = stopReport{errors.Join(all.Err, report.Err), all.Unsaved + report.Unsaved}
			if left--; left == 0 {
				c.closeLog(all)
			}
		})
	}
}

func (c *controller) closeLog(before stopReport) {
	if c.quorum != nil {
		c.quorum.Resign(c.now, c.out) // another one need not wait for an election's time
	}
	log := c.replica()
	if log == nil { // it is being opened in another way
		c.stopped(before.Err)
		return
	}
	c.start(func(t *env.Task) error {
		if before.Err == nil && before.Unsaved == 0 {
			if err := c.markStop(t); err != nil {
				t.Out().Logf(env.Warn, "marker of a clean stop: %v", err)
			}
		}
		return log.Close(t)
	}, func(err error) { c.stopped(errors.Join(before.Err, err)) })
}

// stopped says that the node has ended, once.
func (c *controller) stopped(err error) {
	if !c.ended {
		c.ended = true
		c.out.Emit(env.Stopped{Err: err})
	}
}

// stop closes the shard's connections and logs.
func (s *shard) stop(done func(any)) {
	s.stopping = true
	for _, id := range s.sortedConns() {
		s.close(s.conns[id], "")
	}
	c := &closing{s: s, left: slices.Collect(s.loaded()), late: s.now.Mono + savingLimit}
	slices.SortStableFunc(c.left, func(a, b *replica) int { return cmp.Compare(b.promise(), a.promise()) })
	for _, r := range c.left {
		r.coordinate()
		r.part.Close(kerr.NotLeaderForPartition)
	}
	c.done = func() {
		if c.report.Unsaved > 0 {
			s.out.Logf(env.Warn, "there was no time to save %d logs: the next start reads them again", c.report.Unsaved)
		}
		s.closeJournals(func(err error) {
			c.report.Err = errors.Join(c.report.Err, err)
			done(c.report)
		})
	}
	c.more()
}

// promise ranks logs by what is lost if they are not saved.
func (r *replica) promise() int64 { return r.log.End() - r.log.Durable() }

// closing are a shard's logs that are being closed.
type closing struct {
	s      *shard
	left   []*replica
	late   time.Duration
	active int
	inside bool // of more
	report stopReport
	done   func()
}

func (c *closing) more() {
	if c.inside {
		return // a log that had nothing to close
	}
	c.inside = true
	for c.active < closesAtOnce && len(c.left) > 0 {
		r := c.left[0]
		c.left = c.left[1:]
		c.active++
		close := r.log.Close
		if r.log.Unsaved() > 0 && c.s.now.Mono > c.late {
			c.report.Unsaved++
			close = r.log.Abandon
		}
		c.s.start(close, func(err error) {
			c.report.Err = errors.Join(c.report.Err, err)
			c.active--
			c.more()
		})
	}
	if c.inside = false; c.active == 0 {
		c.done()
	}
}
