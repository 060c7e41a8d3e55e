package broker

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/meta"
)

// askController passes a request on that changes metadata.
func (s *shard) askController(k *call) {
	s.ask(controllerIndex, 0, k.req.Body, func(body any) {
		resp, ok := body.(kmsg.Response)
		if !ok {
			k.end("the controller could not write the metadata log")
			return
		}
		k.reply(resp)
	})
}

// serve decides what a shard passed on. The answer is a kmsg.Response, or an
// error when the metadata log could not be written.
func (c *controller) serve(body any, done func(any)) {
	c.propose(proposal{
		decide: func() ([]meta.Record, any) { return c.decide(body) },
		done: func(resp any, err error) {
			if err != nil {
				done(err)
				return
			}
			done(resp)
		},
	})
}

func (c *controller) decide(body any) ([]meta.Record, any) {
	if resp := tooLate(body); resp != nil {
		return nil, resp
	}
	switch req := body.(type) {
	case *kmsg.CreateTopicsRequest:
		return pair(c.decisions.CreateTopics(req))
	case *kmsg.DeleteTopicsRequest:
		return pair(c.decisions.DeleteTopics(req))
	case *kmsg.CreatePartitionsRequest:
		return pair(c.decisions.CreatePartitions(req))
	case *kmsg.IncrementalAlterConfigsRequest:
		return pair(c.decisions.IncrementalAlterConfigs(req))
	case *kmsg.AlterConfigsRequest:
		return pair(c.decisions.AlterConfigs(req))
	case *kmsg.AllocateProducerIDsRequest:
		own := *req
		own.BrokerID, own.BrokerEpoch = c.node.config.NodeID, c.image.Broker(c.node.config.NodeID).Epoch
		return pair(c.decisions.AllocateProducerIDs(&own))
	}
	return c.decideCluster(body)
}

// decideCluster decides what changes where replicas and leaders are, or what the
// nodes are; listing reassignments changes nothing.
func (c *controller) decideCluster(body any) ([]meta.Record, any) {
	switch req := body.(type) {
	case *kmsg.ElectLeadersRequest:
		return pair(c.decisions.ElectLeaders(req))
	case *kmsg.AlterPartitionAssignmentsRequest:
		return pair(c.decisions.AlterPartitionReassignments(req))
	case *kmsg.ListPartitionReassignmentsRequest:
		return nil, c.decisions.ListPartitionReassignments(req)
	case *kmsg.UnregisterBrokerRequest:
		return pair(c.decisions.UnregisterBroker(req))
	case *kmsg.UpdateFeaturesRequest:
		return pair(c.decisions.UpdateFeatures(req))
	}
	return nil, kerr.UnsupportedVersion
}

func pair[R any](records []meta.Record, resp R) ([]meta.Record, any) { return records, resp }
