package meta

import (
	"encoding/binary"
	"fmt"
	"math"

	"odradek/node/env"
)

// coder walks a record's fields in wire order, and appends or takes each of
// them: one description of a layout serves both ways. After an error it takes
// nothing more.
type coder struct {
	buf     []byte // what is written so far, or what is left to read
	version int16
	reading bool
	err     error
}

func (c *coder) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%w: %s", ErrRecord, fmt.Sprintf(format, args...))
	}
}

// take cuts n bytes off what is left; nil after an error.
func (c *coder) take(n uint64) []byte {
	if c.err != nil {
		return nil
	}
	if n > uint64(len(c.buf)) {
		c.fail("it ends too early")
		return nil
	}
	b := c.buf[:n]
	c.buf = c.buf[n:]
	return b
}

func (c *coder) uvarint() uint64 {
	if c.err != nil {
		return 0
	}
	v, n := binary.Uvarint(c.buf)
	if n <= 0 || v > math.MaxUint32 {
		c.fail("bad variable-length number")
		return 0
	}
	c.buf = c.buf[n:]
	return v
}

func (c *coder) putUvarint(v uint64) { c.buf = binary.AppendUvarint(c.buf, v) }

// number walks a big-endian integer of size bytes; write and read convert it.
func (c *coder) number(size int, v uint64, set func(uint64)) {
	if !c.reading {
		for i := size - 1; i >= 0; i-- {
			c.buf = append(c.buf, byte(v>>(8*i)))
		}
		return
	}
	b := c.take(uint64(size))
	if b == nil {
		return
	}
	v = 0
	for _, x := range b {
		v = v<<8 | uint64(x)
	}
	set(v)
}

func (c *coder) int8(p *int8)     { c.number(1, uint64(*p), func(v uint64) { *p = int8(v) }) }
func (c *coder) int16(p *int16)   { c.number(2, uint64(*p), func(v uint64) { *p = int16(v) }) }
func (c *coder) uint16(p *uint16) { c.number(2, uint64(*p), func(v uint64) { *p = uint16(v) }) }
func (c *coder) int32(p *int32)   { c.number(4, uint64(*p), func(v uint64) { *p = int32(v) }) }
func (c *coder) int64(p *int64)   { c.number(8, uint64(*p), func(v uint64) { *p = int64(v) }) }

func (c *coder) bool(p *bool) {
	var v uint64
	if *p {
		v = 1
	}
	c.number(1, v, func(v uint64) { *p = v != 0 })
}

func (c *coder) uuid(p *env.UUID) {
	if !c.reading {
		c.buf = append(c.buf, p[:]...)
		return
	}
	copy(p[:], c.take(16))
}

// string walks a compact string: length plus one as a uvarint, and the bytes.
func (c *coder) string(p *string) {
	s := p
	c.nullString(&s)
	if s == nil {
		c.fail("null where a string must be")
		return
	}
	*p = *s
}

// nullString walks a compact string that may be null, as length zero.
func (c *coder) nullString(p **string) {
	if !c.reading {
		if *p == nil {
			c.putUvarint(0)
			return
		}
		c.putUvarint(uint64(len(**p)) + 1)
		c.buf = append(c.buf, **p...)
		return
	}
	*p = nil
	if n := c.uvarint(); n > 0 {
		if b := c.take(n - 1); c.err == nil {
			s := string(b)
			*p = &s
		}
	}
}
