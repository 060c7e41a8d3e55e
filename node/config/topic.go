package config

import "odradek/node/record"

// Topic computes the effective configuration of a topic from its overrides.
func (b *Broker) Topic(overrides map[string]string) Topic {
	v := topicView{b, overrides}
	t := Topic{
		MaxMessageBytes:      int(v.num("max.message.bytes")),
		MaxDecompressedBytes: int(v.num("max.decompressed.message.bytes")),
		CompressionType:      record.CompressionType(v.get("compression.type").(string)),
		TimestampBeforeMaxMs: v.num("message.timestamp.before.max.ms"),
		TimestampAfterMaxMs:  v.num("message.timestamp.after.max.ms"),
		Compact:              v.has("cleanup.policy", "compact"),
		Delete:               v.has("cleanup.policy", "delete"),
		MinInsyncReplicas:    int(v.num("min.insync.replicas")),
		UncleanElection:      v.is("unclean.leader.election.enable"),

		LeaderThrottled:   Throttled(v.list("leader.replication.throttled.replicas")),
		FollowerThrottled: Throttled(v.list("follower.replication.throttled.replicas")),

		SegmentBytes:       v.segmentBytes(),
		SegmentMs:          v.num("segment.ms"),
		SegmentJitterMs:    v.num("segment.jitter.ms"),
		SegmentIndexBytes:  v.num("segment.index.bytes"),
		IndexIntervalBytes: v.num("index.interval.bytes"),
		RetentionMs:        v.num("retention.ms"),
		RetentionBytes:     v.num("retention.bytes"),
		FlushMessages:      v.num("flush.messages"),
		FlushMs:            v.num("flush.ms"),
		FileDeleteDelayMs:  v.num("file.delete.delay.ms"),
		Preallocate:        v.is("preallocate"),

		DeleteRetentionMs:      v.num("delete.retention.ms"),
		MinCompactionLagMs:     v.num("min.compaction.lag.ms"),
		MaxCompactionLagMs:     v.num("max.compaction.lag.ms"),
		MinCleanableDirtyRatio: v.get("min.cleanable.dirty.ratio").(float64),
	}
	t.Levels = v.levels()
	if v.get("message.timestamp.type") == "LogAppendTime" {
		t.TimestampType = record.LogAppendTime
	}
	return t
}

// segmentBytes is internal.segment.bytes, with which tests get small segments,
// or else segment.bytes.
func (t topicView) segmentBytes() int64 {
	if n, ok := t.get("internal.segment.bytes").(int64); ok {
		return n
	}
	return t.num("segment.bytes")
}

func (t topicView) levels() record.Levels {
	return record.Levels{
		Gzip: int(t.num("compression.gzip.level")),
		LZ4:  int(t.num("compression.lz4.level")),
		Zstd: int(t.num("compression.zstd.level")),
	}
}
