package group

import (
	"encoding/binary"
	"errors"
	"fmt"

	"odradek/node/env"
)

// A packer writes the primitives of Kafka's flexible versions:
//
//	string   | uvarint length+1 | bytes          0: null
//	array    | uvarint count+1 | elements        0: null
//	tags     | uvarint count | (uvarint tag | uvarint size | bytes)*
type packer struct{ to []byte }

func (p *packer) int8(v int8)     { p.to = append(p.to, byte(v)) }
func (p *packer) int32(v int32)   { p.to = binary.BigEndian.AppendUint32(p.to, uint32(v)) }
func (p *packer) int64(v int64)   { p.to = binary.BigEndian.AppendUint64(p.to, uint64(v)) }
func (p *packer) uvarint(v int)   { p.to = binary.AppendUvarint(p.to, uint64(v)) }
func (p *packer) uuid(v env.UUID) { p.to = append(p.to, v[:]...) }
func (p *packer) count(n int)     { p.uvarint(n + 1) }
func (p *packer) string(v string) { p.count(len(v)); p.to = append(p.to, v...) }
func (p *packer) bytes(v []byte)  { p.count(len(v)); p.to = append(p.to, v...) }
func (p *packer) nullable(v *string) {
	if v == nil {
		p.uvarint(0)
		return
	}
	p.string(*v)
}

// tag writes the one tagged field of a structure; nil: it has its default, and
// is not written.
func (p *packer) tag(number int, value []byte) {
	if value == nil {
		p.uvarint(0)
		return
	}
	p.uvarint(1)
	p.uvarint(number)
	p.uvarint(len(value))
	p.to = append(p.to, value...)
}

// An unpacker reads them. After the first error it reads zeros.
type unpacker struct {
	from []byte
	err  error
}

var errShort = errors.New("it ends too early")

func (u *unpacker) take(n int) []byte {
	if u.err == nil && (n < 0 || n > len(u.from)) {
		u.err = errShort
	}
	if u.err != nil {
		return nil
	}
	taken := u.from[:n]
	u.from = u.from[n:]
	return taken
}

func (u *unpacker) int8() int8 {
	if b := u.take(1); b != nil {
		return int8(b[0])
	}
	return 0
}

func (u *unpacker) int16() int16 {
	if b := u.take(2); b != nil {
		return int16(binary.BigEndian.Uint16(b))
	}
	return 0
}

func (u *unpacker) int32() int32 {
	if b := u.take(4); b != nil {
		return int32(binary.BigEndian.Uint32(b))
	}
	return 0
}

func (u *unpacker) int64() int64 {
	if b := u.take(8); b != nil {
		return int64(binary.BigEndian.Uint64(b))
	}
	return 0
}

func (u *unpacker) uuid() (id env.UUID) {
	copy(id[:], u.take(len(id)))
	return id
}

func (u *unpacker) uvarint() int {
	v, n := binary.Uvarint(u.from)
	if n <= 0 || v > 1<<31 {
		n = len(u.from) + 1
	}
	u.take(n)
	if u.err != nil {
		return 0
	}
	return int(v)
}

// count is the number of elements of an array, each of which takes a byte at
// least; -1: null.
func (u *unpacker) count() int {
	n := u.uvarint() - 1
	if n > len(u.from) {
		u.err = errShort
	}
	if u.err != nil {
		return -1
	}
	return n
}

func (u *unpacker) bytes() []byte {
	n := u.count()
	if n < 0 {
		return nil
	}
	return append([]byte{}, u.take(n)...)
}

func (u *unpacker) nullable() *string {
	n := u.count()
	if n < 0 {
		return nil
	}
	s := string(u.take(n))
	return &s
}

func (u *unpacker) string() string {
	s := u.nullable()
	if s == nil {
		if u.err == nil {
			u.err = errors.New("a string that must be there is null")
		}
		return ""
	}
	return *s
}

// tags reads the tagged fields of a structure, of which one at most is known; the
// others are of later versions.
func (u *unpacker) tags(number int, read func(field *unpacker)) {
	for range u.uvarint() {
		if u.err != nil {
			return
		}
		tag := u.uvarint()
		field := &unpacker{from: u.take(u.uvarint())}
		if tag == number && read != nil && u.err == nil {
			read(field)
			u.err = field.err
		}
	}
}

// noTags passes over the tagged fields of a structure that has none that is known.
func (u *unpacker) noTags() { u.tags(-1, nil) }

// version reads the version that a value begins with; all have version 0 only.
func (u *unpacker) version() {
	if v := u.int16(); v != 0 && u.err == nil {
		u.err = fmt.Errorf("version %d is not known", v)
	}
}
