package broker

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Reassignments (KIP-455) bring replicas and take them away:
//
//	change record -> assigned here, no replica    -> addReplica: empty, it follows
//	              -> a replica, not assigned here -> remove: its directory is deleted
//
// One that comes back while its directory is being deleted waits for that, or it
// would find the log of before and lose it under its hands.

// rehouse makes the replica of a partition be here if it should, and only then. It
// tells how many calls of done are to come.
func (s *shard) rehouse(key partitionKey, done func()) (pending int) {
	t := s.image.TopicByID(key.Topic)
	if t == nil || s.node.shardOf(key) != s.index {
		return 0
	}
	r := s.replicas[key]
	if slices.Contains(t.Partition(key.Index).Replicas, s.node.config.NodeID) {
		s.addReplica(t, key.Index)
		return 0
	}
	if r == nil {
		return 0
	}
	s.leaving[key] = true
	s.remove(r, kerr.NotLeaderForPartition, func() {
		delete(s.leaving, key)
		if t := s.image.TopicByID(key.Topic); t != nil && !s.stopping {
			s.addReplica(t, key.Index)
		}
		done()
	})
	return 1
}
