package partition

import (
	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// Appended says where a batch lies.
type Appended struct {
	Base, Last int64
	AppendTime int64 // log append time, ms, or -1; of a duplicate, as in Kafka, the largest timestamp
	Duplicate  bool
}

// Append puts a validated batch at the end of the log, or finds that it lies
// there already. Errors are *record.Refusal or *kerr.Error.
func (p *Partition) Append(now env.Time, v *record.Validated, acks int16, out *env.Outbox) (Appended, error) {
	if err := p.Admits(acks); err != nil {
		return Appended{}, err
	}
	verdict, err := p.log.Producers().Check(v.Batch)
	if err != nil {
		return Appended{}, err
	}
	if verdict.Duplicate {
		return Appended{Base: verdict.BaseOffset, Last: verdict.LastOffset, AppendTime: verdict.Timestamp, Duplicate: true}, nil
	}
	base, err := p.log.Append(now, v, p.state.LeaderEpoch, out)
	if err != nil {
		return Appended{}, kerr.KafkaStorageError
	}
	return Appended{Base: base, Last: base + int64(v.Count) - 1, AppendTime: v.Append}, nil
}

// Admits tells why nothing can be appended now, or nil: a *kerr.Error.
func (p *Partition) Admits(acks int16) error {
	switch {
	case p.failure != nil:
		return kerr.KafkaStorageError
	case !p.Leads():
		return kerr.NotLeaderForPartition
	case acks == AcksAll && p.short():
		return kerr.NotEnoughReplicas
	case p.log.Appendable() != nil: // before the producers are asked: they may know what is about to go
		return kerr.KafkaStorageError
	}
	return nil
}

// short tells whether the ISR, as committed, is below min.insync.replicas.
func (p *Partition) short() bool {
	n := len(p.state.ISR)
	if mutant.On("A32") && p.leading.pending != nil && p.leading.pending.joins >= 0 { // KAFKA-15583: a pending member counts
		n++
	}
	return n < p.state.MinISR
}

// shortage is what a producer is told whose records are committed by fewer than
// it was promised.
func (p *Partition) shortage() error {
	if p.short() {
		return kerr.NotEnoughReplicasAfterAppend
	}
	return nil
}
