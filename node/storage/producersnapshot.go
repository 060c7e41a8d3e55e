package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var be = binary.BigEndian

// A producer snapshot is Kafka's ProducerSnapshot, version 1:
//
//	int16 1 | uint32 CRC-32C of what follows | int32 count | entries of 46 bytes:
//	int64 id | int16 epoch | int32 last sequence | int64 last offset | int32 delta
//	| int64 timestamp | int32 coordinator epoch | int64 first offset of the open transaction
const (
	snapshotVersion = 1
	snapshotHead    = 6
	snapshotEntry   = 46
)

var errSnapshot = errors.New("producer snapshot is damaged")

// Encode appends the snapshot. As in Kafka it keeps of each producer the last
// batch alone.
func (p *Producers) Encode(dst []byte) []byte {
	start := len(dst)
	dst = be.AppendUint16(dst, snapshotVersion)
	dst = append(dst, 0, 0, 0, 0)
	dst = be.AppendUint32(dst, uint32(len(p.byID)))
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		dst = p.byID[id].encode(dst, id)
	}
	body := dst[start+snapshotHead:]
	be.PutUint32(dst[start+2:], crc32.Checksum(body, castagnoli))
	return dst
}

func (p *producer) encode(dst []byte, id int64) []byte {
	last := appended{firstSeq: -1, lastSeq: -1, last: -1}
	if n := len(p.window); n > 0 {
		last = p.window[n-1]
	}
	dst = be.AppendUint64(dst, uint64(id))
	dst = be.AppendUint16(dst, uint16(p.epoch))
	dst = be.AppendUint32(dst, uint32(last.lastSeq))
	dst = be.AppendUint64(dst, uint64(last.last))
	dst = be.AppendUint32(dst, uint32(last.delta))
	dst = be.AppendUint64(dst, uint64(p.time))
	dst = be.AppendUint32(dst, uint32(p.txn.coordinatorEpoch))
	return be.AppendUint64(dst, uint64(p.txn.firstOffset))
}

// DecodeProducers reads a snapshot.
func DecodeProducers(b []byte) (*Producers, error) {
	if len(b) < snapshotHead+4 || be.Uint16(b) != snapshotVersion {
		return nil, fmt.Errorf("%w: %d bytes", errSnapshot, len(b))
	}
	if crc32.Checksum(b[snapshotHead:], castagnoli) != be.Uint32(b[2:]) {
		return nil, fmt.Errorf("%w: wrong checksum", errSnapshot)
	}
	count, rest := int64(int32(be.Uint32(b[snapshotHead:]))), b[snapshotHead+4:]
	if count*snapshotEntry != int64(len(rest)) {
		return nil, fmt.Errorf("%w: %d entries in %d bytes", errSnapshot, count, len(rest))
	}
	p := NewProducers()
	for ; len(rest) > 0; rest = rest[snapshotEntry:] {
		p.decodeOne(rest)
	}
	return p, nil
}

func (p *Producers) decodeOne(b []byte) {
	x := &producer{epoch: int16(be.Uint16(b[8:])), time: int64(be.Uint64(b[26:]))}
	x.txn = txnState{int32(be.Uint32(b[34:])), int64(be.Uint64(b[38:]))}
	last := appended{lastSeq: int32(be.Uint32(b[10:])), last: int64(be.Uint64(b[14:])), delta: int32(be.Uint32(b[22:])), time: x.time}
	if last.lastSeq >= 0 {
		last.firstSeq = firstOf(last.lastSeq, last.delta)
		x.window = []appended{last}
	}
	p.byID[int64(be.Uint64(b))] = x
}

// firstOf is the sequence number delta before last, around the wrap.
func firstOf(last, delta int32) int32 {
	if first := int64(last) - int64(delta); first >= 0 {
		return int32(first)
	} else {
		return int32(first + 1<<31)
	}
}
