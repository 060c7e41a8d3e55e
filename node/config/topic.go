package config

import (
	"math"
	"strconv"
	"strings"

	"odradek/node/record"
)

// Topic computes the effective configuration of a topic from its overrides.
func (b *Broker) Topic(overrides map[string]string) Topic {
	t := Topic{
		MaxMessageBytes: 1048588, TimestampBeforeMaxMs: math.MaxInt64, TimestampAfterMaxMs: 3600000,
		Delete: true, MinInsyncReplicas: 1, SegmentBytes: 1 << 30, SegmentMs: 604800000, SegmentIndexBytes: 10 << 20,
		IndexIntervalBytes: 4096, RetentionMs: 604800000, RetentionBytes: -1, FlushMessages: 1, FlushMs: math.MaxInt64,
		FileDeleteDelayMs: 60000,
	}
	num := func(name string, to *int64) {
		if v, ok := overrides[name]; ok {
			*to, _ = strconv.ParseInt(v, 10, 64)
		}
	}
	num("segment.bytes", &t.SegmentBytes)
	num("retention.ms", &t.RetentionMs)
	num("retention.bytes", &t.RetentionBytes)
	num("flush.messages", &t.FlushMessages)
	num("message.timestamp.before.max.ms", &t.TimestampBeforeMaxMs)
	num("message.timestamp.after.max.ms", &t.TimestampAfterMaxMs)
	n := int64(t.MaxMessageBytes)
	num("max.message.bytes", &n)
	t.MaxMessageBytes = int(n)
	n = 1
	num("min.insync.replicas", &n)
	t.MinInsyncReplicas = int(n)
	if v, ok := overrides["cleanup.policy"]; ok {
		t.Compact, t.Delete = strings.Contains(v, "compact"), strings.Contains(v, "delete")
	}
	if v, ok := overrides["compression.type"]; ok {
		t.CompressionType = record.CompressionType(v)
	}
	if overrides["message.timestamp.type"] == "LogAppendTime" {
		t.TimestampType = record.LogAppendTime
	}
	return t
}
