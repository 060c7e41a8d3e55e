package models

import (
	"slices"

	"github.com/anishathalye/porcupine"
)

// Untold stands where a client was not told an offset.
const Untold = int64(-1)

// Record is one record as a reader saw it.
type Record struct {
	Offset int64
	Value  uint64
}

// Append asks to add Values, as one batch, at the end of the log. An Optional
// append is one whose fate nobody learned: it may take effect or not.
type Append struct {
	Values   []uint64
	Optional bool
}

// Appended answers an Append: the offset of its first value, or Untold.
type Appended struct{ Base int64 }

// Read asks for records from offset From (Untold: wherever the reader was) and
// for the end of the log. Lagging readers may be told an older, smaller end.
type Read struct {
	From    int64
	Lagging bool
}

// Seen answers a Read: records in offset order, and the end of the log as the
// answer stated it (one past the last visible record), or Untold.
type Seen struct {
	Records []Record
	End     int64
}

// Known is what is known of the log when a window of a history begins: it is
// End records long, and Value tells the record at an offset, if that was ever
// told (later counts too) and somebody had sent it; what is not known cannot be
// read. Value may be asked for any offset, beyond End too: an Optional append
// cannot lie where other values were seen.
type Known struct {
	End   int64
	Value func(offset int64) (value uint64, known bool)
}

// Empty is the log of a topic just created.
func Empty() Known {
	return Known{Value: func(int64) (uint64, bool) { return 0, false }}
}

// Log is the specification of one partition's log. The state is the records
// appended since the window began, behind the Known prefix:
//
//	0 ............ known.End ............ known.End+len(tail)
//	|  prefix, shared  |  tail, copied on append  |  next append
func Log(known Known) porcupine.Model {
	l := &log{known: known}
	m := porcupine.NondeterministicModel{
		Init:              func() []any { return []any{tail(nil)} },
		Step:              l.step,
		Equal:             func(a, b any) bool { return slices.Equal(a.(tail), b.(tail)) },
		Hash:              func(s any) uint64 { return s.(tail).hash() },
		DescribeOperation: describeOperation,
		DescribeState:     l.describeState,
	}
	return m.ToModel()
}

type log struct{ known Known }

type tail []uint64

func (t tail) hash() uint64 {
	h := uint64(14695981039346656037)
	for _, v := range t {
		h = (h ^ v) * 1099511628211
	}
	return h
}

func (t tail) with(values []uint64) tail {
	return slices.Concat(t, values)
}

func (l *log) end(t tail) int64 { return l.known.End + int64(len(t)) }

func (l *log) step(s, input, output any) []any {
	t := s.(tail)
	switch in := input.(type) {
	case Append:
		return l.append(t, in, output.(Appended))
	case Read:
		if l.read(t, in, output.(Seen)) {
			return []any{t}
		}
	}
	return nil
}

func (l *log) append(t tail, in Append, out Appended) []any {
	if in.Optional {
		if l.taken(l.end(t), in.Values) {
			return []any{t}
		}
		return []any{t, t.with(in.Values)}
	}
	if out.Base != Untold && out.Base != l.end(t) {
		return nil
	}
	return []any{t.with(in.Values)}
}

// taken holds where others than these values were seen, sooner or later.
func (l *log) taken(base int64, values []uint64) bool {
	for i, mine := range values {
		if v, known := l.known.Value(base + int64(i)); known && v != mine {
			return true
		}
	}
	return false
}

// read holds when the answer is a contiguous piece of the log that starts
// where the reader asked, within the end that the answer itself states.
func (l *log) read(t tail, in Read, out Seen) bool {
	end := l.end(t)
	if !endFits(in, out, end) {
		return false
	}
	next := in.From
	for _, r := range out.Records {
		if (next != Untold && r.Offset != next) || !l.holds(t, r) {
			return false
		}
		next = r.Offset + 1
	}
	return next <= end || len(out.Records) == 0
}

func endFits(in Read, out Seen, end int64) bool {
	if out.End == Untold {
		return true
	}
	if n := len(out.Records); n > 0 && out.Records[n-1].Offset >= out.End {
		return false
	}
	return out.End == end || (in.Lagging && out.End < end)
}

func (l *log) holds(t tail, r Record) bool {
	if r.Offset < 0 || r.Offset >= l.end(t) {
		return false
	}
	if r.Offset >= l.known.End {
		return t[r.Offset-l.known.End] == r.Value
	}
	v, known := l.known.Value(r.Offset)
	return known && v == r.Value
}
