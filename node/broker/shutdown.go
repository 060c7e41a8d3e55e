package broker

import (
	"errors"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
)

// stopQuestion asks a shard to close its logs; it answers with an error or nil.
type stopQuestion struct{}

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
	left, all := c.node.shards, error(nil)
	if left == 0 {
		c.closeLog(nil)
		return
	}
	for i := range c.node.shards {
		c.ask(i+1, 0, stopQuestion{}, func(body any) {
			if err, _ := body.(error); err != nil {
				all = errors.Join(all, err)
			}
			if left--; left == 0 {
				c.closeLog(all)
			}
		})
	}
}

func (c *controller) closeLog(before error) {
	if c.quorum != nil {
		c.quorum.Resign(c.now, c.out) // another one need not wait for an election's time
	}
	log := c.replica()
	if log == nil { // it is being opened in another way
		c.stopped(before)
		return
	}
	c.start(func(t *env.Task) error {
		if before == nil {
			if err := c.markStop(t); err != nil {
				t.Out().Logf(env.Warn, "marker of a clean stop: %v", err)
			}
		}
		return log.Close(t)
	}, func(err error) { c.stopped(errors.Join(before, err)) })
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
	var all error
	open := 1
	closed := func(err error) {
		all = errors.Join(all, err)
		if open--; open == 0 {
			s.closeJournals(func(err error) { done(errors.Join(all, err)) })
		}
	}
	for _, r := range s.sortedReplicas() {
		if r.log != nil && r.failed == nil {
			open++
			r.coordinate()
			r.part.Close(kerr.NotLeaderForPartition)
			s.start(r.log.Close, closed)
		}
	}
	closed(nil)
}
