package record

import "encoding/binary"

// Batch is exactly one record batch, header and records. Its accessors never
// allocate; they need the HeaderSize bytes that Check, Validate and Batches
// make sure of.
type Batch []byte

// Sizes of the fixed parts, in bytes.
const (
	HeaderSize = 61 // up to the first record
	Overhead   = 12 // up to where the batch length starts to count
	Magic      = 2  // the only format read or written here
)

const (
	atLength       = 8
	atEpoch        = 12
	atMagic        = 16
	atCRC          = 17
	atAttributes   = 21 // the CRC covers from here on
	atLastDelta    = 23
	atBaseTime     = 27
	atMaxTime      = 35
	atProducerID   = 43
	atProdEpoch    = 51
	atBaseSequence = 53
	atCount        = 57
)

const (
	codecMask         = 0x07
	flagAppendTime    = 0x08
	flagTransactional = 0x10
	flagControl       = 0x20
	flagDeleteHorizon = 0x40
)

// Values that say "none" in a header.
const (
	NoProducerID    = -1
	NoProducerEpoch = -1
	NoSequence      = -1
	NoTimestamp     = -1
	NoLeaderEpoch   = -1
)

var be = binary.BigEndian

// BaseOffset is the offset of the first record that the batch was built with.
func (b Batch) BaseOffset() int64 { return int64(be.Uint64(b)) }

// LastOffset is the offset of the last record that the batch was built with;
// compaction keeps it even when that record is gone.
func (b Batch) LastOffset() int64 { return b.BaseOffset() + int64(b.LastOffsetDelta()) }

// NextOffset is the offset after the batch.
func (b Batch) NextOffset() int64 { return b.LastOffset() + 1 }

// Length is the size in bytes that the header declares for the whole batch,
// the Overhead included.
func (b Batch) Length() int { return int(int32(be.Uint32(b[atLength:]))) + Overhead }

// PartitionLeaderEpoch is the epoch of the leader that appended the batch.
func (b Batch) PartitionLeaderEpoch() int32 { return int32(be.Uint32(b[atEpoch:])) }

// Magic is the format version.
func (b Batch) Magic() int8 { return int8(b[atMagic]) }

// CRC is the stored checksum (CRC-32C), not a computed one.
func (b Batch) CRC() uint32 { return be.Uint32(b[atCRC:]) }

// Attributes are the raw attribute bits.
func (b Batch) Attributes() int16 { return int16(be.Uint16(b[atAttributes:])) }

// Codec is the compression of the records; values 5 to 7 are undefined.
func (b Batch) Codec() Codec { return Codec(b.Attributes() & codecMask) }

// TimestampType tells who set the timestamps.
func (b Batch) TimestampType() TimestampType {
	if b.has(flagAppendTime) {
		return LogAppendTime
	}
	return CreateTime
}

// IsTransactional tells whether the batch belongs to a transaction.
func (b Batch) IsTransactional() bool { return b.has(flagTransactional) }

// IsControl tells whether the records are control records (markers).
func (b Batch) IsControl() bool { return b.has(flagControl) }

// HasDeleteHorizon tells whether the base timestamp is the time from which
// compaction may drop the batch's tombstones and markers (KIP-534).
func (b Batch) HasDeleteHorizon() bool { return b.has(flagDeleteHorizon) }

func (b Batch) has(flag int16) bool { return b.Attributes()&flag != 0 }

// LastOffsetDelta is LastOffset - BaseOffset.
func (b Batch) LastOffsetDelta() int32 { return int32(be.Uint32(b[atLastDelta:])) }

// BaseTimestamp is what the records' timestamp deltas count from, in ms.
func (b Batch) BaseTimestamp() int64 { return int64(be.Uint64(b[atBaseTime:])) }

// MaxTimestamp is the largest timestamp of the records, in ms, or the time of
// the append when the type is LogAppendTime.
func (b Batch) MaxTimestamp() int64 { return int64(be.Uint64(b[atMaxTime:])) }

// ProducerID is the idempotent producer's id, or NoProducerID.
func (b Batch) ProducerID() int64 { return int64(be.Uint64(b[atProducerID:])) }

// HasProducerID tells whether an idempotent producer sent the batch.
func (b Batch) HasProducerID() bool { return b.ProducerID() > NoProducerID }

// ProducerEpoch is the producer's epoch, or NoProducerEpoch.
func (b Batch) ProducerEpoch() int16 { return int16(be.Uint16(b[atProdEpoch:])) }

// BaseSequence is the sequence number of the first record, or NoSequence.
func (b Batch) BaseSequence() int32 { return int32(be.Uint32(b[atBaseSequence:])) }

// LastSequence is the sequence number of the last record, or NoSequence.
func (b Batch) LastSequence() int32 {
	if b.BaseSequence() == NoSequence {
		return NoSequence
	}
	return NextSequence(b.BaseSequence(), b.LastOffsetDelta())
}

// Count is the number of records. Compaction can leave fewer than the offsets
// cover, even none.
func (b Batch) Count() int32 { return int32(be.Uint32(b[atCount:])) }

// TimestampType tells who sets the timestamps of records (KIP-32).
type TimestampType int8

// The timestamp types, numbered as in the attribute bit.
const (
	CreateTime    TimestampType = 0 // the producer
	LogAppendTime TimestampType = 1 // the leader, at the append
)

// String is the value of the topic config message.timestamp.type.
func (t TimestampType) String() string {
	if t == LogAppendTime {
		return "LogAppendTime"
	}
	return "CreateTime"
}
