package meta

import (
	"math"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/mutant"
)

// producerBlock is how many producer ids a broker is given at a time (KIP-730).
const producerBlock = 1000

// AllocateProducerIDs gives a broker the next block of producer ids (API key
// 67, v0). A block is given once, even if its record is not replayed before the
// next is asked for, or never made it into the log: the ids of such a block are
// lost, not given again.
func (c *Controller) AllocateProducerIDs(req *kmsg.AllocateProducerIDsRequest) ([]Record, *kmsg.AllocateProducerIDsResponse) {
	resp := req.ResponseKind().(*kmsg.AllocateProducerIDsResponse)
	if b := c.image.Broker(req.BrokerID); b == nil || b.Epoch != req.BrokerEpoch {
		resp.ErrorCode = kerr.StaleBrokerEpoch.Code
		return nil, resp
	}
	start := max(c.promised, c.image.NextProducerID())
	if mutant.On("G9") { // Redpanda 14375: a failed allocation is rolled back, and its ids come again
		start = c.image.NextProducerID()
	}
	if start > math.MaxInt64-producerBlock {
		resp.ErrorCode = kerr.UnknownServerError.Code
		return nil, resp
	}
	c.promised = start + producerBlock
	resp.ProducerIDStart, resp.ProducerIDLen = start, producerBlock
	return []Record{&ProducerIdsRecord{req.BrokerID, req.BrokerEpoch, c.promised}}, resp
}
