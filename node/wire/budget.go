package wire

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kbin"
)

// Memory that kmsg takes for what is not an array element, in bytes. Go rounds
// an allocation up to a size class, which adds at most a quarter, or 16 bytes.
const (
	pointee    = 16  // a string's header behind a pointer
	firstTag   = 512 // a map of unknown tagged fields, with its first group
	furtherTag = 256 // each further entry, all the doublings on the way included
)

// walker reads a message's shape from its bytes and sums the memory that
// decoding takes. It takes none itself.
type walker struct {
	kbin.Reader
	version  int16
	flexible bool
	left     int64 // of the budget
	fault    error
}

// check walks a body before it is decoded. It fails with ErrBudget when the
// decoded message would take more than budget bytes, and with ErrMalformed when
// the bytes end too early, or hold a null where Kafka allows none.
func check(key, version int16, body []byte, budget int64) error {
	w := walk(key, version, body, budget)
	return w.verdict()
}

func walk(key, version int16, body []byte, budget int64) walker {
	s := schemas[key]
	w := walker{
		Reader:   kbin.Reader{Src: body},
		version:  version,
		flexible: version >= s.flexible,
		left:     budget,
	}
	w.spend(allocated(rootSize(key)))
	w.object(&s.fields)
	return w
}

func (w *walker) verdict() error {
	if w.fault == nil && !w.Ok() {
		w.fault = fmt.Errorf("%w: ends too early", ErrMalformed)
	}
	return w.fault
}

// good is false once anything was wrong: nothing more is walked then.
func (w *walker) good() bool { return w.fault == nil && w.Ok() }

func (w *walker) spend(n int64) {
	if w.left -= n; w.left < 0 && w.fault == nil {
		w.fault = ErrBudget
	}
}

// allocated is an upper bound of what one allocation of n bytes takes.
func allocated(n int64) int64 { return n + n/4 + 16 }

// object walks the fields of a struct, and its tags.
func (w *walker) object(f *fields) {
	w.plain(f)
	if w.flexible {
		w.tags(f.tags)
	}
}

func (w *walker) plain(f *fields) {
	for i := range f.list {
		if fd := &f.list[i]; w.version >= fd.min && w.version <= fd.max && w.good() {
			w.field(fd)
		}
	}
}

func (w *walker) field(f *field) {
	switch f.kind {
	case fixed:
		w.Span(f.size)
	case str:
		w.str(f)
	case blob:
		w.blob(f)
	case array:
		w.array(f)
	case object:
		w.pointer(f)
	case tags:
		w.tags(nil)
	}
}

func (w *walker) str(f *field) {
	n := w.length(2)
	if w.null(f, n) || !w.good() {
		return
	}
	if f.boxed {
		w.spend(pointee)
	}
	if n > 0 {
		w.spend(allocated(int64(n)))
	}
	w.Span(n)
}

func (w *walker) blob(f *field) {
	if n := w.length(4); !w.null(f, n) {
		w.Span(n)
	}
}

func (w *walker) array(f *field) {
	n := w.length(4)
	if w.null(f, n) || !w.good() || n == 0 {
		return
	}
	if n > len(w.Src) {
		w.fault = fmt.Errorf("%w: array of %d in %d bytes", ErrMalformed, n, len(w.Src))
		return
	}
	w.spend(allocated(int64(n) * int64(f.size)))
	for ; n > 0 && w.good(); n-- {
		w.element(f)
	}
}

func (w *walker) element(f *field) {
	if f.bare {
		w.plain(f.sub)
	} else {
		w.object(f.sub)
	}
}

func (w *walker) pointer(f *field) {
	if w.Int8() == -1 || !w.good() {
		return
	}
	w.spend(allocated(int64(f.size)))
	w.object(f.sub)
}

// length reads a length or count: a uvarint of n+1 in flexible versions, else
// an int16 or int32. -1 is null.
func (w *walker) length(size int) int {
	switch {
	case w.flexible:
		return int(w.Uvarint()) - 1
	case size == 2:
		return int(w.Int16())
	default:
		return int(w.Int32())
	}
}

// null tells whether a length means null, and refuses it where it may not be.
func (w *walker) null(f *field, n int) bool {
	if n < 0 && w.good() && (n < -1 || w.version < f.nullable) {
		w.fault = fmt.Errorf("%w: length %d where it cannot be", ErrMalformed, n)
	}
	return n < 0
}

// tags walks tagged fields: count, then key, size and content of each.
func (w *walker) tags(known map[uint32]fields) {
	cost := int64(firstTag)
	for n := w.Uvarint(); n > 0 && w.good(); n-- {
		key := w.Uvarint()
		content := w.Span(int(w.Uvarint()))
		if f, ok := known[key]; ok {
			w.within(content, &f)
			continue
		}
		w.spend(cost)
		cost = furtherTag
	}
}

// within walks the content of a known tag.
func (w *walker) within(content []byte, f *fields) {
	if !w.good() {
		return
	}
	sub := *w
	sub.Reader = kbin.Reader{Src: content}
	sub.plain(f)
	w.left, w.fault = sub.left, sub.verdict()
}
