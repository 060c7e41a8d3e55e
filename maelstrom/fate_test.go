package maelstrom

import (
	"regexp"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
)

func TestAnErrorThatMayComeAfterTheAppendLeavesItsFateOpen(t *testing.T) {
	for err, want := range map[*kerr.Error]fate{
		kerr.NotEnoughReplicas: notYet, kerr.NotEnoughReplicasAfterAppend: unknown,
		kerr.NotLeaderForPartition: unknown, kerr.RequestTimedOut: unknown, kerr.KafkaStorageError: unknown,
		kerr.UnknownTopicOrPartition: notYet, kerr.LeaderNotAvailable: notYet,
		kerr.OutOfOrderSequenceNumber: notYet, kerr.DuplicateSequenceNumber: unknown, kerr.UnknownServerError: unknown,
		kerr.MessageTooLarge: never, kerr.InvalidRecord: never,
	} {
		if got := fateOf(err); got != want {
			t.Errorf("%v: %d", err, got)
		}
	}
	if fateOf(nil) != appended {
		t.Error("no error is an error")
	}
}

// legal are the names that a topic of Kafka can have.
var legal = regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)

func TestEveryKeyHasATopicOfItsOwnThatKafkaCanHave(t *testing.T) {
	seen := map[string]string{}
	for _, key := range []string{"", "1", "a.b", "a_b", "ä", "key.1", "..", string(make([]byte, 300)), "digest.1"} {
		topic := topicOf(key)
		if was, twice := seen[topic]; twice || len(topic) > 249 || !legal.MatchString(topic) {
			t.Errorf("%q is kept in %q, as is %q", key, topic, was)
		}
		seen[topic] = key
	}
}
