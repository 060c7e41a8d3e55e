package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"slices"

	"odradek/node/record"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var be = binary.BigEndian

// A producer snapshot is Kafka's ProducerSnapshot, version 1:
//
//	int16 1 | uint32 CRC-32C of what follows | int32 count | entries of 46 bytes:
//	int64 id | int16 epoch | int32 last sequence | int64 last offset | int32 delta
//	| int64 timestamp | int32 coordinator epoch | int64 first offset of the open transaction
//
// Kafka writes one entry for each id, with its last batch. Here an id has an
// entry for each batch of its window, oldest first, because a client may repeat
// any of five after a restart, too. Kafka's reader lets the last of several
// entries count, which is the one that it would have written.
const (
	snapshotVersion = 1
	snapshotHead    = 10 // version, CRC, count
	snapshotBody    = 6  // from here on the CRC covers
	snapshotEntry   = 46
)

var errSnapshot = errors.New("producer snapshot is damaged")

// Encode appends the snapshot to dst.
func (p *Producers) Encode(dst []byte) []byte {
	start, count := len(dst), uint32(0)
	dst = append(dst, make([]byte, snapshotHead)...)
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		for _, a := range p.byID[id].remembered() {
			dst = p.byID[id].encode(dst, id, a)
			count++
		}
	}
	head := dst[start:]
	be.PutUint16(head, snapshotVersion)
	be.PutUint32(head[snapshotBody:], count)
	be.PutUint32(head[2:], crc32.Checksum(head[snapshotBody:], castagnoli))
	return dst
}

// Before are the producers as batches before an offset show them.
func (p *Producers) Before(offset int64) *Producers {
	some := NewProducers()
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		x := *p.byID[id]
		x.owed = owed{} // another log does not owe it
		x.window = slices.DeleteFunc(slices.Clone(x.window), func(a appended) bool { return a.last >= offset })
		if len(x.window) > 0 {
			some.byID[id] = &x
		}
	}
	return some
}

// remembered is the window, or what stands for "no batch yet".
func (p *producer) remembered() []appended {
	if len(p.window) > 0 || p.owed.set && p.epoch == record.NoProducerEpoch {
		return p.window
	}
	return []appended{{firstSeq: record.NoSequence, lastSeq: record.NoSequence, last: -1, time: p.time}}
}

func (p *producer) encode(dst []byte, id int64, a appended) []byte {
	dst = be.AppendUint64(dst, uint64(id))
	dst = be.AppendUint16(dst, uint16(p.epoch))
	dst = be.AppendUint32(dst, uint32(a.lastSeq))
	dst = be.AppendUint64(dst, uint64(a.last))
	dst = be.AppendUint32(dst, uint32(a.delta))
	dst = be.AppendUint64(dst, uint64(a.time))
	dst = be.AppendUint32(dst, uint32(p.txn.coordinatorEpoch))
	return be.AppendUint64(dst, uint64(p.txn.firstOffset))
}

// DecodeProducers reads a snapshot, ours or Kafka's. An error means that it is
// not whole, or damaged; it is then of no use.
func DecodeProducers(b []byte) (*Producers, error) {
	if len(b) < snapshotHead || be.Uint16(b) != snapshotVersion {
		return nil, fmt.Errorf("%w: no version %d in its %d bytes", errSnapshot, snapshotVersion, len(b))
	}
	if crc32.Checksum(b[snapshotBody:], castagnoli) != be.Uint32(b[2:]) {
		return nil, fmt.Errorf("%w: wrong checksum", errSnapshot)
	}
	count, rest := int64(int32(be.Uint32(b[snapshotBody:]))), b[snapshotHead:]
	if count*snapshotEntry != int64(len(rest)) {
		return nil, fmt.Errorf("%w: %d entries in %d bytes", errSnapshot, count, len(rest))
	}
	p := NewProducers()
	for ; len(rest) > 0; rest = rest[snapshotEntry:] {
		if err := p.decodeEntry(rest); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *Producers) decodeEntry(b []byte) error {
	id, epoch := int64(be.Uint64(b)), int16(be.Uint16(b[8:]))
	a := appended{
		lastSeq: int32(be.Uint32(b[10:])),
		last:    int64(be.Uint64(b[14:])),
		delta:   int32(be.Uint32(b[22:])),
		time:    int64(be.Uint64(b[26:])),
	}
	if id < 0 || epoch < 0 || a.lastSeq < record.NoSequence || a.delta < 0 || a.last >= 0 && int64(a.delta) > a.last {
		return fmt.Errorf("%w: producer %d, epoch %d, sequence %d, %d offsets up to %d", errSnapshot, id, epoch, a.lastSeq, a.delta, a.last)
	}
	x := p.of(id)
	x.txn = txnState{int32(be.Uint32(b[34:])), int64(be.Uint64(b[38:]))}
	if a.last < 0 {
		x.renew(epoch)
		x.time = a.time
		return nil
	}
	a.firstSeq = sequenceBefore(a.lastSeq, a.delta)
	x.add(epoch, a)
	return nil
}

// sequenceBefore is the sequence number delta records before last: numbers
// begin again at 0 after MaxInt32.
func sequenceBefore(last, delta int32) int32 {
	switch {
	case last == record.NoSequence:
		return last
	case last >= delta:
		return last - delta
	}
	return math.MaxInt32 - (delta - last) + 1
}
