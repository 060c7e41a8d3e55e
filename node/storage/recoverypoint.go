package storage

import "hash/crc32"

// recoveryPoint says that all below an offset is on disk for good, together
// with its indexes, epochs and producer snapshot. The file recovery-point of
// each partition holds slots, appended; the last intact one counts:
//
//	int64 offset | int64 log start | int64 high watermark | uint32 position in the segment | uint32 CRC-32C
//
// An intact slot is never written over, so that a torn write leaves the one before.
// A file without an intact slot is no error: recovery then begins at the start.
type recoveryPoint struct {
	offset   int64
	start    int64
	position int64 // of the batch at offset, in the segment that holds it
	high     int64 // high watermark, as far as it was durable here
}

// RecoveryFile is the name of that file.
const RecoveryFile = "recovery-point"

const (
	slotSize       = 32
	slotCRC        = 28             // where it is; it covers what is before it
	recoveryLonger = 128 * slotSize // then the file is written anew
)

func (p recoveryPoint) encode() []byte {
	b := be.AppendUint64(nil, uint64(p.offset))
	b = be.AppendUint64(b, uint64(p.start))
	b = be.AppendUint64(b, uint64(p.high))
	b = be.AppendUint32(b, uint32(p.position))
	return be.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// parseRecoveryPoint finds the last intact slot, and tells whether some slot was
// damaged.
func parseRecoveryPoint(b []byte) (p recoveryPoint, found, damaged bool) {
	for ; len(b) > 0; b = b[min(slotSize, len(b)):] {
		if slot, ok := parseSlot(b); ok {
			p, found = slot, true
		} else {
			damaged = true
		}
	}
	return p, found, damaged
}

// SyncedMark is the log start, and the offset below which, as a recovery-point file
// says, all records were on disk for good; 0 if it says nothing. The file's name is
// RecoveryFile.
func SyncedMark(file []byte) (start, mark int64) {
	p, _, _ := parseRecoveryPoint(file)
	return p.start, max(p.offset, p.high)
}

func parseSlot(b []byte) (recoveryPoint, bool) {
	if len(b) < slotSize || crc32.Checksum(b[:slotCRC], castagnoli) != be.Uint32(b[slotCRC:]) {
		return recoveryPoint{}, false
	}
	p := recoveryPoint{offset: int64(be.Uint64(b)), start: int64(be.Uint64(b[8:])), high: int64(be.Uint64(b[16:])), position: int64(be.Uint32(b[24:]))}
	return p, p.offset >= 0 && p.start >= 0 && p.high >= 0
}
