package maelstrom

import (
	"errors"

	"github.com/twmb/franz-go/pkg/kerr"
)

// fate is what an answer to a Produce says of the record.
type fate int

const (
	appended fate = iota
	notYet        // this attempt has not appended it, another one may
	never         // nor will another one
	unknown       // this attempt may have appended it: the error came after the append, or may have
)

// fateOf reads the error of a Produce with acks=all, by Kafka's ProducePartition errors:
// those that its leader gives before it appends, and those that end the wait for replicas.
func fateOf(err error) fate {
	switch {
	case err == nil:
		return appended
	case one(err, kerr.UnknownTopicOrPartition, kerr.LeaderNotAvailable, kerr.NotEnoughReplicas):
		return notYet
	case one(err, kerr.OutOfOrderSequenceNumber, kerr.UnknownProducerID): // of a leader that lacks what came before
		return notYet
	case one(err, kerr.MessageTooLarge, kerr.RecordListTooLarge, kerr.CorruptMessage, kerr.InvalidRecord,
		kerr.InvalidTopicException, kerr.InvalidRequest, kerr.InvalidTimestamp, kerr.UnsupportedVersion):
		return never
	}
	return unknown
}

func one(err error, of ...*kerr.Error) bool {
	for _, e := range of {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
