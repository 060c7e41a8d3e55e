package record

import (
	"fmt"
	"io"
)

// cursor reads the records of a batch: all bytes at once when they are not
// compressed, else chunk by chunk from a decompressor, so that memory stays
// bounded whatever the data expands to.
//
//	stream   |------ before ------|======= buf =======|··· rd ···
//	                                   ^ pos
type cursor struct {
	buf    []byte
	pos    int
	before int64     // bytes of the stream that lie before buf
	limit  int64     // the stream may not be longer; 0: no limit
	rd     io.Reader // nil: buf is all there is
	err    error     // why the stream ended, once buf is used up
}

// offset is how many bytes of the stream have been read.
func (c *cursor) offset() int64 { return c.before + int64(c.pos) }

// fill replaces the used-up buf by the next chunk.
func (c *cursor) fill() error {
	if c.rd == nil {
		return io.EOF
	}
	if c.err != nil {
		return c.err
	}
	c.before += int64(len(c.buf))
	c.buf, c.pos = c.buf[:cap(c.buf)], 0
	n, err := readSome(c.rd, c.buf)
	c.buf, c.err = c.buf[:n], err
	if c.limit > 0 && c.before+int64(n) > c.limit {
		c.buf, c.err = nil, fmt.Errorf("more than %d bytes: %w", c.limit, ErrTooLarge)
	}
	if len(c.buf) == 0 {
		return c.err
	}
	return nil
}

// maxEmptyReads is how often a reader may return nothing before it is given up.
const maxEmptyReads = 100

// readSome reads at least a byte, or says why not.
func readSome(rd io.Reader, buf []byte) (int, error) {
	for range maxEmptyReads {
		if n, err := rd.Read(buf); n > 0 || err != nil {
			return n, compressionFault(err)
		}
	}
	return 0, fmt.Errorf("%w: %w", io.ErrNoProgress, ErrCompression)
}

func (c *cursor) byte() (byte, error) {
	if c.pos == len(c.buf) {
		if err := c.fill(); err != nil {
			return 0, short(err)
		}
	}
	v := c.buf[c.pos]
	c.pos++
	return v, nil
}

// skip passes over n bytes; a negative n is a null field and none.
func (c *cursor) skip(n int64) error {
	for n > 0 {
		have := int64(len(c.buf) - c.pos)
		if n <= have {
			c.pos += int(n)
			return nil
		}
		c.pos, n = len(c.buf), n-have
		if err := c.fill(); err != nil {
			return short(err)
		}
	}
	return nil
}

// end makes sure that nothing is left.
func (c *cursor) end() error {
	if c.pos < len(c.buf) {
		return errSurplus
	}
	switch err := c.fill(); err {
	case io.EOF:
		return nil
	case nil:
		return errSurplus
	default:
		return err
	}
}

// Faults of the records' structure. They are made once: the uncompressed path
// allocates nothing even when it refuses.
var (
	errShort   = fmt.Errorf("they end early: %w", ErrRecords)
	errSurplus = fmt.Errorf("bytes are left over: %w", ErrRecords)
	errVarint  = fmt.Errorf("a varint is too long: %w", ErrRecords)
	errLength  = fmt.Errorf("a record has another length than it declares: %w", ErrRecords)
	errHeaders = fmt.Errorf("impossible record headers: %w", ErrRecords)
	errDelta   = fmt.Errorf("offset deltas do not count up from 0: %w", ErrRecords)
)

func short(err error) error {
	if err == io.EOF {
		return errShort
	}
	return err
}

// varint reads a zigzag number of at most 5 bytes.
func (c *cursor) varint() (int32, error) {
	if c.pos < len(c.buf) && c.buf[c.pos] < 0x80 {
		v := uint32(c.buf[c.pos])
		c.pos++
		return int32(v>>1) ^ -int32(v&1), nil
	}
	v, err := c.uvarint(5)
	return int32(uint32(v)>>1) ^ -int32(v&1), err
}

// varlong reads a zigzag number of at most 10 bytes.
func (c *cursor) varlong() (int64, error) {
	v, err := c.uvarint(10)
	return int64(v>>1) ^ -int64(v&1), err
}

func (c *cursor) uvarint(most int) (v uint64, err error) {
	for i := range most {
		b, err := c.byte()
		if err != nil {
			return 0, err
		}
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			return v, nil
		}
	}
	return 0, errVarint
}
