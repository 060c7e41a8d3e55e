package record_test

import (
	"bytes"
	"hash/crc32"
	"math"
	"testing"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/record"
)

// foreign encodes a batch with kmsg, which knows the layout on its own.
func foreign(records []kmsg.Record, b kmsg.RecordBatch) []byte {
	var body []byte
	for _, r := range records {
		r.Length = int32(len(r.AppendTo(nil)) - kbin.VarintLen(0))
		body = r.AppendTo(body)
	}
	b.Magic, b.Records = 2, body
	b.Length = int32(len(b.AppendTo(nil)) - record.Overhead)
	b.CRC = int32(crc32.Checksum(b.AppendTo(nil)[21:], crc32.MakeTable(crc32.Castagnoli)))
	return b.AppendTo(nil)
}

func sample() []byte {
	return foreign([]kmsg.Record{
		{TimestampDelta64: 0, Key: []byte("k"), Value: []byte("v"), Headers: []kmsg.Header{{Key: "h", Value: []byte("x")}}},
		{TimestampDelta64: 300, OffsetDelta: 1, Value: []byte("w")},
	}, kmsg.RecordBatch{FirstOffset: 7, PartitionLeaderEpoch: 3, Attributes: 0x10, LastOffsetDelta: 1,
		FirstTimestamp: 1000, MaxTimestamp: 1300, ProducerID: 99, ProducerEpoch: 4,
		FirstSequence: math.MaxInt32, NumRecords: 2})
}

func TestEveryHeaderFieldIsReadWhereKmsgWritesIt(t *testing.T) {
	b := record.Batch(sample())
	if err := record.Check(b); err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		name      string
		got, want int64
	}{
		{"base offset", b.BaseOffset(), 7}, {"last offset", b.LastOffset(), 8}, {"next offset", b.NextOffset(), 9},
		{"length", int64(b.Length()), int64(len(b))}, {"epoch", int64(b.PartitionLeaderEpoch()), 3},
		{"magic", int64(b.Magic()), 2}, {"attributes", int64(b.Attributes()), 0x10}, {"codec", int64(b.Codec()), 0},
		{"timestamp type", int64(b.TimestampType()), 0}, {"last delta", int64(b.LastOffsetDelta()), 1},
		{"base time", b.BaseTimestamp(), 1000}, {"max time", b.MaxTimestamp(), 1300}, {"producer", b.ProducerID(), 99},
		{"producer epoch", int64(b.ProducerEpoch()), 4}, {"base sequence", int64(b.BaseSequence()), math.MaxInt32},
		{"last sequence", int64(b.LastSequence()), 0}, {"count", int64(b.Count()), 2},
	} {
		if f.got != f.want {
			t.Errorf("%s: %d, want %d", f.name, f.got, f.want)
		}
	}
	if !b.IsTransactional() || b.IsControl() || b.HasDeleteHorizon() || !b.HasProducerID() {
		t.Error("flags are misread")
	}
}

func TestABuiltBatchIsByteForByteWhatKmsgWrites(t *testing.T) {
	b := record.NewBuilder(nil)
	b.BaseOffset, b.LeaderEpoch, b.ProducerID, b.ProducerEpoch = 7, 3, 99, 4
	b.BaseSequence, b.Transactional = math.MaxInt32, true
	b.Append(record.Record{Timestamp: 1000, Key: []byte("k"), Value: []byte("v"),
		Headers: []record.Header{{Key: "h", Value: []byte("x")}}})
	b.Append(record.Record{Timestamp: 1300, Value: []byte("w")})
	got, err := b.Build()
	if err != nil || !bytes.Equal(got, sample()) {
		t.Fatalf("%v\n got %x\nwant %x", err, []byte(got), sample())
	}
}

func TestStampingOffsetAndEpochKeepsTheChecksum(t *testing.T) {
	b := record.Batch(sample())
	crc := b.CRC()
	record.Assign(b, 1<<40, 12)
	if err := record.Check(b); err != nil || b.CRC() != crc || b.BaseOffset() != 1<<40 || b.PartitionLeaderEpoch() != 12 {
		t.Fatalf("%v, %d, %d", err, b.BaseOffset(), b.PartitionLeaderEpoch())
	}
	b.SetMaxTimestampAppendTime(5)
	if err := record.Check(b); err != nil || b.MaxTimestamp() != 5 || b.TimestampType() != record.LogAppendTime {
		t.Fatalf("%v, %d, %v", err, b.MaxTimestamp(), b.TimestampType())
	}
}

func TestSequencesBeginAgainAtZero(t *testing.T) {
	for _, c := range []struct{ seq, delta, want int32 }{
		{0, 0, 0}, {5, 3, 8}, {math.MaxInt32 - 1, 1, math.MaxInt32}, {math.MaxInt32, 1, 0},
		{math.MaxInt32, 0, math.MaxInt32}, {math.MaxInt32 - 1, 3, 1}, {math.MaxInt32, math.MaxInt32, math.MaxInt32 - 1},
	} {
		if got := record.NextSequence(c.seq, c.delta); got != c.want {
			t.Errorf("NextSequence(%d, %d) = %d, want %d", c.seq, c.delta, got, c.want)
		}
	}
}
