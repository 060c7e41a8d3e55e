package group

import (
	"math/rand/v2"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// Coordinator holds the groups whose ids fall to one partition of
// __consumer_offsets.
type Coordinator struct {
	config *Config
	topics Topics
	rand   *rand.Rand
	timers env.Timers[timer]

	groups  map[string]group
	offsets offsets
	live    bool // Loaded was called: what is replayed from now on is our own

	now env.Time // of the step under way
	out *Outcome // of the step under way
}

// timer is something of a group that is due at a time; values are comparable.
type timer interface{ fired(c *Coordinator) }

// New makes a coordinator that knows nothing yet. The config is read at each use:
// its owner may change what it points to between steps.
func New(config *Config, topics Topics, random *rand.Rand) *Coordinator {
	return &Coordinator{config: config, topics: topics, rand: random, groups: map[string]group{}, offsets: newOffsets()}
}

// Loaded ends the loading of the log: members have their sessions from now on.
func (c *Coordinator) Loaded(now env.Time, out *Outcome) {
	c.begin(now, out)
	c.live = true
	for _, id := range c.ids() {
		c.groups[id].loaded()
	}
	c.timers.Set(expiryTimer{}, now.Mono+c.config.OffsetsRetentionTick)
	c.timers.Set(orphanTimer{}, now.Mono)
}

// Handle takes a request. One that can name several groups (DescribeGroups,
// DeleteGroups, OffsetFetch from version 8, ConsumerGroupDescribe) names those of
// this coordinator only, any number of them, and is answered in their order;
// ListGroups is answered with the groups of this coordinator. The broker splits
// and joins. The reply may be in out, or in that of a later step; one to somebody
// who is gone is the owner's to drop: a member that waits to join is taken for
// silent only when its session ends. No byte of the request is kept.
func (c *Coordinator) Handle(now env.Time, token Token, from Caller, req kmsg.Request, out *Outcome) {
	c.begin(now, out)
	k := call{token, from}
	switch req := req.(type) {
	case *kmsg.JoinGroupRequest:
		c.join(k, req)
	case *kmsg.SyncGroupRequest:
		c.sync(k, req)
	case *kmsg.HeartbeatRequest:
		c.heartbeat(k, req)
	case *kmsg.LeaveGroupRequest:
		c.leave(k, req)
	case *kmsg.OffsetCommitRequest:
		c.commitOffsets(k, req)
	case *kmsg.OffsetFetchRequest:
		c.fetchOffsets(k, req)
	case *kmsg.OffsetDeleteRequest:
		c.deleteOffsets(k, req)
	case *kmsg.ConsumerGroupHeartbeatRequest:
		c.consumerHeartbeat(k, req)
	case *kmsg.ConsumerGroupDescribeRequest:
		c.describeConsumers(k, req)
	case *kmsg.ListGroupsRequest:
		c.list(k, req)
	case *kmsg.DescribeGroupsRequest:
		c.describe(k, req)
	case *kmsg.DeleteGroupsRequest:
		c.deleteGroups(k, req)
	default:
		c.out.reply(token, Refuse(req, kerr.UnsupportedVersion.Code)) // of a kind of group that there is not yet
	}
}

// TopicsChanged tells that the metadata has moved: topics were made, deleted or
// grew. Before Loaded nobody need be told.
func (c *Coordinator) TopicsChanged(now env.Time, out *Outcome) {
	c.begin(now, out)
	c.timers.Set(orphanTimer{}, now.Mono)
	for _, id := range c.ids() {
		c.groups[id].topicsChanged()
	}
}

// Next is when Fire has something to do; false: never.
func (c *Coordinator) Next() (at time.Duration, any bool) { return c.timers.Next() }

// Fire does what is due.
func (c *Coordinator) Fire(now env.Time, out *Outcome) {
	c.begin(now, out)
	for {
		t, due := c.timers.Pop(now.Mono)
		if !due {
			return
		}
		t.fired(c)
	}
}

func (c *Coordinator) begin(now env.Time, out *Outcome) { c.now, c.out = now, out }
