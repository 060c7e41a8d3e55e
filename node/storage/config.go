package storage

import "math"

// Config is what a log follows of its topic's configuration. It may be changed
// in place between steps.
type Config struct {
	SegmentBytes    int64 // segment.bytes
	SegmentMs       int64 // segment.ms
	SegmentJitterMs int64 // segment.jitter.ms
	IndexInterval   int64 // index.interval.bytes
	MaxIndexBytes   int64 // segment.index.bytes
	RetentionMs     int64 // retention.ms; -1: for ever
	RetentionBytes  int64 // retention.bytes; -1: without bound
	FlushMessages   int64 // flush.messages; 1: sync before every acknowledgement
	FlushMs         int64 // flush.ms; with a larger FlushMessages, sync at least this often
}

// DefaultConfig is Kafka's defaults, but that everything is synced before it is
// acknowledged.
func DefaultConfig() Config {
	return Config{
		SegmentBytes:   1 << 30,
		SegmentMs:      7 * 24 * 3600 * 1000,
		IndexInterval:  4096,
		MaxIndexBytes:  10 << 20,
		RetentionMs:    7 * 24 * 3600 * 1000,
		RetentionBytes: -1,
		FlushMessages:  1,
		FlushMs:        math.MaxInt64,
	}
}
