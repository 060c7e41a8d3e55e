package meta

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/mutant"
)

// loseStorage notes that a broker has come back without the storage of its
// replica, if that is so. The law is that a committed record survives while one
// member of ISR or ELR keeps its storage; so a member whose storage nobody can
// vouch for must be none.
func (s *shape) loseStorage(reg *RegisterBrokerRecord, old *Broker, lossy []env.UUID) {
	// A9 (KIP-966): the returned broker is trusted with a log that is gone.
	if mutant.On("A9") || s.kept(reg, old, lossy) {
		return
	}
	s.lost = append(s.lost, reg.BrokerID)
	at := slices.Index(s.replicas, reg.BrokerID)
	if at < len(s.dirs) && !unknownDir(s.dirs[at]) && !slices.Contains(reg.LogDirs, s.dirs[at]) {
		s.dirs = slices.Clone(s.dirs)
		s.dirs[at] = registered(reg).defaultDir() // where it begins anew
	}
}

// kept tells whether the replica's log directory is there and can be trusted. If
// it is not known which one that is, all that the broker had must be: a broker
// with several directories tells late where it put a new replica.
//
// A sole replica in a lossy directory goes on: who relaxed its flush agreed to
// that, and there is nobody who has more.
func (s *shape) kept(reg *RegisterBrokerRecord, old *Broker, lossy []env.UUID) bool {
	if len(s.replicas) == 1 {
		lossy = nil
	}
	trusted := func(dir env.UUID) bool { return slices.Contains(reg.LogDirs, dir) && !slices.Contains(lossy, dir) }
	at := slices.Index(s.replicas, reg.BrokerID)
	if at < len(s.dirs) && !unknownDir(s.dirs[at]) {
		return trusted(s.dirs[at])
	}
	return old != nil && !slices.ContainsFunc(old.LogDirs, func(dir env.UUID) bool { return !trusted(dir) })
}

// ReplicaLost decides on a broker's word that its replica of a partition cannot
// show its synced prefix: its log, when loaded, had to be cut below what was
// acknowledged. An own request; the broker serves nothing of the partition until
// it is answered. The replica leaves ISR, ELR and leadership, and comes back as a
// follower by AlterPartition.
//
// There always is a new leader epoch, even if the replica was in neither: what it
// fetched before, and an AlterPartition under way that would admit it, no longer
// counts. If it was the last that held all committed records, nobody leads until
// an unclean election (ElectLeaders, or unclean.leader.election.enable), as in
// Kafka when the last eligible replica is lost; others may still hold a part.
//
// Errors: STALE_BROKER_EPOCH, UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION,
// NOT_LEADER_OR_FOLLOWER (it has no replica); nil if it is done.
func (c *Controller) ReplicaLost(broker int32, epoch int64, topic env.UUID, partition int32) ([]Record, *kerr.Error) {
	b, t := c.image.Broker(broker), c.image.TopicByID(topic)
	switch {
	case b == nil || b.Epoch != epoch:
		return nil, kerr.StaleBrokerEpoch
	case t == nil:
		return nil, kerr.UnknownTopicID
	}
	p := t.Partition(partition)
	switch {
	case p == nil:
		return nil, kerr.UnknownTopicOrPartition
	case !slices.Contains(p.Replicas, broker):
		return nil, kerr.NotLeaderForPartition
	}
	d := c.draft()
	next := shapeOf(p)
	next.lost, next.anew = []int32{broker}, true
	d.follow(t, p, next)
	return d.records, nil
}
