package checker

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
)

// longestLine bounds a line, in bytes.
const longestLine = 64 << 20

// ReadLines reads what WriteLines wrote, or what any client wrote in its form.
// Empty lines are skipped; fields that it does not know are errors, since a
// misspelt one would change what the history says.
func ReadLines(r io.Reader) (*History, error) {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 1<<16), longestLine)
	l := liner{h: NewHistory(), names: map[string]string{}}
	n := 0
	for in.Scan() {
		n++
		l.scanner = scanner{b: in.Bytes()}
		if l.peek() == 0 {
			continue
		}
		if l.line(); l.err != nil {
			return nil, fmt.Errorf("line %d: %w", n, l.err)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", n+1, err)
	}
	return l.h, nil
}

// liner turns lines into operations and marks.
type liner struct {
	scanner
	h     *History
	op    Op
	names map[string]string // strings met before
}

func (l *liner) name() string {
	b := l.text()
	if s, ok := l.names[string(b)]; ok {
		return s
	}
	s := string(b)
	l.names[s] = s
	return s
}

func (l *liner) line() {
	l.expect('{')
	switch first := string(l.text()); first {
	case "op":
		l.expect(':')
		l.operation()
	case "mark":
		l.expect(':')
		l.mark()
	default:
		l.fail("a line begins with op or mark, not %q", first)
	}
	if l.err == nil && l.peek() != 0 {
		l.fail("something behind the end")
	}
}

func (l *liner) mark() {
	m := Mark{Kind: MarkKind(l.name())}
	for first := false; l.more(&first, '}'); {
		key := string(l.text())
		l.expect(':')
		switch key {
		case "at":
			m.At = l.number()
		case "text":
			m.Text = string(l.text())
		default:
			l.fail("a mark has no field %q", key)
		}
	}
	if l.err == nil {
		l.h.marks = append(l.h.marks, m)
	}
}

func (l *liner) operation() {
	kind := slices.Index(kindNames, string(l.text()))
	if kind < 0 {
		l.fail("no such operation")
		return
	}
	l.op = Op{Kind: Kind(kind), Producer: Unknown, Records: l.op.Records[:0], Owned: l.op.Owned[:0]}
	for i, field := range l.fields() {
		*field = usual(l.op.Kind, i)
	}
	for first := false; l.more(&first, '}'); {
		key := l.text()
		l.expect(':')
		l.field(key)
	}
	if l.err == nil && l.op.Return < l.op.Invoke {
		l.fail("it returns before it begins")
	}
	if l.err == nil {
		l.h.Add(l.op)
	}
}

func (l *liner) fields() [3]*int64 { return [3]*int64{&l.op.Offset, &l.op.Answer, &l.op.Extra} }

func (l *liner) number() int64 { return l.integer(math.MinInt64, math.MaxInt64) }

func (l *liner) field(key []byte) {
	switch string(key) {
	case "is":
		l.outcome()
	case "process":
		l.op.Process = int32(l.integer(math.MinInt32, math.MaxInt32))
	case "topic":
		l.op.At.Topic = l.name()
	case "partition":
		l.op.At.Partition = int32(l.integer(math.MinInt32, math.MaxInt32))
	case "invoke":
		l.op.Invoke = l.number()
	case "return":
		l.op.Return = l.number()
	case "why":
		l.op.Reason = l.name()
	case "records":
		l.records()
	case "txn":
		l.op.Txn = l.number()
	default:
		l.special(key)
	}
}

func (l *liner) outcome() {
	i := slices.Index(outcomeNames, string(l.text()))
	if i < 0 {
		l.fail("no such outcome")
		return
	}
	l.op.Outcome = Outcome(i)
}

// special reads a field that only some kinds of operation have.
func (l *liner) special(key []byte) {
	for i, name := range fieldNames[l.op.Kind] {
		if name != "" && name == string(key) {
			*l.fields()[i] = l.number()
			return
		}
	}
	for _, f := range flagNames {
		if f.name == string(key) {
			l.op.Flags &^= f.flag
			l.op.Flags |= flag(l.boolean(), f.flag)
			return
		}
	}
	if l.op.Kind.ofGroup() && l.membership(key) {
		return
	}
	if l.op.Kind != ProduceOp {
		l.fail("a %v has no field %q", l.op.Kind, key)
		return
	}
	switch string(key) {
	case "acks":
		l.op.Acks = int8(l.integer(math.MinInt8, math.MaxInt8))
	case "producer":
		l.op.Producer = l.number()
	case "epoch":
		l.op.Epoch = int16(l.integer(math.MinInt16, math.MaxInt16))
	case "sequence":
		l.op.Sequence = int32(l.integer(math.MinInt32, math.MaxInt32))
	default:
		l.fail("a produce has no field %q", key)
	}
}

// membership reads a field that only clients of groups have.
func (l *liner) membership(key []byte) bool {
	by := &l.op.By
	switch string(key) {
	case "group":
		by.Group = l.name()
	case "member":
		by.Member = l.name()
	case "instance":
		by.Instance = l.name()
	case "generation":
		by.Generation = int32(l.integer(math.MinInt32, math.MaxInt32))
	case "per_member":
		by.PerMember = l.boolean()
	case "data":
		l.op.Metadata = l.name()
	case "owned":
		l.owned()
	default:
		return false
	}
	return true
}

func (l *liner) owned() {
	l.expect('[')
	for first := true; l.more(&first, ']'); {
		l.expect('[')
		topic := l.name()
		l.expect(',')
		partition := int32(l.integer(math.MinInt32, math.MaxInt32))
		l.expect(']')
		l.op.Owned = append(l.op.Owned, TP{topic, partition})
	}
}

func (l *liner) records() {
	l.expect('[')
	for first := true; l.more(&first, ']'); {
		var rec Record
		l.expect('[')
		rec.Offset = l.number()
		l.expect(',')
		rec.Timestamp = l.number()
		l.expect(',')
		rec.Value = l.value()
		l.expect(']')
		l.op.Records = append(l.op.Records, rec)
	}
}

func (l *liner) value() Value {
	if l.peek() == '"' {
		return l.h.Text(string(l.text()))
	}
	v := Value(l.unsigned())
	if v&textBit != 0 {
		l.fail("a value of more than 63 bits")
	}
	return v
}
