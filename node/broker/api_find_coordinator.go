package broker

// FindCoordinator, key 10, versions 0 to 6; several keys from 4 on. The
// coordinator of a group leads its partition of __consumer_offsets, which is made
// when it is first asked for: COORDINATOR_NOT_AVAILABLE until it has a leader that
// the client can reach. There are no transactions yet: nobody coordinates them.

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Types of coordinator; share coordinators (KIP-932) there are none.
const (
	groupCoordinator       = 0
	transactionCoordinator = 1
	shareCoordinator       = 2
)

func (s *shard) findCoordinator(k *call, req *kmsg.FindCoordinatorRequest) {
	resp := kmsg.NewPtrFindCoordinatorResponse()
	keys := req.CoordinatorKeys
	if req.Version < 4 {
		keys = []string{req.CoordinatorKey}
	}
	for _, key := range keys {
		resp.Coordinators = append(resp.Coordinators, s.coordinatorOf(k, req, key))
	}
	if req.Version < 4 {
		c := resp.Coordinators[0]
		resp.ErrorCode, resp.NodeID, resp.Host, resp.Port = c.ErrorCode, c.NodeID, c.Host, c.Port
		text := "NONE"
		if err := kerr.TypedErrorForCode(c.ErrorCode); err != nil {
			text = err.Description
		}
		resp.ErrorMessage = &text
	}
	k.reply(resp)
}

func (s *shard) coordinatorOf(k *call, req *kmsg.FindCoordinatorRequest, key string) kmsg.FindCoordinatorResponseCoordinator {
	c := kmsg.NewFindCoordinatorResponseCoordinator()
	c.Key, c.NodeID, c.Port, c.ErrorMessage = key, -1, -1, new(string)
	switch req.CoordinatorType {
	case groupCoordinator:
		s.findGroupCoordinator(k, &c)
	case transactionCoordinator:
		c.ErrorCode = kerr.CoordinatorNotAvailable.Code
	case shareCoordinator:
		c.ErrorCode = kerr.InvalidRequest.Code
	default:
		text := "this type of coordinator is not known"
		c.ErrorCode, c.ErrorMessage = kerr.InvalidRequest.Code, &text
	}
	return c
}

func (s *shard) findGroupCoordinator(k *call, c *kmsg.FindCoordinatorResponseCoordinator) {
	c.ErrorCode = kerr.CoordinatorNotAvailable.Code
	key, there := s.groupPartition(c.Key)
	if !there {
		s.makeOffsetsTopic()
		return
	}
	if _, b, at := s.leaderOf(s.image.TopicByID(key.Topic), key.Index, k.conn.listener); b != nil {
		c.ErrorCode, c.NodeID, c.Host, c.Port = 0, b.ID, at.Host, int32(at.Port)
	}
}
