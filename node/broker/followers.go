package broker

import (
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/quorum"
	"odradek/node/wire"
)

// follower is a node without a vote, as the controller knows it that it pulls from.
type follower struct {
	dir    env.UUID
	from   int64 // it has all below
	last   env.Time
	caught int64 // when it last had all that is committed; wall clock, ms; -1
}

const (
	followerMemory = 5 * time.Minute // how long DescribeQuorum tells of one: Kafka's LeaderState
	followerNear   = 5 * time.Second // who pulled so lately is there
)

// noteFollower takes a pull for news of who asks.
func (c *controller) noteFollower(req *wire.MetadataPullRequest) {
	if c.followers == nil {
		c.followers = map[int32]*follower{}
	}
	f := c.followers[req.NodeID]
	if f == nil || f.dir != req.DirectoryID {
		f = &follower{dir: req.DirectoryID, caught: -1}
		c.followers[req.NodeID] = f
	}
	f.from, f.last = req.FromOffset, c.now
	if f.from >= c.quorum.Describe(c.now).HighWatermark {
		f.caught = c.now.Wall
	}
}

// observers are DescribeQuorum's: those that were heard of lately and do not vote.
func (c *controller) observers() (all []kmsg.DescribeQuorumResponseTopicPartitionReplicaState) {
	for _, id := range slices.Sorted(maps.Keys(c.followers)) {
		f := c.followers[id]
		v := quorum.Voter{ID: id, Dir: f.dir}
		if c.now.Mono-f.last.Mono > followerMemory || c.votes(sameVoter(v)) {
			delete(c.followers, id)
			continue
		}
		all = append(all, quorumReplica(quorum.Replica{Voter: v, LogEnd: f.from, LastFetch: f.last.Wall, LastCaught: f.caught}))
	}
	return all
}

// follows tells whether a node is there, and has all that was committed when it
// last asked: as a voter it would not hold the others up.
func (c *controller) follows(v quorum.Voter) bool {
	f := c.followers[v.ID]
	return f != nil && f.dir == v.Dir && f.caught == f.last.Wall && c.now.Mono-f.last.Mono <= followerNear
}
