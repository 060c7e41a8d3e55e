package storage

import (
	"maps"
	"slices"

	"odradek/node/record"
)

// Producers is the state of the idempotent producers of one log (Kafka's
// ProducerStateManager): of each id the epoch and the last batches. Leaders
// judge by it what comes, followers and recovery only keep it up to date:
//
//	Check(batch)  known? -> Duplicate      gap, old epoch -> Refusal      else go on
//	Update(batch) once it has its offset in the log
//
// It survives retention and DeleteRecords: a producer whose records are gone is
// known until it expires (KIP-360).
type Producers struct{ byID map[int64]*producer }

// Verdict tells whether a batch lies in the log already, and if so where:
// its first and last offset, and its largest timestamp in ms.
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

// Check judges a batch that a client wants appended (Kafka's ProducerAppendInfo)
// and changes nothing. Errors are a *record.Refusal: INVALID_PRODUCER_EPOCH for
// a fenced producer, OUT_OF_ORDER_SEQUENCE_NUMBER for a gap. A producer that is
// not known may begin with any sequence number.
func (p *Producers) Check(b record.Batch) (Verdict, error) {
	if !b.HasProducerID() {
		return Verdict{}, nil
	}
	known := p.byID[b.ProducerID()]
	if known == nil {
		return Verdict{}, nil
	}
	if old, found := known.find(b); found {
		return Verdict{true, old.last - int64(old.delta), old.last, old.time}, nil
	}
	return Verdict{}, known.follows(b)
}

// Update takes a batch into account that now lies in the log; its header is
// enough. What was checked when a leader took it is not checked again. Control
// batches have no sequence numbers and change nothing.
func (p *Producers) Update(b record.Batch) {
	if !b.HasProducerID() || b.IsControl() {
		return
	}
	p.of(b.ProducerID()).add(b.ProducerEpoch(), appended{
		firstSeq: b.BaseSequence(),
		lastSeq:  b.LastSequence(),
		delta:    b.LastOffsetDelta(),
		last:     b.LastOffset(),
		time:     b.MaxTimestamp(),
	})
}

// Recall keeps of a log that was cut at end what the cut batches said of their
// producers: which sequence number has to come next. Else a later batch that was
// under way already would be taken first, as that of a producer not known.
func (p *Producers) Recall(uncut *Producers, end int64) {
	for _, id := range slices.Sorted(maps.Keys(uncut.byID)) {
		if o := uncut.byID[id].owes(end); o.set {
			x := p.of(id)
			x.owed, x.time = o, max(x.time, uncut.byID[id].time)
		}
	}
}

func (p *Producers) of(id int64) *producer {
	known := p.byID[id]
	if known == nil {
		known = newProducer()
		p.byID[id] = known
	}
	return known
}

// Expire forgets producers that appended nothing for expiration ms
// (producer.id.expiration.ms) and have no transaction open. now is in ms.
func (p *Producers) Expire(now, expiration int64) {
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		if x := p.byID[id]; x.txn.firstOffset < 0 && now-x.time >= expiration {
			delete(p.byID, id)
		}
	}
}

// DropBefore forgets producers whose last batch lies below an offset: the wrong
// of D5 (KAFKA-7190), state that goes with the records. A right log never does.
func (p *Producers) DropBefore(offset int64) {
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		if p.byID[id].lastOffset() < offset {
			delete(p.byID, id)
		}
	}
}
