package broker

import (
	"slices"
	"time"
)

// A reassignment copies whole logs: throttles (KIP-73) leave room for the rest of
// the work. They hold replicas that are named by the topic's
// {leader,follower}.replication.throttled.replicas, while they are not in sync, to
// the node's {leader,follower}.replication.throttled.rate, bytes per second:
//
//	leader:   a follower's fetch finds nothing while more was sent than may be
//	follower: a partition is not asked for while more was fetched than may be
//
// Each shard keeps to its part of the rate, and may be a second ahead of it. One
// fetch is never cut short: a rate of one byte makes slow progress, not none.

// throttle counts bytes in one direction.
type throttle struct {
	key  string // of the rate, bytes per second
	debt float64
	at   time.Duration // when debt was right
}

// settle brings the debt to now; share is the shard's part of the rate.
func (t *throttle) settle(s *shard) (share float64, limited bool) {
	rate, limited := s.config.Int(t.key)
	if !limited {
		t.debt = 0
		return 0, false
	}
	share = float64(rate) / float64(s.node.shards)
	t.debt = max(t.debt-share*(s.now.Mono-t.at).Seconds(), 0)
	t.at = s.now.Mono
	return share, true
}

// over tells whether to wait.
func (t *throttle) over(s *shard) bool {
	share, limited := t.settle(s)
	return limited && t.debt > share
}

// took counts bytes that were moved.
func (t *throttle) took(s *shard, bytes int) {
	if _, limited := t.settle(s); limited {
		t.debt += float64(bytes)
	}
}

// throttledLeader tells whether what a follower gets from this leader is counted.
func (r *replica) throttledLeader(follower int32) bool {
	return r.topic.config.LeaderThrottled.Has(r.key.Index, r.s.node.config.NodeID) && !r.inISR(follower)
}

// throttledFollower tells whether what this follower fetches is counted.
func (r *replica) throttledFollower() bool {
	return r.topic.config.FollowerThrottled.Has(r.key.Index, r.s.node.config.NodeID) && !r.inISR(r.s.node.config.NodeID)
}

func (r *replica) inISR(id int32) bool { return slices.Contains(r.part.State().ISR, id) }

// throttlePause is how soon a follower looks whether it may go on.
const throttlePause = 100 * time.Millisecond

// lookAgain has a fetcher look later at what was held back.
func (f *fetcher) lookAgain() {
	if !f.held {
		f.held = true
		f.s.after(throttlePause, func() {
			f.held = false
			f.wake()
		})
	}
}
