package broker

// InitProducerId, key 22, versions 0 to 5, without a transactional id: ids come
// from blocks that the controller gives to each shard (KIP-730). A transactional
// id has no coordinator yet.

import (
	"math"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// producerIDs are what is left of a shard's block, and who waits for the next.
type producerIDs struct {
	next, end int64
	waiting   []*call
}

// longestTransaction is transaction.max.timeout.ms's default.
const longestTransaction = 900_000

func (s *shard) initProducerID(k *call, req *kmsg.InitProducerIDRequest) {
	resp := kmsg.NewPtrInitProducerIDResponse()
	resp.ProducerID, resp.ProducerEpoch = -1, -1
	switch {
	case (req.ProducerID == -1) != (req.ProducerEpoch == -1), req.TransactionalID != nil && *req.TransactionalID == "":
		resp.ErrorCode = kerr.InvalidRequest.Code
	case req.TransactionalID != nil && (req.TransactionTimeoutMillis <= 0 || req.TransactionTimeoutMillis > longestTransaction):
		resp.ErrorCode = kerr.InvalidTransactionTimeout.Code
	case req.TransactionalID != nil:
		resp.ErrorCode = kerr.NotCoordinator.Code
	default:
		s.giveProducerID(k)
		return
	}
	k.reply(resp)
}

func (s *shard) giveProducerID(k *call) {
	p := &s.producers
	if p.next < p.end {
		p.next++
		k.replyProducerID(p.next-1, 0)
		return
	}
	p.waiting = append(p.waiting, k)
	if len(p.waiting) == 1 {
		s.ask(controllerIndex, 0, kmsg.NewPtrAllocateProducerIDsRequest(), s.takeBlock)
	}
}

func (s *shard) takeBlock(body any) {
	p := &s.producers
	waiting := p.waiting
	p.waiting = nil
	block, ok := body.(*kmsg.AllocateProducerIDsResponse)
	if ok && block.ErrorCode == 0 && block.ProducerIDStart <= math.MaxInt64-int64(block.ProducerIDLen) {
		p.next, p.end = block.ProducerIDStart, block.ProducerIDStart+int64(block.ProducerIDLen)
		for _, k := range waiting {
			s.giveProducerID(k)
		}
		return
	}
	for _, k := range waiting {
		k.replyProducerID(-1, kerr.CoordinatorLoadInProgress.Code) // the client asks again
	}
}

func (k *call) replyProducerID(id int64, code int16) {
	resp := kmsg.NewPtrInitProducerIDResponse()
	resp.ProducerID, resp.ErrorCode = id, code
	if id < 0 {
		resp.ProducerEpoch = -1
	}
	k.reply(resp)
}
