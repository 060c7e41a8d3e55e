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
	owed   owed       // what was cut off and has to come first
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
	return &producer{epoch: record.NoProducerEpoch, time: record.NoTimestamp, txn: txnState{-1, -1}}
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
	case p.owed.set && epoch == p.owed.epoch:
		if first != p.owed.first {
			return refuse(kerr.OutOfOrderSequenceNumber, "producer %d sent sequence %d before %d again", id, first, p.owed.first)
		}
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
	p.time, p.owed = a.time, owed{}
}

func (p *producer) renew(epoch int16) {
	if p.epoch != epoch {
		p.epoch, p.window = epoch, p.window[:0]
	}
}

// lastSeq is -1 when nothing of the epoch was appended: 0 is to come then.
func (p *producer) lastSeq() int32 {
	if len(p.window) == 0 {
		return record.NoSequence
	}
	return p.window[len(p.window)-1].lastSeq
}

// owed is the first batch that was cut off a log that its producer may send
// again. It is kept in memory alone: no snapshot tells of it.
type owed struct {
	set   bool
	epoch int16
	first int32 // sequence
}

// owes tells what a cut at an offset takes from the producer, now or before.
func (p *producer) owes(end int64) owed {
	for _, a := range p.window {
		if a.last >= end {
			return owed{true, p.epoch, a.firstSeq}
		}
	}
	return p.owed
}

func (p *producer) lastOffset() int64 {
	if len(p.window) == 0 {
		return -1
	}
	return p.window[len(p.window)-1].last
}
