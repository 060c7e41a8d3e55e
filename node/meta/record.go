package meta

import "odradek/node/env"

// Record is one record of the metadata log: a pointer to one of the types
// below. Once appended it is immutable, as are the slices in it: images of
// several shards share them.
type Record interface {
	// kind tells key and newest version; the latter is what Encode writes.
	kind() kind
	// fields walks the record's fields in wire order.
	fields(c *coder)
}

// kind is what the frame of a record says of it.
type kind struct{ key, version int16 }

// Marks of a PartitionChangeRecord's leader.
const (
	NoLeader        int32 = -1 // in images and records: nobody leads
	LeaderUnchanged int32 = -2
)

type (
	// RegisterBrokerRecord says that a broker process has come (KIP-500, key 0).
	// It replaces an earlier registration of the same id.
	RegisterBrokerRecord struct {
		BrokerID             int32
		MigratingZk          bool // ZooKeeper's days; v2
		IncarnationID        env.UUID
		BrokerEpoch          int64
		EndPoints            []EndPoint
		Features             []FeatureRange
		Rack                 *string
		Fenced               bool
		InControlledShutdown bool       // v1
		LogDirs              []env.UUID // v3, KIP-858
		CordonedLogDirs      []env.UUID // v4, KIP-1066; nil: not told yet
	}

	// UnregisterBrokerRecord takes a broker out of the cluster (key 1).
	UnregisterBrokerRecord struct {
		BrokerID    int32
		BrokerEpoch int64
	}

	// TopicRecord makes a topic, without partitions as yet (key 2).
	TopicRecord struct {
		Name    string
		TopicID env.UUID
	}

	// PartitionRecord makes a partition, or replaces it (key 3).
	PartitionRecord struct {
		PartitionID         int32
		TopicID             env.UUID
		Replicas            []int32
		ISR                 []int32
		Removing, Adding    []int32
		Leader              int32
		LeaderRecoveryState int8 // 1: recovering from an unclean election
		LeaderEpoch         int32
		PartitionEpoch      int32
		Directories         []env.UUID // of each replica; v1, KIP-858
		ELR, LastKnownELR   []int32    // v2, KIP-966; nil is as good as empty
	}

	// ConfigRecord sets a dynamic config, or with a nil value removes it (key 4).
	ConfigRecord struct {
		ResourceType int8
		ResourceName string
		Name         string
		Value        *string
	}

	// PartitionChangeRecord changes some fields of a partition and counts its
	// partition epoch up; with a Leader, even the same, its leader epoch too
	// (key 5). nil slices, LeaderUnchanged and -1 leave a field as it is.
	PartitionChangeRecord struct {
		PartitionID         int32
		TopicID             env.UUID
		ISR                 []int32
		Leader              int32
		Replicas            []int32
		Removing, Adding    []int32
		LeaderRecoveryState int8
		ELR, LastKnownELR   []int32    // v2, KIP-966
		Directories         []env.UUID // v1, KIP-858
	}

	// RemoveTopicRecord removes a topic, its partitions and configs (key 9).
	RemoveTopicRecord struct{ TopicID env.UUID }

	// FeatureLevelRecord finalizes a feature; level 0 removes it (key 12).
	FeatureLevelRecord struct {
		Name  string
		Level int16
	}

	// ProducerIdsRecord gives away all ids below NextProducerID (key 15).
	ProducerIdsRecord struct {
		BrokerID       int32
		BrokerEpoch    int64
		NextProducerID int64
	}

	// BrokerRegistrationChangeRecord changes parts of a registration (key 17).
	BrokerRegistrationChangeRecord struct {
		BrokerID             int32
		BrokerEpoch          int64
		Fenced               int8       // -1 unfenced, 0 no change, 1 fenced
		InControlledShutdown int8       // 0 no change, 1 shutting down; v1
		LogDirs              []env.UUID // empty: no change; v2
		CordonedLogDirs      []env.UUID // nil: no change; v3
	}

	// NoOpRecord changes nothing (key 20).
	NoOpRecord struct{}

	// ClearELRRecord forgets the eligible leader replicas of a topic, or with an
	// empty name of all topics (key 28, KIP-966).
	ClearELRRecord struct{ TopicName string }
)

// EndPoint is an address at which a broker is reached.
type EndPoint struct {
	Name             string // of the listener
	Host             string
	Port             uint16
	SecurityProtocol int16 // 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL
}

// FeatureRange tells which levels of a feature a broker supports.
type FeatureRange struct {
	Name     string
	Min, Max int16
}
