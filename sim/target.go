package sim

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/checker"
	"odradek/node/record"
)

// target is a partition that clients use.
type target struct {
	topic string
	id    [16]byte
	index int32
}

func (t target) tp() checker.TP { return checker.TP{Topic: t.topic, Partition: t.index} }

// values gives every record of a run a number of its own.
type values struct{ last uint64 }

// fresh makes n records: a number, and some padding.
func (v *values) fresh(rng *rand.Rand, n int, now int64, padding int) []record.Record {
	rs := make([]record.Record, n)
	for i := range rs {
		v.last++
		b := binary.BigEndian.AppendUint64(nil, v.last)
		rs[i] = record.Record{Timestamp: now - rng.Int64N(5000), Value: append(b, make([]byte, rng.IntN(padding+1))...)}
		if rng.IntN(2) == 0 {
			rs[i].Key = b
		}
	}
	return rs
}

// told is a record as the checker sees it.
func told(r record.Record, offset int64) checker.Record {
	value := checker.Value(0)
	if len(r.Value) >= 8 {
		value = checker.Value(binary.BigEndian.Uint64(r.Value))
	}
	return checker.Record{Offset: offset, Timestamp: r.Timestamp, Value: value}
}

// fate sorts the error codes of a produce: failed, if it was surely not
// appended; again, if asking again can help.
func fate(code int16) (failed, again bool) {
	err := kerr.ErrorForCode(code)
	switch {
	case errors.Is(err, kerr.RequestTimedOut), errors.Is(err, kerr.KafkaStorageError), errors.Is(err, kerr.NotEnoughReplicasAfterAppend),
		errors.Is(err, kerr.NotLeaderForPartition):
		return false, true // it may lie in the log all the same
	case errors.Is(err, kerr.UnknownServerError):
		return false, false
	case errors.Is(err, kerr.UnknownTopicOrPartition), errors.Is(err, kerr.UnknownTopicID), errors.Is(err, kerr.NotEnoughReplicas),
		errors.Is(err, kerr.LeaderNotAvailable):
		return true, true
	}
	return true, false
}
