package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Builder makes batches, as a producer does. Set its fields at any time before
// Build; a Builder is used again after Reset.
type Builder struct {
	BaseOffset    int64
	LeaderEpoch   int32
	ProducerID    int64
	ProducerEpoch int16
	BaseSequence  int32
	Transactional bool
	Control       bool
	TimestampType TimestampType
	AppendTime    int64 // the batch's timestamp if TimestampType is LogAppendTime
	Codec         Codec
	Levels        Levels

	c         *Compressor
	body      []byte
	scratch   []byte
	count     int32
	lastDelta int32
	baseTime  int64
	maxTime   int64
}

// NewBuilder makes a Builder of batches that are not compressed and have no
// producer id. c may be nil while Codec is None.
func NewBuilder(c *Compressor) *Builder {
	b := &Builder{
		LeaderEpoch:   NoLeaderEpoch,
		ProducerID:    NoProducerID,
		ProducerEpoch: NoProducerEpoch,
		BaseSequence:  NoSequence,
		c:             c,
	}
	b.Reset()
	return b
}

// Reset forgets the records and keeps the fields.
func (b *Builder) Reset() {
	b.body, b.count, b.lastDelta = b.body[:0], 0, -1
	b.baseTime, b.maxTime = NoTimestamp, NoTimestamp
}

// Count is the number of records appended since Reset.
func (b *Builder) Count() int { return int(b.count) }

// Size is what the batch would take without compression, in bytes.
func (b *Builder) Size() int { return HeaderSize + len(b.body) }

// Append adds a record at the next offset; r.Offset is not looked at.
func (b *Builder) Append(r Record) { b.AppendAt(b.lastDelta+1, r) }

// AppendAt adds a record delta offsets after the base offset, as compaction
// does, which leaves gaps. Deltas must grow.
func (b *Builder) AppendAt(delta int32, r Record) {
	if b.count == 0 {
		b.baseTime = r.Timestamp
	}
	rec := append(b.scratch[:0], 0)
	rec = binary.AppendVarint(rec, r.Timestamp-b.baseTime)
	rec = binary.AppendVarint(rec, int64(delta))
	rec = appendField(rec, r.Key)
	rec = appendField(rec, r.Value)
	rec = binary.AppendVarint(rec, int64(len(r.Headers)))
	for _, h := range r.Headers {
		rec = binary.AppendVarint(rec, int64(len(h.Key)))
		rec = append(rec, h.Key...)
		rec = appendField(rec, h.Value)
	}
	b.scratch = rec
	b.body = append(binary.AppendVarint(b.body, int64(len(rec))), rec...)
	b.count, b.lastDelta = b.count+1, delta
	b.maxTime = max(b.maxTime, r.Timestamp)
}

func appendField(dst, v []byte) []byte {
	if v == nil {
		return binary.AppendVarint(dst, -1)
	}
	return append(binary.AppendVarint(dst, int64(len(v))), v...)
}

var errNoCompressor = errors.New("record builder: a codec needs a Compressor")

// Build makes the batch, in new memory. An error means a codec or level that
// is undefined, or more bytes than a batch can have.
func (b *Builder) Build() (Batch, error) {
	out := make([]byte, HeaderSize, HeaderSize+len(b.body))
	if b.Codec != None {
		if b.c == nil {
			return nil, errNoCompressor
		}
		var err error
		if out, err = b.c.Compress(out, b.body, b.Codec, b.Levels); err != nil {
			return nil, err
		}
	} else {
		out = append(out, b.body...)
	}
	if len(out) > math.MaxInt32 {
		return nil, fmt.Errorf("%d bytes: %w", len(out), ErrSize)
	}
	b.header(out)
	return seal(out, b.Codec), nil
}

func (b *Builder) header(out Batch) {
	be.PutUint64(out, uint64(b.BaseOffset))
	out.SetLeaderEpoch(b.LeaderEpoch)
	out[atMagic] = Magic
	be.PutUint16(out[atAttributes:], b.flags())
	be.PutUint32(out[atLastDelta:], uint32(b.lastDelta))
	be.PutUint64(out[atBaseTime:], uint64(b.baseTime))
	be.PutUint64(out[atMaxTime:], uint64(b.batchTime()))
	be.PutUint64(out[atProducerID:], uint64(b.ProducerID))
	be.PutUint16(out[atProdEpoch:], uint16(b.ProducerEpoch))
	be.PutUint32(out[atBaseSequence:], uint32(b.BaseSequence))
	be.PutUint32(out[atCount:], uint32(b.count))
}

func (b *Builder) batchTime() int64 {
	if b.TimestampType == LogAppendTime {
		return b.AppendTime
	}
	return b.maxTime
}

func (b *Builder) flags() (flags uint16) {
	if b.TimestampType == LogAppendTime {
		flags |= flagAppendTime
	}
	if b.Transactional {
		flags |= flagTransactional
	}
	if b.Control {
		flags |= flagControl
	}
	return flags
}
