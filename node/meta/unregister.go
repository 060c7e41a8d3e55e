package meta

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// UnregisterBroker takes a broker out of the cluster (API key 64, v0; KIP-500).
// Its replicas leave the ISR like those of a fenced one; what it holds stays
// eligible, for it may come back with it. Errors: BROKER_ID_NOT_REGISTERED.
func (c *Controller) UnregisterBroker(req *kmsg.UnregisterBrokerRequest) ([]Record, *kmsg.UnregisterBrokerResponse) {
	resp := req.ResponseKind().(*kmsg.UnregisterBrokerResponse)
	b := c.image.Broker(req.BrokerID)
	if b == nil {
		refuse(kerr.BrokerIDNotRegistered, "broker %d is not registered", req.BrokerID).fill(&resp.ErrorCode, &resp.ErrorMessage)
		return nil, resp
	}
	resp.ErrorMessage = new(string) // Kafka's is not null
	d := c.draft()
	d.addBroker(&UnregisterBrokerRecord{b.ID, b.Epoch})
	d.sweep([]int32{b.ID}, nil)
	return d.records, resp
}
