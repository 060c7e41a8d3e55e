package broker

import (
	"errors"
	"iter"
	"time"

	"odradek/node/env"
	"odradek/node/storage"
)

const (
	checkpointPeriod = time.Second
	flushPeriod      = time.Second
	mostHighs        = 100 // saved in one round, per shard
	// mostUnsaved bounds what a restart has to read again, per shard, in bytes.
	mostUnsaved  = 64 << 20
	expirePeriod = 10 * time.Minute // producer.id.expiration.check.interval.ms
)

// chores begins the work that comes back by the clock.
func (s *shard) chores() {
	s.every(time.Duration(s.node.config.RetentionCheckMs)*time.Millisecond, s.retain)
	s.every(checkpointPeriod, s.checkpoint)
	if len(s.journals) > 0 {
		s.every(checkpointPeriod, s.prepareJournals)
	}
	s.every(expirePeriod, s.expireProducers)
	s.every(flushPeriod, s.flushIdle)
	s.every(tickPeriod, s.tick)
	high, _ := s.node.config.Int("replica.high.watermark.checkpoint.interval.ms")
	s.every(time.Duration(max(high, 1))*time.Millisecond, s.saveHighs)
	s.scrubber.next = min(s.scrubber.interval(), firstScrub)
	s.every(scrubPeriod, s.scrubber.scrub)
	s.every(repairPeriod, s.repairs.repair)
}

// loaded are the replicas with a log that works, in order.
func (s *shard) loaded() iter.Seq[*replica] {
	return func(yield func(*replica) bool) {
		for _, r := range s.sortedReplicas() {
			if r.works() && !yield(r) {
				return
			}
		}
	}
}

func (s *shard) retain() {
	for r := range s.loaded() {
		r.log.Retain(s.now, r.part.HighWatermark(), s.out)
	}
}

// flushIdle lets logs sync that are acknowledged before they do (flush.ms).
func (s *shard) flushIdle() {
	for r := range s.stirring() {
		if r.topic.log.FlushMessages > 1 {
			r.log.Drained(s.now, s.out)
		}
	}
}

func (s *shard) expireProducers() {
	for r := range s.loaded() {
		r.log.Producers().Expire(s.now.Wall, s.node.config.ProducerExpirationMs)
	}
}

// checkpoint saves the logs with the most bytes past their recovery points,
// until all together are within bounds again.
func (s *shard) checkpoint() {
	for r := range s.stirring() {
		r.weigh()
	}
	if s.unsaved <= mostUnsaved || s.saving || s.stopping {
		return
	}
	most := s.heaviest()
	if most == nil {
		return
	}
	s.saving = true
	s.start(most.log.Checkpoint, func(err error) {
		s.saving = false
		if err != nil {
			if !errors.Is(err, storage.ErrBusy) {
				s.out.Logf(env.Warn, "checkpoint of %s: %v", most.path(), err)
			}
			return // the next round comes soon
		}
		s.checkpoint()
	})
}

// logConfig is what a log needs of its topic's configuration.
func logConfig(t *topic) storage.Config {
	c := &t.config
	l := storage.DefaultConfig()
	l.SegmentBytes, l.SegmentMs, l.SegmentJitterMs = c.SegmentBytes, c.SegmentMs, c.SegmentJitterMs
	l.IndexInterval, l.MaxIndexBytes = c.IndexIntervalBytes, c.SegmentIndexBytes
	l.RetentionMs, l.RetentionBytes = c.RetentionMs, c.RetentionBytes
	l.FlushMessages = c.FlushMessages
	l.FlushMs = c.FlushMs
	if !c.Delete { // compaction is not there yet: nothing is removed
		l.RetentionMs, l.RetentionBytes = -1, -1
	}
	return l
}

// saveHighs records high watermarks that have moved, so that a leader of after a
// restart need not wait for its followers to know them.
func (s *shard) saveHighs() {
	left := mostHighs
	for r := range s.stirring() {
		if len(r.part.State().Replicas) > 1 && r.log.HighUnsaved() && left > 0 {
			left--
			s.start(r.log.SaveHigh, func(error) {}) // the log tells of a failure; the next round comes
		}
	}
}
