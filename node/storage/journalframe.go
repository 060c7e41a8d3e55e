package storage

import (
	"bytes"
	"hash/crc32"

	"odradek/node/env"
	"odradek/node/record"
)

// A journal is one file, zero-written in advance, of which two halves are used in
// turn (where they lie changes as it grows):
//
//	| header, 512 | half 0: frame frame frame 0 0 0 | half 1: frame (older frames) |
//
//	header  "ODRJRNL1" | directory's id, 16 | journal's id, uint64 | uint32 CRC-32C
//	frame   uint32 magic | uint32 size | uint32 CRC-32C of the rest | journal's id, uint64 |
//	        uint64 sequence | uint64 synced | uint64 needed | entries
//	entry   uint8 kind | uint16 size of name | topic's id, 16 | int64 known | int64 offset |
//	        int32 leader epoch | uint32 size of batches | name | batches
//
// Each frame has the next sequence number; none is ever used again in a file, so that
// the frames of an earlier turn are told from those of this one. All up to synced was
// durable when the frame was written: a hole there is no torn tail. What is before
// needed has been synced in the segments. A journal's id is drawn by chance: no
// client can make a batch that looks like a frame.
//
// Of an entry, known is what was durable of the log by then, and offset that of the
// first batch, or of a cut where the log ends.
const (
	journalMagic  = "ODRJRNL1"
	journalHeader = 512
	frameMagic    = 0x4f4a4652 // "OJFR"
	frameHeader   = 44
	frameCRC      = 8 // where it is; it covers what is behind it
	entryHeader   = 43
)

// Kinds of entries.
const (
	entryBatches = 1
	entryCut     = 2
)

// nothing is where a log is cut of which nothing stays.
const nothing = -1

func encodeHeader(dir env.UUID, id uint64) []byte {
	b := append([]byte(journalMagic), dir[:]...)
	b = be.AppendUint64(b, id)
	b = be.AppendUint32(b, crc32.Checksum(b, castagnoli))
	return append(b, make([]byte, journalHeader-len(b))...)
}

func decodeHeader(b []byte) (dir env.UUID, id uint64, ok bool) {
	const size = len(journalMagic) + 16 + 8
	if len(b) < journalHeader || string(b[:len(journalMagic)]) != journalMagic || crc32.Checksum(b[:size], castagnoli) != be.Uint32(b[size:]) {
		return dir, 0, false
	}
	copy(dir[:], b[len(journalMagic):])
	return dir, be.Uint64(b[size-8:]), true
}

// frame is the head of a frame.
type frame struct {
	id, seq, synced, needed uint64
	entries                 []byte
}

// appendHead leaves room for what seal fills in.
func (f frame) appendHead(b []byte) []byte {
	b = be.AppendUint32(b, frameMagic)
	b = be.AppendUint64(b, 0)
	for _, x := range []uint64{f.id, f.seq, f.synced, f.needed} {
		b = be.AppendUint64(b, x)
	}
	return b
}

// sealFrame ends a frame whose entries are all there.
func sealFrame(b []byte) {
	be.PutUint32(b[4:], uint32(len(b)))
	be.PutUint32(b[frameCRC:], crc32.Checksum(b[frameCRC+4:], castagnoli))
}

// decodeFrame reads the intact frame at the beginning of b, and tells its size.
func decodeFrame(b []byte) (f frame, size int, ok bool) {
	if len(b) < frameHeader || be.Uint32(b) != frameMagic {
		return f, 0, false
	}
	size = int(be.Uint32(b[4:]))
	if size < frameHeader || size > len(b) || crc32.Checksum(b[frameCRC+4:size], castagnoli) != be.Uint32(b[frameCRC:]) {
		return f, 0, false
	}
	f = frame{be.Uint64(b[12:]), be.Uint64(b[20:]), be.Uint64(b[28:]), be.Uint64(b[36:]), b[frameHeader:size]}
	return f, size, true
}

// framesIn finds all intact frames of a file, wherever they begin.
func framesIn(b []byte, id uint64) (all []frame) {
	magic := be.AppendUint32(nil, frameMagic)
	for {
		at := bytes.Index(b, magic)
		if at < 0 {
			return all
		}
		b = b[at:]
		f, size, ok := decodeFrame(b)
		if !ok || f.id != id {
			b = b[1:]
			continue
		}
		all = append(all, f)
		b = b[size:]
	}
}

// journalEntry is what one frame has of one log.
type journalEntry struct {
	kind    byte
	name    string // of its directory
	topic   env.UUID
	known   int64
	offset  int64
	epoch   int32
	batches []byte
}

func (e journalEntry) appendHead(b []byte, size int) []byte {
	b = append(b, e.kind)
	b = be.AppendUint16(b, uint16(len(e.name)))
	b = append(b, e.topic[:]...)
	b = be.AppendUint64(b, uint64(e.known))
	b = be.AppendUint64(b, uint64(e.offset))
	b = be.AppendUint32(b, uint32(e.epoch))
	b = be.AppendUint32(b, uint32(size))
	return append(b, e.name...)
}

// decodeEntry reads the first entry of a frame's; rest are the others.
func decodeEntry(b []byte) (e journalEntry, rest []byte, ok bool) {
	if len(b) < entryHeader {
		return e, nil, false
	}
	name, size := int(be.Uint16(b[1:])), int(be.Uint32(b[39:]))
	if size > len(b) || entryHeader+name+size > len(b) {
		return e, nil, false
	}
	e = journalEntry{
		kind: b[0], known: int64(be.Uint64(b[19:])), offset: int64(be.Uint64(b[27:])), epoch: int32(be.Uint32(b[35:])),
		name: string(b[entryHeader : entryHeader+name]), batches: b[entryHeader+name : entryHeader+name+size],
	}
	copy(e.topic[:], b[3:])
	return e, b[entryHeader+name+size:], true
}

// wholeBatches are the batches of an entry, up to the first that is none.
func (e journalEntry) wholeBatches() (all []record.Batch) {
	for b, err := range record.Batches(e.batches) {
		if err != nil || record.Check(b) != nil {
			break
		}
		all = append(all, b)
	}
	return all
}
