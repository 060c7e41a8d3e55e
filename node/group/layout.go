package group

import (
	"encoding/binary"
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// The records of __consumer_offsets, in Kafka's schemas. A key begins with a
// number that names its kind (kmsg's Version), a value with its version:
//
//	key    | int16 kind | group | ...    0, 1: OffsetCommit (topic, partition)
//	                                     2: GroupMetadata
//	                                     3..8, 16: of consumer groups
//	value  | int16 version | ...         none: a tombstone
//
// Other kinds belong to later versions (share and streams groups).
const (
	keyOffsetV0 = 0
	keyOffset   = 1
	keyClassic  = 2

	offsetExpiryVersion = 1 // with an expiry of its own: OffsetCommit v2..v4 said how long it is kept
	offsetVersion       = 4 // flexible, with the leader's epoch (from 3 on) and the topic's id
	classicVersion      = 3 // static members, and since when it is in its state

	noLeaderEpoch = -1
	noExpiry      = -1 // milliseconds
	noTime        = -1 // milliseconds
)

// keyKind is the number that a key begins with.
func keyKind(key []byte) (int16, error) {
	if len(key) < 2 {
		return 0, fmt.Errorf("a key of %d bytes is none of a coordinator's", len(key))
	}
	return int16(binary.BigEndian.Uint16(key)), nil
}

func offsetKey(group string, at place) []byte {
	k := kmsg.OffsetCommitKey{Version: keyOffset, Group: group, Topic: at.topic, Partition: at.partition}
	return k.AppendTo(nil)
}

func classicKey(group string) []byte {
	k := kmsg.GroupMetadataKey{Version: keyClassic, Group: group}
	return k.AppendTo(nil)
}
