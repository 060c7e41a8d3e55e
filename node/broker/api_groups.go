package broker

// What a request of one group has in common with the others, whoever answers it:
// JoinGroup (key 11, versions 0 to 9), Heartbeat (12, 0 to 4), LeaveGroup (13, 0
// to 5), SyncGroup (14, 0 to 5), OffsetCommit (8, 2 to 10), OffsetDelete (47, 0),
// ConsumerGroupHeartbeat (68, 0 to 1). Each goes to the leader of the group's
// partition of __consumer_offsets, if that is this node: NOT_COORDINATOR if not,
// COORDINATOR_LOAD_IN_PROGRESS (a Heartbeat: nothing) while the log is read. What
// changes the group is answered when it is committed; when that takes longer than
// offsets.commit.timeout.ms, with COORDINATOR_NOT_AVAILABLE. A JoinGroup waits as
// long as the rebalance does, and holds up its connection.

import (
	"net/netip"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/group"
)

func (s *shard) groupAPI(k *call, id string) {
	s.askGroup(k, id, k.req.Body, func(resp kmsg.Response) { k.reply(resp) })
}

// consumerGroupAPI is of the consumer protocol (KIP-848): to those who do not have
// it the version is unknown.
func (s *shard) consumerGroupHeartbeat(k *call, req *kmsg.ConsumerGroupHeartbeatRequest) {
	if !s.knowsConsumerGroups() {
		k.reply(group.Refuse(req, kerr.UnsupportedVersion.Code))
		return
	}
	s.groupAPI(k, req.Group)
}

func (s *shard) knowsConsumerGroups() bool {
	return s.image.Feature("group.version") >= 1 && !s.groups.ClassicOnly
}

// askGroup asks the coordinator of a group, unless it is elsewhere.
func (s *shard) askGroup(k *call, id string, req kmsg.Request, done func(kmsg.Response)) {
	key, there := s.groupPartition(id)
	if !there {
		done(group.Refuse(req, kerr.NotCoordinator.Code))
		return
	}
	s.lastQuestion++
	q := groupQuestion{Key: key, ID: s.lastQuestion, Caller: k.caller(), Req: req}
	to := s.node.shardOf(key)
	k.givenUp = append(k.givenUp, func() { s.tell(to, forgotten{key, q.ID}) })
	s.askShard(to, q, func(body any) { done(body.(kmsg.Response)) })
}

// askGroups asks the coordinators of several groups, one by one; done gets the
// answers in order.
func (s *shard) askGroups(k *call, ids []string, question func(i int) kmsg.Request, done func([]kmsg.Response)) {
	answers, left := make([]kmsg.Response, len(ids)), len(ids)
	if left == 0 {
		done(nil)
	}
	for i, id := range ids {
		s.askGroup(k, id, question(i), func(resp kmsg.Response) {
			answers[i] = resp
			if left--; left == 0 {
				done(answers)
			}
		})
	}
}

// caller is who asks, as Kafka shows members.
func (k *call) caller() group.Caller {
	host := k.conn.peer
	if at, err := netip.ParseAddrPort(host); err == nil {
		host = at.Addr().Unmap().String()
	}
	return group.Caller{ClientID: k.req.ClientID, Host: "/" + host}
}
