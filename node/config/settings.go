package config

import (
	"slices"

	"odradek/node/record"
)

// Broker is the settings of a node. Load makes one; With makes it follow the
// dynamic configs. Keys that have no field here are read with Int, Bool, Float,
// Text and List.
type Broker struct {
	NodeID      int32
	Roles       []string // process.roles
	ClusterID   string   // cluster.id, ours; "": drawn at the first start
	Rack        string   // broker.rack; "": none
	LogDirs     []string
	MetadataLog string // metadata.log.dir; "": the first of LogDirs
	NumShards   int    // num.shards, ours

	Listeners      []Listener // where brokers listen; those of controllers are apart
	Advertised     []Listener // a Host "" is to be filled with the name of the machine
	InterBroker    string     // the listener that brokers use among themselves
	Controllers    []Listener // listeners named in controller.listener.names
	ControllerName string     // the first of controller.listener.names
	Reached        []Listener // Controllers, as others are told of them
	Voters         []Voter    // controller.quorum.voters
	Bootstrap      []string   // controller.quorum.bootstrap.servers, host:port

	NumPartitions     int32
	ReplicationFactor int16
	AutoCreateTopics  bool
	DeleteTopics      bool
	FetchMaxBytes     int32
	FetchSessionSlots int // max.incremental.fetch.session.cache.slots
	RetentionCheckMs  int64

	RequestMaxBytes    int   // socket.request.max.bytes
	QueuedMaxBytes     int64 // queued.max.request.bytes; -1: no limit
	ConnectionIdleMs   int64 // connections.max.idle.ms; negative: no limit
	SendBufferBytes    int   // socket.send.buffer.bytes; -1: the system's
	ReceiveBufferBytes int   // socket.receive.buffer.bytes; -1: the system's

	// These follow the dynamic configs.
	ProducerExpirationMs int64
	MaxConnections       int
	MaxConnectionsPerIP  int
	UncleanElection      bool // unclean.leader.election.enable

	Static       map[string]string // all properties given at the start, by name
	cluster, own map[string]string // dynamic configs, of all brokers and of this one
}

// Serves tells whether the node is a broker, Votes whether it is a controller.
func (b *Broker) Serves() bool { return slices.Contains(b.Roles, "broker") }

// Votes tells whether the node is a controller.
func (b *Broker) Votes() bool { return slices.Contains(b.Roles, "controller") }

// Dynamic tells whether the log of the metadata alone says who votes (KIP-853):
// the configuration names no voters, but where controllers are found.
func (b *Broker) Dynamic() bool { return len(b.Voters) == 0 && len(b.Bootstrap) > 0 }

// MetadataDir is the directory of the metadata log.
func (b *Broker) MetadataDir() string {
	if b.MetadataLog != "" {
		return b.MetadataLog
	}
	return b.LogDirs[0]
}

// With is the broker under dynamic configs: those of all brokers (the resource
// "") and its own. A node keeps the broker that was loaded, and makes another
// of it whenever a dynamic config of brokers changes.
func (b *Broker) With(cluster, own map[string]string) *Broker {
	next := *b
	next.cluster, next.own = cluster, own
	next.follow()
	return &next
}

// follow fills the fields that dynamic configs can change.
func (b *Broker) follow() {
	b.ProducerExpirationMs = b.num("producer.id.expiration.ms")
	b.MaxConnections = int(b.num("max.connections"))
	b.MaxConnectionsPerIP = int(b.num("max.connections.per.ip"))
	b.UncleanElection = b.Bool("unclean.leader.election.enable")
}

// fill makes the fields of what was given at the start.
func (b *Broker) fill() {
	b.NodeID = int32(b.num("node.id"))
	b.Roles = b.List("process.roles")
	b.ClusterID, b.Rack, b.MetadataLog = b.Text("cluster.id"), b.Text("broker.rack"), b.Text("metadata.log.dir")
	if b.LogDirs = b.List("log.dirs"); b.LogDirs == nil {
		b.LogDirs = b.List("log.dir")
	}
	b.NumShards = int(b.num("num.shards"))
	b.NumPartitions = int32(b.num("num.partitions"))
	b.ReplicationFactor = int16(b.num("default.replication.factor"))
	b.AutoCreateTopics, b.DeleteTopics = b.Bool("auto.create.topics.enable"), b.Bool("delete.topic.enable")
	b.FetchMaxBytes = int32(b.num("fetch.max.bytes"))
	b.FetchSessionSlots = int(b.num("max.incremental.fetch.session.cache.slots"))
	b.RetentionCheckMs = b.num("log.retention.check.interval.ms")
	b.RequestMaxBytes, b.QueuedMaxBytes = int(b.num("socket.request.max.bytes")), b.num("queued.max.request.bytes")
	b.ConnectionIdleMs = b.num("connections.max.idle.ms")
	b.SendBufferBytes = int(b.num("socket.send.buffer.bytes"))
	b.ReceiveBufferBytes = int(b.num("socket.receive.buffer.bytes"))
	b.follow()
}

// Topic is the effective configuration of a topic.
type Topic struct {
	MaxMessageBytes      int
	MaxDecompressedBytes int
	CompressionType      record.CompressionType
	Levels               record.Levels
	TimestampType        record.TimestampType
	TimestampBeforeMaxMs int64
	TimestampAfterMaxMs  int64
	Compact, Delete      bool // cleanup.policy
	MinInsyncReplicas    int
	UncleanElection      bool

	LeaderThrottled, FollowerThrottled Throttled // KIP-73

	SegmentBytes       int64
	SegmentMs          int64
	SegmentJitterMs    int64
	SegmentIndexBytes  int64
	IndexIntervalBytes int64
	RetentionMs        int64 // -1: no limit
	RetentionBytes     int64 // -1: no limit
	FlushMessages      int64
	FlushMs            int64
	FileDeleteDelayMs  int64
	Preallocate        bool

	DeleteRetentionMs      int64   // how long tombstones stay
	MinCompactionLagMs     int64   // younger records are not compacted
	MaxCompactionLagMs     int64   // older ones must be
	MinCleanableDirtyRatio float64 // share of the log at which compaction begins
}
