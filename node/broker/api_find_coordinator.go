package broker

// FindCoordinator, key 10, versions 0 to 6. There are no groups and transactions
// yet: nobody coordinates, which clients take as a reason to ask again later.

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// lastCoordinatorType is the greatest type that exists: 0 group, 1 transaction,
// 2 share (KIP-932).
const lastCoordinatorType = 2

func (s *shard) findCoordinator(k *call, req *kmsg.FindCoordinatorRequest) {
	resp := kmsg.NewPtrFindCoordinatorResponse()
	code, text := kerr.CoordinatorNotAvailable, "there is no coordinator: groups and transactions are not served yet"
	if req.CoordinatorType >= lastCoordinatorType || req.CoordinatorType < 0 {
		code, text = kerr.InvalidRequest, "this type of coordinator is not known"
	}
	resp.ErrorCode, resp.ErrorMessage, resp.NodeID, resp.Port = code.Code, &text, -1, -1
	for _, key := range req.CoordinatorKeys {
		c := kmsg.NewFindCoordinatorResponseCoordinator()
		c.Key, c.NodeID, c.Port, c.ErrorCode = key, -1, -1, code.Code
		if req.CoordinatorType > lastCoordinatorType || req.CoordinatorType < 0 {
			c.ErrorMessage = &text
		} else {
			c.ErrorMessage = new(string)
		}
		resp.Coordinators = append(resp.Coordinators, c)
	}
	k.reply(resp)
}
