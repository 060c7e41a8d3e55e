package meta

import "strconv"

// Bootstrap is the records that a new cluster's log begins with: the features,
// at the levels of Kafka 4.4.0, and the first controller's own setting of
// min.insync.replicas, which Kafka writes down for all brokers once eligible
// leader replicas are on (KIP-966).
func Bootstrap(minISR int64) []Record {
	records := []Record{&FeatureLevelRecord{metadataVersion, 33}}
	for _, f := range Features() {
		if f.Name != metadataVersion && f.Max > 0 {
			records = append(records, &FeatureLevelRecord{f.Name, f.Max})
		}
	}
	return append(records, configRecord(resource{ResourceBroker, ""}, minInsyncReplicas, strconv.FormatInt(minISR, 10)))
}

// Features is what a broker of this version supports, by name (Kafka 4.4.0's
// MetadataVersion and Feature).
func Features() []FeatureRange {
	return []FeatureRange{
		{"eligible.leader.replicas.version", 0, 1},
		{"group.version", 0, 1},
		{"metadata.version", 7, 33},
		{"share.version", 0, 2},
		{"streams.version", 0, 1},
		{"transaction.version", 0, 2},
	}
}
