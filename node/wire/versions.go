package wire

import (
	"cmp"
	"slices"
)

// Range is the range of versions of one API, both ends included.
type Range struct {
	Key, Min, Max int16
}

// Versions is what the ApiVersions answer of a broker's listener lists, by
// ascending key: the versions of Apache Kafka 4.4.0 for the APIs that are
// implemented here.
//
// Produce is listed from v0 although v0 to v2 are refused when used: older
// librdkafka looks for exactly these before it compresses (KAFKA-18659).
var Versions = []Range{
	{Produce, 0, 13},
	{Fetch, 4, 18},
	{ListOffsets, 1, 11},
	{Metadata, 0, 13},
	{OffsetCommit, 2, 10},
	{OffsetFetch, 1, 10},
	{FindCoordinator, 0, 6},
	{JoinGroup, 0, 9},
	{Heartbeat, 0, 4},
	{LeaveGroup, 0, 5},
	{SyncGroup, 0, 5},
	{DescribeGroups, 0, 6},
	{ListGroups, 0, 5},
	{ApiVersions, 0, 5},
	{CreateTopics, 2, 7},
	{DeleteTopics, 1, 6},
	{DeleteRecords, 0, 2},
	{InitProducerID, 0, 5},
	{OffsetForLeaderEpoch, 2, 4},
	{DescribeConfigs, 1, 4},
	{AlterConfigs, 0, 2},
	{DescribeLogDirs, 1, 5},
	{CreatePartitions, 0, 3},
	{DeleteGroups, 0, 3},
	{ElectLeaders, 0, 2},
	{IncrementalAlterConfigs, 0, 1},
	{AlterPartitionReassignments, 0, 1},
	{ListPartitionReassignments, 0, 0},
	{OffsetDelete, 0, 0},
	{DescribeQuorum, 0, 2},
	{UpdateFeatures, 0, 2},
	{DescribeCluster, 0, 2},
	{UnregisterBroker, 0, 0},
	{ConsumerGroupHeartbeat, 0, 1},
	{ConsumerGroupDescribe, 0, 1},
	{DescribeTopicPartitions, 0, 0},
	{AddRaftVoter, 0, 1},
	{RemoveRaftVoter, 0, 0},
}

// ControllerVersions is what the ApiVersions answer of a controller's listener
// lists, by ascending key: what both listeners take, and what brokers and the
// metadata quorum's administrators ask of a controller alone.
var ControllerVersions = slices.SortedFunc(slices.Values(append(
	those(ApiVersions, CreateTopics, DeleteTopics, CreatePartitions, AlterConfigs, IncrementalAlterConfigs,
		DescribeConfigs, DescribeCluster, DescribeQuorum, ElectLeaders, AlterPartitionReassignments, ListPartitionReassignments,
		UnregisterBroker, UpdateFeatures, AddRaftVoter, RemoveRaftVoter),
	Range{AlterPartition, 2, 3},
	Range{BrokerRegistration, 0, 4},
	Range{BrokerHeartbeat, 0, 2},
	Range{AllocateProducerIDs, 0, 0},
	Range{AssignReplicasToDirs, 0, 0},
)), byKey)

func byKey(a, b Range) int { return cmp.Compare(a.Key, b.Key) }

// those are some of Versions.
func those(keys ...int16) (some []Range) {
	for _, r := range Versions {
		if slices.Contains(keys, r.Key) {
			some = append(some, r)
		}
	}
	return some
}

// listener is what one listener takes, listed or not.
type listener []Range

var (
	ofBroker     = listener(Versions)
	ofController = listener(slices.Concat(ControllerVersions, ownVersions))
)

// oldestProduce is the oldest Produce that is served, whatever is advertised.
const oldestProduce = 3

// knows tells whether the key belongs to an API of this listener.
func (l listener) knows(key int16) bool {
	_, ok := l.rangeOf(key)
	return ok
}

// serves tells whether a request of this key and version is served. It is
// narrower than what is listed for Produce.
func (l listener) serves(key, version int16) bool {
	r, ok := l.rangeOf(key)
	if key == Produce && version < oldestProduce {
		return false
	}
	return ok && version >= r.Min && version <= r.Max
}

func (l listener) rangeOf(key int16) (Range, bool) {
	for _, r := range l {
		if r.Key == key {
			return r, true
		}
	}
	return Range{}, false
}
