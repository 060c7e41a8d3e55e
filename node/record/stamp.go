package record

import (
	"hash/crc32"

	"odradek/node/mutant"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// SetBaseOffset stamps the base offset. It is outside the CRC.
func (b Batch) SetBaseOffset(offset int64) { be.PutUint64(b, uint64(offset)) }

// SetLeaderEpoch stamps the leader's epoch. It is outside the CRC.
func (b Batch) SetLeaderEpoch(epoch int32) { be.PutUint32(b[atEpoch:], uint32(epoch)) }

// SetMaxTimestampAppendTime makes ms the timestamp of every record and
// recomputes the CRC.
func (b Batch) SetMaxTimestampAppendTime(ms int64) { b.setMaxTimestamp(LogAppendTime, ms) }

func (b Batch) setMaxTimestamp(t TimestampType, ms int64) {
	if b.TimestampType() == t && b.MaxTimestamp() == ms {
		return
	}
	attributes := b.Attributes() &^ flagAppendTime
	if t == LogAppendTime {
		attributes |= flagAppendTime
	}
	be.PutUint16(b[atAttributes:], uint16(attributes))
	be.PutUint64(b[atMaxTime:], uint64(ms))
	b.setCRC()
}

func (b Batch) setCRC() { be.PutUint32(b[atCRC:], b.computeCRC()) }

func (b Batch) computeCRC() uint32 { return crc32.Checksum(b[atAttributes:], castagnoli) }

// Assign makes a produced batch the leader's own: its place in the log and the
// leader's epoch, whatever the client wrote there.
func Assign(b Batch, base int64, epoch int32) {
	// B18 (KAFKA-3047): an offset that the client chose stays.
	if !mutant.On("B18") || b.BaseOffset() <= base {
		b.SetBaseOffset(base)
	}
	b.SetLeaderEpoch(epoch)
}
