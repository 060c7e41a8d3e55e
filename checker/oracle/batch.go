package oracle

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// batchSpec is a record batch of format 2 as scripts write it:
//
//	{"$batch": {"codec": "gzip", "records": [{"k": "a", "v": "b", "t": 5}]}}
//
// All is optional. What is not given is what a correct producer would send; what
// is given is sent as it is, so that each field can be wrong.
type batchSpec struct {
	Codec     string       // none, gzip, snappy, lz4, zstd
	Records   []recordSpec // "records"
	Payload   *payload     // instead of records, the bytes that stand for them
	Timestamp int64        // of the first record; the others add their "t"

	BaseOffset      int64
	LeaderEpoch     *int32
	Length          *int32
	Magic           *int8
	CRC             *int32
	Attributes      int16 // added to the codec's bits
	LastOffsetDelta *int32
	MaxTimestamp    *int64
	ProducerID      *int64
	Epoch           *int16
	Sequence        *int32
	Count           *int32
	Cut             int // bytes to leave out at the end
}

// recordSpec is one record. A field that is absent is null, for k, v and the
// value of a header; o is the offset delta, by default the place in the batch.
type recordSpec struct {
	T int64
	O *int32
	K *payload
	V *payload
	H [][2]*payload
}

// payload is text, "hex:..." or {"repeat": ["x", 1000]}.
type payload []byte

func (p *payload) UnmarshalJSON(text []byte) error {
	var s string
	if json.Unmarshal(text, &s) == nil {
		b, err := textBytes(s)
		*p = b
		return err
	}
	var many struct{ Repeat [2]any }
	if err := json.Unmarshal(text, &many); err != nil {
		return err
	}
	what, _ := many.Repeat[0].(string)
	times, _ := many.Repeat[1].(float64)
	for range int(times) {
		*p = append(*p, what...)
	}
	return nil
}

// bytesOf makes a field of bytes: text, null, one {"$batch": ...} or an array
// of them, one after the other.
func bytesOf(v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []byte:
		return v, nil
	case string:
		return textBytes(v)
	case []any:
		return concat(v)
	case map[string]any:
		return batchOf(v)
	}
	return nil, fmt.Errorf("wants bytes, not %v", v)
}

func concat(items []any) (out []byte, err error) {
	for _, item := range items {
		b, err := bytesOf(item)
		if err != nil {
			return nil, err
		}
		out = append(out, b...)
	}
	return out, nil
}

func batchOf(v map[string]any) ([]byte, error) {
	text, err := json.Marshal(v["$batch"])
	if err != nil {
		return nil, fmt.Errorf("batch: %w", err)
	}
	var spec batchSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, fmt.Errorf("batch: %w", err)
	}
	return spec.encode()
}

func (s batchSpec) encode() ([]byte, error) {
	bits, err := codecBits(s.Codec)
	if err != nil {
		return nil, err
	}
	raw := s.recordBytes()
	if raw, err = compress(bits, raw); err != nil {
		return nil, err
	}
	b := kmsg.RecordBatch{
		FirstOffset:          s.BaseOffset,
		PartitionLeaderEpoch: or(s.LeaderEpoch, -1),
		Magic:                or(s.Magic, 2),
		Attributes:           bits | s.Attributes,
		LastOffsetDelta:      or(s.LastOffsetDelta, s.lastDelta()),
		FirstTimestamp:       s.Timestamp,
		MaxTimestamp:         or(s.MaxTimestamp, s.lastTime()),
		ProducerID:           or(s.ProducerID, -1),
		ProducerEpoch:        or(s.Epoch, -1),
		FirstSequence:        or(s.Sequence, -1),
		NumRecords:           or(s.Count, int32(len(s.Records))),
		Records:              raw,
	}
	out := b.AppendTo(nil)
	binary.BigEndian.PutUint32(out[8:], uint32(or(s.Length, int32(len(out)-12))))
	crc := crc32.Checksum(out[21:], crc32.MakeTable(crc32.Castagnoli))
	binary.BigEndian.PutUint32(out[17:], uint32(or(s.CRC, int32(crc))))
	return out[:len(out)-s.Cut], nil
}

func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

func (s batchSpec) lastDelta() int32 {
	if n := len(s.Records); n > 0 {
		return or(s.Records[n-1].O, int32(n-1))
	}
	return 0
}

func (s batchSpec) lastTime() int64 {
	last := s.Timestamp
	for _, r := range s.Records {
		last = max(last, s.Timestamp+r.T)
	}
	return last
}

func (s batchSpec) recordBytes() (out []byte) {
	if s.Payload != nil {
		return *s.Payload
	}
	for i, r := range s.Records {
		out = r.append(out, i)
	}
	return out
}

// append writes one record behind its length, a varint.
func (r recordSpec) append(out []byte, place int) []byte {
	k := kmsg.Record{TimestampDelta64: r.T, OffsetDelta: or(r.O, int32(place))}
	k.Key, k.Value = orNil(r.K), orNil(r.V)
	for _, h := range r.H {
		k.Headers = append(k.Headers, kmsg.Header{Key: string(orNil(h[0])), Value: orNil(h[1])})
	}
	body := k.AppendTo(nil)[1:] // its length is 0, one byte
	return append(binary.AppendVarint(out, int64(len(body))), body...)
}

func orNil(p *payload) []byte {
	if p == nil {
		return nil
	}
	return append([]byte{}, *p...)
}
