package record

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/klauspost/compress/s2"
)

// Snappy comes in two forms: as one raw block (librdkafka and others), or in
// the frame of the xerial library, which Java uses:
//
//	82 "SNAPPY" 00 | int32 version | int32 oldest compatible version | blocks
//	block: int32 length | raw snappy block (Java: 32 KiB before compression)
//
// Java concatenates whole frames; a frame's head may come between blocks.
var xerialMagic = []byte{0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0}

const (
	xerialHead  = 16
	xerialBlock = 32 << 10
)

var errSnappy = fmt.Errorf("snappy: %w", ErrCompression)

// snappyReader decodes block by block. A block's memory is what it really
// decodes to, never what it merely claims.
type snappyReader struct {
	src    []byte
	framed bool
	block  []byte // decoded, its memory kept for the next
	pos    int
}

func (r *snappyReader) reset(src []byte) {
	r.framed = bytes.HasPrefix(src, xerialMagic)
	r.src, r.block, r.pos = src, r.block[:0], 0
}

// Read gives what is left of the current block, or of the next.
func (r *snappyReader) Read(p []byte) (int, error) {
	for r.pos == len(r.block) {
		if len(r.src) == 0 {
			return 0, io.EOF
		}
		raw, err := r.nextBlock()
		if err != nil {
			return 0, err
		}
		if err = r.decode(raw); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.block[r.pos:])
	r.pos += n
	return n, nil
}

// nextBlock cuts the next raw block off src; nil if only a head was left.
func (r *snappyReader) nextBlock() (raw []byte, err error) {
	if !r.framed {
		raw, r.src = r.src, nil
		return raw, nil
	}
	if bytes.HasPrefix(r.src, xerialMagic) {
		if len(r.src) < xerialHead {
			return nil, errSnappy
		}
		r.src = r.src[xerialHead:]
		if len(r.src) == 0 {
			return nil, nil
		}
	}
	if len(r.src) < 4 {
		return nil, errSnappy
	}
	n := int64(int32(be.Uint32(r.src)))
	if n < 0 || n > int64(len(r.src)-4) {
		return nil, errSnappy
	}
	raw, r.src = r.src[4:4+n], r.src[4+n:]
	return raw, nil
}

func (r *snappyReader) decode(raw []byte) error {
	r.block, r.pos = r.block[:0], 0
	if len(raw) == 0 {
		return nil
	}
	if !snappyLengthIsTrue(raw) {
		return errSnappy
	}
	block, err := s2.Decode(r.block[:cap(r.block)], raw)
	if err != nil {
		return errSnappy
	}
	r.block = block
	return nil
}

// snappyLengthIsTrue adds up the elements of a block and compares with the
// length that it declares. It also refuses what is S2 and not snappy (copies
// at distance 0), which the decoder would take and other clients would not.
func snappyLengthIsTrue(raw []byte) bool {
	declared, head := binary.Uvarint(raw)
	if head <= 0 || declared > 1<<32-1 {
		return false
	}
	var sum uint64
	for s := raw[head:]; len(s) > 0; {
		produced, consumed := snappyElement(s)
		if consumed == 0 || consumed > uint64(len(s)) {
			return false
		}
		sum += produced
		s = s[consumed:]
	}
	return sum == declared
}

// snappyElement tells how many bytes the first element of s makes, and how
// many it takes; 0 taken: it is none.
func snappyElement(s []byte) (produced, consumed uint64) {
	tag := uint64(s[0])
	var word [4]byte
	copy(word[:], s[1:])
	arg := uint64(binary.LittleEndian.Uint32(word[:]))
	switch tag & 3 {
	case 0:
		n := tag >> 2
		if n < 60 {
			return n + 1, n + 2
		}
		extra := n - 59
		n = arg & (1<<(8*extra) - 1)
		return n + 1, n + 2 + extra
	case 1:
		if tag>>5 == 0 && arg&0xff == 0 {
			return 0, 0
		}
		return 4 + tag>>2&7, 2
	case 2:
		if arg&0xffff == 0 {
			return 0, 0
		}
		return 1 + tag>>2, 3
	}
	if arg == 0 {
		return 0, 0
	}
	return 1 + tag>>2, 5
}

// appendXerial compresses data in Java's framing.
func appendXerial(dst, data []byte) []byte {
	dst = append(dst, xerialMagic...)
	dst = append(dst, 0, 0, 0, 1, 0, 0, 0, 1)
	var block []byte
	for len(data) > 0 {
		n := min(len(data), xerialBlock)
		block = s2.EncodeSnappy(block[:cap(block)], data[:n])
		dst = be.AppendUint32(dst, uint32(len(block)))
		dst = append(dst, block...)
		data = data[n:]
	}
	return dst
}
