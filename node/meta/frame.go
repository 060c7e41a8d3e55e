package meta

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// frameVersion is the only version of the frame so far.
const frameVersion = 1

// ErrRecord is wrapped by every error of Decode.
var ErrRecord = errors.New("not a metadata record")

// Encode appends the value of a log record (Kafka's MetadataRecordSerde):
//
//	uvarint  frame version: 1
//	uvarint  key of the record's type
//	uvarint  version of its fields: the newest
//	         the fields, and the tagged ones
func Encode(dst []byte, r Record) []byte {
	k := r.kind()
	dst = binary.AppendUvarint(dst, frameVersion)
	dst = binary.AppendUvarint(dst, uint64(k.key))
	dst = binary.AppendUvarint(dst, uint64(k.version))
	c := coder{buf: dst, version: k.version}
	r.fields(&c)
	return c.buf
}

// Decode reads what Encode or Kafka wrote, in any version that Kafka 4.4.0
// knows. The record keeps no reference to b. Unknown tagged fields are skipped;
// anything else that is not understood is an error that wraps ErrRecord.
func Decode(b []byte) (Record, error) {
	c := coder{buf: b, reading: true}
	if frame := c.uvarint(); c.err == nil && frame != frameVersion {
		c.fail("frame version %d", frame)
	}
	key, version := c.uvarint(), c.uvarint()
	if c.err != nil {
		return nil, c.err
	}
	if key > 1<<15-1 || blank(int16(key)) == nil {
		return nil, fmt.Errorf("%w: unknown type %d", ErrRecord, key)
	}
	r := blank(int16(key))
	if version > uint64(r.kind().version) {
		return nil, fmt.Errorf("%w: %T in version %d", ErrRecord, r, version)
	}
	c.version = int16(version)
	r.fields(&c)
	if c.err == nil && len(c.buf) > 0 {
		c.fail("%d bytes too many", len(c.buf))
	}
	if c.err != nil {
		return nil, fmt.Errorf("%T: %w", r, c.err)
	}
	return r, nil
}
