package storage

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/mutant"
	"odradek/node/record"
)

// windowSize is how many batches of a producer are remembered, as many as an
// idempotent client has in flight at most (KAFKA-5494).
const windowSize = 5

// Producers is the state of the idempotent producers of one log (Kafka's
// ProducerStateManager): for each id its epoch and its last batches. It
// survives retention and DeleteRecords.
type Producers struct{ byID map[int64]*producer }

type producer struct {
	epoch  int16
	window []appended // oldest first; the last one decides what comes next
	time   int64      // of the last batch, ms
	txn    txnState
}

// appended is a batch that lies in the log.
type appended struct {
	firstSeq, lastSeq int32
	delta             int32 // of its last offset from its first
	last              int64
	time              int64 // largest timestamp, ms
}

// txnState is what a snapshot holds of transactions.
type txnState struct {
	coordinatorEpoch int32
	firstOffset      int64 // of the open transaction, or -1
}

// Verdict tells whether a batch lies in the log already, and where.
type Verdict struct {
	Duplicate              bool
	BaseOffset, LastOffset int64
	Timestamp              int64
}

// NewProducers makes an empty state.
func NewProducers() *Producers { return &Producers{byID: map[int64]*producer{}} }

// Len is the number of producers known.
func (p *Producers) Len() int { return len(p.byID) }

// Reset forgets all producers.
func (p *Producers) Reset() { clear(p.byID) }

// Check judges a batch that is about to be appended (Kafka's
// ProducerAppendInfo). Errors are *record.Refusal: INVALID_PRODUCER_EPOCH for a
// fenced producer, OUT_OF_ORDER_SEQUENCE_NUMBER for a gap.
func (p *Producers) Check(b record.Batch) (Verdict, error) {
	if !b.HasProducerID() {
		return Verdict{}, nil
	}
	known := p.byID[b.ProducerID()]
	if known == nil {
		return Verdict{}, nil
	}
	if b.ProducerEpoch() == known.epoch {
		if d, found := known.find(b); found {
			return Verdict{true, d.last - int64(d.delta), d.last, d.time}, nil
		}
	}
	return Verdict{}, known.follows(b)
}

func (p *producer) find(b record.Batch) (appended, bool) {
	// D1 (Redpanda 3039): only the very last batch is remembered.
	from := 0
	if mutant.On("D1") {
		from = len(p.window) - 1
	}
	for _, a := range p.window[max(from, 0):] {
		if a.firstSeq == b.BaseSequence() && a.lastSeq == b.LastSequence() {
			return a, true
		}
	}
	return appended{}, false
}

func (p *producer) follows(b record.Batch) error {
	first := b.BaseSequence()
	switch {
	case b.ProducerEpoch() < p.epoch:
		return refuse(kerr.InvalidProducerEpoch, "producer %d has epoch %d, older than %d", b.ProducerID(), b.ProducerEpoch(), p.epoch)
	case b.ProducerEpoch() > p.epoch:
		if first != 0 && p.epoch != record.NoProducerEpoch {
			return refuse(kerr.OutOfOrderSequenceNumber, "producer %d begins epoch %d with sequence %d", b.ProducerID(), b.ProducerEpoch(), first)
		}
	case len(p.window) > 0 && !inSequence(p.window[len(p.window)-1].lastSeq, first):
		return refuse(kerr.OutOfOrderSequenceNumber, "producer %d sent sequence %d after %d", b.ProducerID(), first, p.window[len(p.window)-1].lastSeq)
	}
	return nil
}

func inSequence(last, next int32) bool {
	return next == record.NextSequence(last, 1) || next == 0 && last == math.MaxInt32
}

func refuse(code *kerr.Error, format string, args ...any) error {
	return &record.Refusal{Code: code.Code, Message: fmt.Sprintf(format, args...)}
}

// Update takes a batch into account that now lies in the log.
func (p *Producers) Update(b record.Batch) {
	if !b.HasProducerID() || b.IsControl() {
		return
	}
	known := p.byID[b.ProducerID()]
	if known == nil {
		known = &producer{epoch: b.ProducerEpoch(), txn: txnState{-1, -1}}
		p.byID[b.ProducerID()] = known
	}
	if known.epoch != b.ProducerEpoch() {
		known.epoch, known.window = b.ProducerEpoch(), nil
	}
	known.time = b.MaxTimestamp()
	if len(known.window) == windowSize {
		known.window = slices.Delete(known.window, 0, 1)
	}
	known.window = append(known.window, appended{
		b.BaseSequence(), b.LastSequence(), b.LastOffsetDelta(), b.LastOffset(), b.MaxTimestamp()})
}

// Expire forgets producers that wrote nothing for expiration ms.
func (p *Producers) Expire(now, expiration int64) {
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		if x := p.byID[id]; x.txn.firstOffset < 0 && now-x.time >= expiration {
			delete(p.byID, id)
		}
	}
}

// DropBefore forgets producers whose last batch lies below an offset. The right
// log never calls it: D5 (KAFKA-7190) drops the state with the records.
func (p *Producers) DropBefore(offset int64) {
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		if w := p.byID[id].window; len(w) > 0 && w[len(w)-1].last < offset {
			delete(p.byID, id)
		}
	}
}
