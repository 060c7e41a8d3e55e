package storage

import (
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/mutant"
	"odradek/node/record"
)

// windowSize is how many batches of a producer are remembered: as many as an
// idempotent client has in flight at most (KAFKA-5494).
const windowSize = 5

// producer is what a log knows of one producer id (Kafka's ProducerStateEntry).
type producer struct {
	epoch  int16
	window []appended // of this epoch, oldest first; the last one says what is to come next
	before int32      // the sequence number before the next one, while window is empty
	time   int64      // ms, of the last append
	txn    txnState
}

// appended is a batch that lies in the log.
type appended struct {
	firstSeq, lastSeq int32
	delta             int32 // of its last offset from its first
	last              int64 // its last offset
	time              int64 // ms, its largest timestamp
}

// txnState is what a snapshot holds of transactions.
type txnState struct {
	coordinatorEpoch int32 // of the last marker, or -1
	firstOffset      int64 // of the open transaction, or -1
}

func newProducer() *producer {
	return &producer{epoch: record.NoProducerEpoch, before: record.NoSequence, time: record.NoTimestamp, txn: txnState{-1, -1}}
}

// find looks for a batch among those remembered: a duplicate has exactly the
// sequence numbers of one of them.
func (p *producer) find(b record.Batch) (appended, bool) {
	if b.ProducerEpoch() != p.epoch || mutant.On("D1") { // D1 (Redpanda 3039): nothing is remembered, a retry is a gap
		return appended{}, false
	}
	for _, a := range p.window {
		if a.firstSeq == b.BaseSequence() && a.lastSeq == b.LastSequence() {
			return a, true
		}
	}
	return appended{}, false
}

// follows tells whether a batch is what has to come next.
func (p *producer) follows(b record.Batch) error {
	id, epoch, first := b.ProducerID(), b.ProducerEpoch(), b.BaseSequence()
	switch {
	case epoch < p.epoch:
		return refuse(kerr.InvalidProducerEpoch, "producer %d has epoch %d, older than %d", id, epoch, p.epoch)
	case epoch > p.epoch && first != 0:
		return refuse(kerr.OutOfOrderSequenceNumber, "producer %d begins epoch %d with sequence %d", id, epoch, first)
	case epoch == p.epoch && first != record.NextSequence(p.lastSeq(), 1):
		return refuse(kerr.OutOfOrderSequenceNumber, "producer %d sent sequence %d after %d", id, first, p.lastSeq())
	}
	return nil
}

func refuse(code *kerr.Error, format string, args ...any) error {
	return &record.Refusal{Code: code.Code, Message: fmt.Sprintf(format, args...)}
}

// add makes a batch the last one. Those of another epoch are forgotten.
func (p *producer) add(epoch int16, a appended) {
	p.renew(epoch)
	if len(p.window) == windowSize {
		p.window = slices.Delete(p.window, 0, 1)
	}
	p.window = append(p.window, a)
	p.time = a.time
}

func (p *producer) renew(epoch int16) {
	if p.epoch != epoch {
		p.epoch, p.window, p.before = epoch, p.window[:0], record.NoSequence
	}
}

// lastSeq is -1 when nothing of the epoch was appended: 0 is to come then, or
// what was cut off.
func (p *producer) lastSeq() int32 {
	if len(p.window) == 0 {
		return p.before
	}
	return p.window[len(p.window)-1].lastSeq
}

// cutAt is the sequence number before the first batch that a cut at an offset
// takes from a producer, if it takes any, now or before.
func (p *producer) cutAt(end int64) (before int32, cut bool) {
	for _, a := range p.window {
		if a.last >= end {
			return a.firstSeq - 1, true
		}
	}
	return p.before, len(p.window) == 0
}

func (p *producer) lastOffset() int64 {
	if len(p.window) == 0 {
		return -1
	}
	return p.window[len(p.window)-1].last
}
