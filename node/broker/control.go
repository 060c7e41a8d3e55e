package broker

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/meta"
	"odradek/node/wire"
)

// askController passes a request on that changes metadata.
func (s *shard) askController(k *call) {
	req, merge := s.ownConfigs(k.req.Body)
	s.ask(controllerIndex, 0, req, func(body any) {
		resp, ok := body.(kmsg.Response)
		if !ok {
			k.end("the controller could not write the metadata log")
			return
		}
		merge(resp)
		k.reply(resp)
	})
}

// serve answers what a shard passed on: by a kmsg.Response, or an error when
// nobody could decide, or it is not known whether it was done.
func (c *controller) serve(body any, done func(any)) {
	req, ok := body.(kmsg.Request)
	if !ok {
		done(kerr.UnsupportedVersion)
		return
	}
	req = c.signed(req)
	if resp := tooLate(req); resp != nil {
		done(resp)
		return
	}
	c.forward(req, func(resp kmsg.Response, err error) {
		if err != nil {
			done(err)
			return
		}
		done(resp)
	})
}

// signed puts this broker's epoch into what it asks in its own name.
func (c *controller) signed(req kmsg.Request) kmsg.Request {
	switch req := req.(type) {
	case *kmsg.AllocateProducerIDsRequest:
		own := *req
		own.BrokerID, own.BrokerEpoch = c.node.config.NodeID, c.life.epoch
		return &own
	case *kmsg.AlterPartitionRequest:
		own := *req
		own.BrokerID, own.BrokerEpoch = c.node.config.NodeID, c.life.epoch
		return &own
	case *wire.ReplicaLostRequest:
		own := *req
		own.BrokerID, own.BrokerEpoch = c.node.config.NodeID, c.life.epoch
		return &own
	}
	return req
}

// decideHere lets the active controller, which is this node, decide.
func (c *controller) decideHere(req kmsg.Request, done func(kmsg.Response, error)) {
	if c.changeVoters(req, done) {
		return
	}
	if q, ok := req.(*kmsg.DescribeQuorumRequest); ok { // it does not wait for its turn
		done(c.describeQuorum(q), nil)
		return
	}
	c.active.propose(proposal{
		decide: func() ([]meta.Record, any) { return c.decide(req) },
		done: func(resp any, err error) {
			if err != nil {
				done(nil, err)
				return
			}
			done(resp.(kmsg.Response), nil)
		},
	})
}

// decide is one decision on the image.
func (c *controller) decide(body kmsg.Request) ([]meta.Record, any) {
	d := c.decisions
	switch req := body.(type) {
	case *kmsg.CreateTopicsRequest:
		return pair(d.CreateTopics(req))
	case *kmsg.DeleteTopicsRequest:
		return pair(d.DeleteTopics(req))
	case *kmsg.CreatePartitionsRequest:
		return pair(d.CreatePartitions(req))
	case *kmsg.IncrementalAlterConfigsRequest:
		return pair(d.IncrementalAlterConfigs(req))
	case *kmsg.AlterConfigsRequest:
		return pair(d.AlterConfigs(req))
	case *kmsg.AllocateProducerIDsRequest:
		return pair(d.AllocateProducerIDs(req))
	case *kmsg.ElectLeadersRequest:
		return pair(d.ElectLeaders(req))
	case *kmsg.AlterPartitionAssignmentsRequest:
		return pair(d.AlterPartitionReassignments(req))
	case *kmsg.ListPartitionReassignmentsRequest:
		return nil, d.ListPartitionReassignments(req)
	case *kmsg.UnregisterBrokerRequest:
		return pair(d.UnregisterBroker(req))
	case *kmsg.UpdateFeaturesRequest:
		return pair(d.UpdateFeatures(req))
	}
	return c.decideForBroker(body)
}

// decideForBroker is what brokers ask in their own name.
func (c *controller) decideForBroker(body kmsg.Request) ([]meta.Record, any) {
	d := c.decisions
	switch req := body.(type) {
	case *kmsg.BrokerRegistrationRequest:
		if c.alone() && req.BrokerID == c.node.config.NodeID {
			return pair(d.RegisterAlone(req, c.quorum.NextOffset(), lossyIn(req)))
		}
		return pair(d.RegisterBroker(c.now.Mono, req, c.quorum.NextOffset(), lossyIn(req)))
	case *kmsg.BrokerHeartbeatRequest:
		return pair(d.BrokerHeartbeat(c.now.Mono, req))
	case *kmsg.AlterPartitionRequest:
		return pair(d.AlterPartition(req))
	case *kmsg.AssignReplicasToDirsRequest:
		return pair(d.AssignReplicasToDirs(req))
	case *wire.ReplicaLostRequest:
		records, err := d.ReplicaLost(req.BrokerID, req.BrokerEpoch, req.TopicID, req.Partition)
		resp := &wire.ReplicaLostResponse{}
		if err != nil {
			resp.ErrorCode = err.Code
		}
		return records, resp
	}
	return nil, refused(body, kerr.UnsupportedVersion.Code)
}

func pair[R any](records []meta.Record, resp R) ([]meta.Record, any) { return records, resp }

// alone tells whether this node is the whole quorum.
func (c *controller) alone() bool {
	if c.node.config.Dynamic() {
		v := c.named()
		return len(v) == 1 && c.isMe(v[0])
	}
	v := c.node.config.Voters
	return len(v) == 0 || len(v) == 1 && v[0].ID == c.node.config.NodeID
}
