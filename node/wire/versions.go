package wire

// Range is the range of versions of one API, both ends included.
type Range struct {
	Key, Min, Max int16
}

// Versions is what the ApiVersions answer lists, by ascending key: the versions
// of Apache Kafka 4.4.0 for the APIs that are implemented here.
//
// Produce is listed from v0 although v0 to v2 are refused when used: older
// librdkafka looks for exactly these before it compresses (KAFKA-18659).
var Versions = []Range{
	{Produce, 0, 13},
	{Fetch, 4, 18},
	{ListOffsets, 1, 11},
	{Metadata, 0, 13},
	{FindCoordinator, 0, 6},
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
	{IncrementalAlterConfigs, 0, 1},
	{DescribeCluster, 0, 2},
	{DescribeTopicPartitions, 0, 0},
}

// oldestProduce is the oldest Produce that is served, whatever is advertised.
const oldestProduce = 3

// Known tells whether the key belongs to an API in Versions.
func Known(key int16) bool {
	_, ok := rangeOf(key)
	return ok
}

// Supported tells whether a request of this key and version is served. It is
// narrower than Versions for Produce.
func Supported(key, version int16) bool {
	r, ok := rangeOf(key)
	if key == Produce && version < oldestProduce {
		return false
	}
	return ok && version >= r.Min && version <= r.Max
}

func rangeOf(key int16) (Range, bool) {
	for _, r := range Versions {
		if r.Key == key {
			return r, true
		}
	}
	return Range{}, false
}
