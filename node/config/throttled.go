package config

import (
	"slices"
	"strconv"
)

// Throttled is a list of replicas, as partition:broker, or * for all of a topic
// (KIP-73: leader.replication.throttled.replicas and follower...).
type Throttled []string

// Has tells whether the replica of a partition on a broker is among them.
func (t Throttled) Has(partition, broker int32) bool {
	if len(t) == 0 {
		return false
	}
	return t[0] == "*" || slices.Contains(t, strconv.Itoa(int(partition))+":"+strconv.Itoa(int(broker)))
}
