package oracle

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// batchHead is the size of a batch before its records; batchStart of what comes
// before the part that the batch's length counts.
const (
	batchHead  = 61
	batchStart = 12
)

// showBatches lists the batches of a fetched range; a last one that is cut off
// is shown by the count of its bytes.
func showBatches(b []byte) any {
	out := []any{}
	for len(b) > 0 {
		size := batchStart
		if len(b) >= batchHead {
			size += int(int32(binary.BigEndian.Uint32(b[8:])))
		}
		if size < batchHead || size > len(b) {
			return append(out, object{{"partial", int64(len(b))}})
		}
		out = append(out, showBatch(b[:size]))
		b = b[size:]
	}
	return out
}

func showBatch(raw []byte) object {
	var b kmsg.RecordBatch
	if err := b.ReadFrom(raw); err != nil {
		return object{{"unreadable", raw}}
	}
	out := object{
		{"baseOffset", b.FirstOffset},
		{"lastOffsetDelta", int64(b.LastOffsetDelta)},
		{"leaderEpoch", int64(b.PartitionLeaderEpoch)},
		{"codec", codecName(b.Attributes)},
	}
	if rest := b.Attributes &^ codecMask; rest != 0 {
		out = append(out, member{"attributes", int64(rest)})
	}
	if crc := crc32.Checksum(raw[21:], crc32.MakeTable(crc32.Castagnoli)); crc != uint32(b.CRC) {
		out = append(out, member{"crc", "wrong"})
	}
	if b.ProducerID != -1 {
		out = append(out, member{"ProducerID", b.ProducerID},
			member{"epoch", int64(b.ProducerEpoch)}, member{"sequence", int64(b.FirstSequence)})
	}
	return append(out, member{"timestamp", b.FirstTimestamp}, member{"maxTimestamp", b.MaxTimestamp},
		member{"records", showRecords(b)})
}

func showRecords(b kmsg.RecordBatch) any {
	raw, err := decompress(b.Attributes, b.Records)
	if err != nil {
		return object{{"unreadable", b.Records}}
	}
	out := []any{}
	for range b.NumRecords {
		n, used := binary.Varint(raw)
		if used <= 0 || n < 0 || n > int64(len(raw)-used) {
			return append(out, object{{"partial", int64(len(raw))}})
		}
		var r kmsg.Record
		if err := r.ReadFrom(raw[:used+int(n)]); err != nil {
			return append(out, object{{"unreadable", raw}})
		}
		out, raw = append(out, showRecord(b, r)), raw[used+int(n):]
	}
	return out
}

func showRecord(b kmsg.RecordBatch, r kmsg.Record) object {
	out := object{
		{"o", b.FirstOffset + int64(r.OffsetDelta)},
		{"t", b.FirstTimestamp + r.TimestampDelta64},
		{"k", abbreviate(r.Key)}, {"v", abbreviate(r.Value)},
	}
	var headers []any
	for _, h := range r.Headers {
		headers = append(headers, []any{h.Key, abbreviate(h.Value)})
	}
	if headers == nil {
		return out
	}
	return append(out, member{"h", headers})
}

// abbreviate keeps long payloads readable; two that differ stay different.
func abbreviate(b []byte) any {
	switch {
	case b == nil:
		return nil
	case len(b) <= 80:
		return b
	case len(bytes.Trim(b, string(b[:1]))) == 0 && b[0] < 0x80:
		return fmt.Sprintf("%d times %q", len(b), b[:1])
	}
	return fmt.Sprintf("%d bytes, crc32 %08x", len(b), crc32.ChecksumIEEE(b))
}
