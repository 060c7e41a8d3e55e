package config

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odradek/node/record"
)

func TestATopicHasKafkasDefaultsButForTheSync(t *testing.T) {
	want := Topic{
		MaxMessageBytes: 1048588, MaxDecompressedBytes: math.MaxInt32 - 8, CompressionType: record.Producer,
		Levels: record.Levels{Gzip: -1, LZ4: 9, Zstd: 3}, TimestampBeforeMaxMs: math.MaxInt64, TimestampAfterMaxMs: 3600000,
		Delete: true, MinInsyncReplicas: 1, SegmentBytes: 1 << 30, SegmentMs: 604800000, SegmentIndexBytes: 10 << 20,
		IndexIntervalBytes: 4096, RetentionMs: 604800000, RetentionBytes: -1, FlushMessages: 1, FlushMs: math.MaxInt64,
		FileDeleteDelayMs: 60000, DeleteRetentionMs: 86400000, MaxCompactionLagMs: math.MaxInt64, MinCleanableDirtyRatio: 0.5,
	}
	if diff := cmp.Diff(want, new(Broker).Topic(nil)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestATopicTakesTheStrongestOfAllPlaces(t *testing.T) {
	b := loaded(t, "log.retention.hours=3")
	retention := func(b *Broker, overrides map[string]string) int64 { return b.Topic(overrides).RetentionMs }
	ms := func(v string) map[string]string { return map[string]string{"log.retention.ms": v} }
	for name, c := range map[string]struct{ got, want int64 }{
		"nothing given":       {retention(new(Broker), nil), 168 * hour},
		"hours":               {retention(b, nil), 3 * hour},
		"minutes":             {retention(loaded(t, "log.retention.hours=3\nlog.retention.minutes=5"), nil), 5 * minute},
		"for ever":            {retention(loaded(t, "log.retention.minutes=-7"), nil), -1},
		"all brokers":         {retention(b.With(ms("20"), nil), nil), 20},
		"this broker":         {retention(b.With(ms("20"), ms("10")), nil), 10},
		"the topic":           {retention(b.With(ms("20"), ms("10")), map[string]string{"retention.ms": "1"}), 1},
		"an unreadable topic": {retention(b, map[string]string{"retention.ms": "soon"}), 3 * hour},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, not %d", name, c.got, c.want)
		}
	}
}

func TestATopicsOverridesAreTyped(t *testing.T) {
	got := new(Broker).Topic(map[string]string{
		"cleanup.policy": " compact ", "compression.type": "zstd", "compression.zstd.level": "7", "segment.bytes": "+1048576",
		"message.timestamp.type": "LogAppendTime", "unclean.leader.election.enable": "TRUE", "internal.segment.bytes": "100",
		"min.insync.replicas": "2", "preallocate": "true", "no.such": "x",
	})
	if !got.Compact || got.Delete || got.CompressionType != "zstd" || got.Levels.Zstd != 7 || got.SegmentBytes != 100 {
		t.Errorf("%+v", got)
	}
	if got.TimestampType != record.LogAppendTime || !got.UncleanElection || got.MinInsyncReplicas != 2 || !got.Preallocate {
		t.Errorf("%+v", got)
	}
}

func TestDynamicConfigsAreFollowedAndTheRestStays(t *testing.T) {
	b := &Broker{NodeID: 9, NumPartitions: 4}
	next := b.With(map[string]string{"producer.id.expiration.ms": "5"}, map[string]string{"max.connections": "3", "num.partitions": "8"})
	if next.ProducerExpirationMs != 5 || next.MaxConnections != 3 || next.NodeID != 9 || next.NumPartitions != 4 {
		t.Errorf("%+v", next)
	}
	if b.ProducerExpirationMs != 0 || b.MaxConnections != 0 {
		t.Errorf("the old one changed: %+v", b)
	}
}

func TestKeysWithoutAFieldCanBeRead(t *testing.T) {
	b := loaded(t, "group.max.size=7\nlog.cleaner.enable=false\nlog.cleaner.min.cleanable.ratio=0.25\noffsets.retention.minutes=+3")
	if n, ok := b.Int("group.max.size"); n != 7 || !ok {
		t.Error(n, ok)
	}
	if _, ok := b.Int("log.retention.minutes"); ok {
		t.Error("a number that is null")
	}
	if b.Bool("log.cleaner.enable") || b.Float("log.cleaner.min.cleanable.ratio") != 0.25 || b.Text("ssl.provider") != "" {
		t.Error("wrong values")
	}
	if l := b.List("group.consumer.assignors"); len(l) != 2 || b.List("log.dirs") != nil {
		t.Error(l)
	}
	defer func() {
		if recover() == nil {
			t.Error("a key that is not there was read")
		}
	}()
	b.Int("no.such.key")
}
