package group

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// group is what all kinds of group have in common. Which kind a group has, its
// records tell: GroupMetadata makes a classic one, ConsumerGroupMetadata a
// consumer group. Errors are Kafka's; nil is none.
type group interface {
	kind() string         // as ListGroups tells it: "classic", "consumer"
	protocolType() string // "consumer", or whatever the members of a classic group say; "" of none
	state() string        // Kafka's name, such as "PreparingRebalance"
	size() int            // members

	// The classic protocol: any kind may have members that speak it.
	join(k call, req *kmsg.JoinGroupRequest)
	sync(k call, req *kmsg.SyncGroupRequest)
	heartbeat(k call, req *kmsg.HeartbeatRequest)
	// leave takes members out, and tells the error of each row.
	leave(members []kmsg.LeaveGroupRequestMember) []*kerr.Error

	// mayCommit and mayFetch tell whether who asks may commit and fetch offsets; a
	// commit may be allowed for some partitions only (nil: for all). A member's
	// session goes on from a commit that it may make (committed).
	mayCommit(who committer) (of commitCheck, err *kerr.Error)
	committed(who committer)
	mayFetch(member *string, epoch int32) *kerr.Error
	// subscribed tells whether members consume the topic: its offsets stay.
	subscribed(topic string) bool
	// mayLoseOffsets and mayBeDeleted tell whether OffsetDelete and DeleteGroups
	// may be served.
	mayLoseOffsets() *kerr.Error
	mayBeDeleted() *kerr.Error
	// expiry tells since when (in ms) an offset is of no use to the group, and
	// whether it is at all; the group's retention begins there.
	expiry(o offset) (since int64, useless bool)
	// removable tells whether a group without offsets is deleted by itself.
	removable() bool
	// tombstones end all of the group's own records.
	tombstones() []Record

	// loaded begins the sessions of the members; unloaded ends all timers, when
	// the group goes; topicsChanged looks anew at the topics.
	loaded()
	unloaded()
	topicsChanged()
}

// call is one request under way: whom to answer, and who asks.
type call struct {
	token Token
	from  Caller
}

// committer is who commits offsets. Generation is the classic generation, or the
// epoch of a consumer group's member; below zero with no Member it is nobody's.
type committer struct {
	Member     string
	Instance   *string
	Generation int32
	Version    int16 // of OffsetCommit
}

// commitCheck tells whether offsets of one partition may be committed.
type commitCheck func(topic env.UUID, partition int32) *kerr.Error

// ids are all groups' ids, sorted.
func (c *Coordinator) ids() []string { return slices.Sorted(maps.Keys(c.groups)) }
