package config

import "odradek/node/record"

// Listener is where a node is reached: the name of the listener (PLAINTEXT),
// host and port.
type Listener struct {
	Name string
	Host string
	Port int
}

// Broker is the settings of a node.
type Broker struct {
	NodeID      int32
	ClusterID   string // cluster.id, ours; "": drawn at the first start
	Rack        string // broker.rack
	LogDirs     []string
	MetadataLog string // metadata.log.dir; "": the first of LogDirs
	NumShards   int    // num.shards, ours
	Listeners   []Listener
	Advertised  []Listener

	NumPartitions        int32
	ReplicationFactor    int16
	AutoCreateTopics     bool
	DeleteTopics         bool
	FetchMaxBytes        int32
	FetchSessionSlots    int // max.incremental.fetch.session.cache.slots
	RetentionCheckMs     int64
	ProducerExpirationMs int64

	Static map[string]string // all properties given at the start, by name
}

// MetadataDir is the directory of the metadata log.
func (b *Broker) MetadataDir() string {
	if b.MetadataLog != "" {
		return b.MetadataLog
	}
	return b.LogDirs[0]
}

// Topic is the effective configuration of a topic.
type Topic struct {
	MaxMessageBytes      int
	CompressionType      record.CompressionType
	Levels               record.Levels
	TimestampType        record.TimestampType
	TimestampBeforeMaxMs int64
	TimestampAfterMaxMs  int64
	Compact, Delete      bool // cleanup.policy
	MinInsyncReplicas    int

	SegmentBytes       int64
	SegmentMs          int64
	SegmentJitterMs    int64
	SegmentIndexBytes  int64
	IndexIntervalBytes int64
	RetentionMs        int64
	RetentionBytes     int64
	FlushMessages      int64
	FlushMs            int64
	FileDeleteDelayMs  int64
}
