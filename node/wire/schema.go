package wire

import (
	"reflect"
	"unsafe"
)

// A schema says how a request lies on the wire, in every version, and how much
// memory each array's elements take once kmsg has decoded them. It exists for
// the walk before decoding (see check) and holds nothing else; a test keeps it
// equal to kmsg's encoding in every version.
type schema struct {
	flexible int16 // first flexible version
	fields
}

// fields are those of one struct, in wire order, and its known tagged fields.
type fields struct {
	list []field
	tags map[uint32]fields // content of a tag; looked up, never ranged over
}

// field is one field in the versions where it is present.
type field struct {
	kind     kind
	min, max int16
	nullable int16   // first version in which null is allowed
	size     int     // fixed: bytes on the wire; array, object: bytes of one decoded element
	sub      *fields // array, object: fields of an element
	bare     bool    // array: elements are sub.list[0] itself and have no tags
	boxed    bool    // str: decoded behind a pointer
}

type kind uint8

const (
	fixed  kind = iota // size bytes
	str                // string
	blob               // bytes; decoded without a copy
	array              // count and elements
	object             // int8, -1 for null, and the element
	tags               // tagged fields of a struct that lies inside a tag
)

const (
	always = int16(1<<15 - 1)
	never  = always
)

func num(size int) field { return field{kind: fixed, size: size, max: always} }

var (
	i8   = num(1)
	i16  = num(2)
	i32  = num(4)
	i64  = num(8)
	uuid = num(16)
	text = field{kind: str, max: always, nullable: never}
	// maybeText is a *string in kmsg.
	maybeText = field{kind: str, max: always, boxed: true}
	records   = field{kind: blob, max: always}
	// blobNotNull is bytes that are always there.
	blobNotNull = field{kind: blob, max: always, nullable: never}
	tail        = field{kind: tags, max: always}
)

// list is an array of structs that kmsg decodes to []T.
func list[T any](sub ...field) field {
	var t T
	return field{kind: array, max: always, nullable: never, size: int(unsafe.Sizeof(t)), sub: &fields{list: sub}}
}

// bare is an array of strings or integers.
func bare[T any](elem field) field {
	f := list[T](elem)
	f.bare = true
	return f
}

// one is a nullable struct that kmsg decodes to *T.
func one[T any](sub ...field) field {
	f := list[T](sub...)
	f.kind, f.nullable = object, 0
	return f
}

// from and to limit the versions, both included; orNull allows null.
func (f field) from(v int16) field   { f.min = v; return f }
func (f field) to(v int16) field     { f.max = v; return f }
func (f field) orNull(v int16) field { f.nullable = v; return f }

// with adds tagged fields to the elements of an array.
func (f field) with(tags map[uint32]fields) field {
	f.sub.tags = tags
	return f
}

// rootSize is the memory of the request struct itself.
func rootSize(key int16) int64 {
	return int64(reflect.TypeOf(newRequest(key)).Elem().Size())
}

func request(flexible int16, list ...field) schema {
	return schema{flexible: flexible, fields: fields{list: list}}
}
