package console

import (
	"io"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Printer writes a record as it is to be seen.
type Printer interface {
	Print(w io.Writer, r *kgo.Record) error
}

// Text prints as kafka-console-consumer does, the parts that are chosen joined
// by KeySeparator, in the order of the fields:
//
//	CreateTime:1700000000000 Partition:0 Offset:7 h1:v1,h2:v2 key value
type Text struct {
	Timestamp, Partition, Offset, Headers, Key, Value bool

	KeySeparator, LineSeparator, HeadersSeparator, NullLiteral string
}

// NewText makes a Text that shows values alone, but for what props change:
// print.key, print.value, print.timestamp, print.partition, print.offset,
// print.headers, key.separator, line.separator, headers.separator, null.literal.
func NewText(props Properties) (*Text, error) {
	t := &Text{Value: true, KeySeparator: "\t", LineSeparator: "\n", HeadersSeparator: ",", NullLiteral: "null"}
	err := props.fill(map[string]any{
		"print.key": &t.Key, "print.value": &t.Value, "print.timestamp": &t.Timestamp,
		"print.partition": &t.Partition, "print.offset": &t.Offset, "print.headers": &t.Headers,
		"key.separator": &t.KeySeparator, "line.separator": &t.LineSeparator,
		"headers.separator": &t.HeadersSeparator, "null.literal": &t.NullLiteral,
	})
	return t, err
}

// Print writes one record.
func (t *Text) Print(w io.Writer, r *kgo.Record) error {
	var line []byte
	add := func(show bool, part []byte) {
		if !show {
			return
		}
		if line != nil {
			line = append(line, t.KeySeparator...)
		}
		line = append(line, part...)
		if line == nil {
			line = []byte{}
		}
	}
	add(t.Timestamp, timestamp(r))
	add(t.Partition, strconv.AppendInt([]byte("Partition:"), int64(r.Partition), 10))
	add(t.Offset, strconv.AppendInt([]byte("Offset:"), r.Offset, 10))
	add(t.Headers, t.headers(r.Headers))
	add(t.Key, t.field(r.Key))
	add(t.Value, t.field(r.Value))
	_, err := w.Write(append(line, t.LineSeparator...))
	return err
}

func timestamp(r *kgo.Record) []byte {
	switch r.Attrs.TimestampType() {
	case 0:
		return strconv.AppendInt([]byte("CreateTime:"), r.Timestamp.UnixMilli(), 10)
	case 1:
		return strconv.AppendInt([]byte("LogAppendTime:"), r.Timestamp.UnixMilli(), 10)
	}
	return []byte("NO_TIMESTAMP")
}

func (t *Text) headers(all []kgo.RecordHeader) (line []byte) {
	if len(all) == 0 {
		return []byte("NO_HEADERS")
	}
	for i, h := range all {
		if i > 0 {
			line = append(line, t.HeadersSeparator...)
		}
		line = append(append(line, h.Key...), ':')
		line = append(line, t.field(h.Value)...)
	}
	return line
}

func (t *Text) field(b []byte) []byte {
	if b == nil {
		return []byte(t.NullLiteral)
	}
	return b
}
