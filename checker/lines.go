package checker

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// A history as lines is JSON, one operation or mark a line, operations in the
// order of their IDs. What is unknown, zero or empty is left out; "op" comes
// first. Records are [offset, timestamp, value]; a value that was made by
// History.Text is a string.
//
//	{"op":"produce","is":"ok","process":1,"topic":"t","partition":0,"invoke":5,"return":9,"base":0,"acks":-1,"records":[[-1,70,1]]}
//	{"op":"fetch","is":"ok","process":2,"topic":"t","partition":0,"invoke":11,"return":12,"from":0,"high":1,"start":0,"records":[[0,70,1]]}
//	{"op":"assign","is":"ok","process":3,"topic":"","partition":-1,"invoke":13,"return":14,"node":1,"group":"g","member":"m","generation":1,"owned":[["t",0]]}
//	{"op":"commit","is":"ok","process":3,"topic":"t","partition":0,"invoke":15,"return":16,"offset":1,"node":1,"group":"g","member":"m","generation":1,"data":"c7"}
//	{"mark":"crash","at":17,"text":"node 2"}
//
// Operations of a transaction, and the operation that says how it ended, share a number:
//
//	{"op":"txn","is":"ok","process":1,"topic":"","partition":-1,"invoke":4,"return":12,"txn":7}
//	{"op":"produce","is":"ok","process":1,"topic":"t","partition":0,"invoke":5,"return":9,"base":0,"acks":-1,"txn":7,"records":[[-1,70,1]]}
//
// A client of a group has group, member, instance, generation and per_member.

// fieldNames are Offset, Answer and Extra of each kind of operation.
var fieldNames = [...][3]string{
	ProduceOp:  {"base", "", ""},
	FetchOp:    {"from", "high", "start"},
	ListOp:     {"offset", "asked", "timestamp"},
	CreateOp:   {"", "", "partitions"},
	DeleteOp:   {},
	MetadataOp: {},
	TrimOp:     {"before", "start", ""},

	CommitOp:    {"offset", "", "node"},
	CommittedOp: {"offset", "", "node"},
	ForgetOp:    {},
	AssignOp:    {"", "", "node"},
	HeartbeatOp: {"", "", "node"},
	LeaveOp:     {"", "", "node"},
	ReleaseOp:   {},
	TxnOp:       {},
}

var flagNames = []struct {
	flag Flags
	name string
}{{Resends, "resends"}, {Seek, "seek"}, {ReadCommitted, "read_committed"}, {OutOfRange, "out_of_range"}, {Exists, "exists"}}

// WriteLines writes the history, marks last.
func (h *History) WriteLines(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var line []byte
	for i := range h.rows {
		line = h.appendOp(line[:0], &h.rows[i])
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	for _, m := range h.marks {
		if _, err := out.Write(appendMark(line[:0], m)); err != nil {
			return err
		}
	}
	return out.Flush()
}

func appendMark(b []byte, m Mark) []byte {
	b = appendText(append(b, `{"mark":`...), string(m.Kind))
	b = appendInt(append(b, `,"at":`...), m.At)
	if m.Text != "" {
		b = appendText(append(b, `,"text":`...), m.Text)
	}
	return append(b, "}\n"...)
}

func (h *History) appendOp(b []byte, r *row) []byte {
	tp := h.tps.list[r.tp]
	b = append(append(append(b, `{"op":"`...), r.kind.String()...), `","is":"`...)
	b = append(append(b, r.outcome.String()...), `","process":`...)
	b = appendInt(b, int64(r.process))
	b = appendText(append(b, `,"topic":`...), tp.Topic)
	b = appendInt(append(b, `,"partition":`...), int64(tp.Partition))
	b = appendInt(append(b, `,"invoke":`...), r.invoke)
	b = appendInt(append(b, `,"return":`...), r.ret)
	b = h.appendFields(b, r)
	if r.by != 0 {
		b = appendMembership(b, h.members.list[r.by])
	}
	if r.metadata != 0 {
		b = appendText(append(b, `,"data":`...), h.texts.list[r.metadata])
	}
	if owned := h.ownedOf(r); len(owned) > 0 {
		b = appendOwned(append(b, `,"owned":[`...), owned)
	} else if r.count > 0 {
		b = h.appendRecords(append(b, `,"records":[`...), h.recordsOf(r))
	}
	if r.reason != 0 {
		b = appendText(append(b, `,"why":`...), h.texts.list[r.reason])
	}
	return append(b, "}\n"...)
}

// usual is what a field has that is left out.
func usual(kind Kind, field int) int64 {
	if fieldNames[kind][field] == "" || kind == CreateOp {
		return 0
	}
	return Unknown
}

func (h *History) appendFields(b []byte, r *row) []byte {
	for i, v := range [3]int64{r.offset, r.answer, r.extra} {
		if name := fieldNames[r.kind][i]; name != "" && v != usual(r.kind, i) {
			b = appendField(b, name, v)
		}
	}
	if r.kind == ProduceOp {
		b = appendField(b, "acks", int64(r.acks))
		if r.producer != Unknown {
			b = appendField(b, "producer", r.producer)
			b = appendField(b, "epoch", int64(r.epoch))
			b = appendField(b, "sequence", int64(r.sequence))
		}
	}
	if r.txn != 0 {
		b = appendField(b, "txn", r.txn)
	}
	for _, f := range flagNames {
		if r.has(f.flag) {
			b = append(append(append(b, `,"`...), f.name...), `":true`...)
		}
	}
	return b
}

func appendMembership(b []byte, m Membership) []byte {
	for _, f := range [...]struct{ name, text string }{{"group", m.Group}, {"member", m.Member}, {"instance", m.Instance}} {
		if f.text != "" {
			b = appendText(append(append(append(b, `,"`...), f.name...), `":`...), f.text)
		}
	}
	b = appendField(b, "generation", int64(m.Generation))
	if m.PerMember {
		b = append(b, `,"per_member":true`...)
	}
	return b
}

func appendOwned(b []byte, owned []TP) []byte {
	for i, tp := range owned {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, '['), tp.Topic)
		b = append(appendInt(append(b, ','), int64(tp.Partition)), ']')
	}
	return append(b, ']')
}

func appendField(b []byte, name string, v int64) []byte {
	return appendInt(append(append(append(b, `,"`...), name...), `":`...), v)
}

func (h *History) appendRecords(b []byte, rs []Record) []byte {
	for i, rec := range rs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendInt(append(b, '['), rec.Offset)
		b = appendInt(append(b, ','), rec.Timestamp)
		b = append(b, ',')
		if rec.Value&textBit != 0 {
			b = appendText(b, h.textOf(rec.Value))
		} else {
			b = strconv.AppendUint(b, uint64(rec.Value), 10)
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

func appendInt(b []byte, v int64) []byte { return strconv.AppendInt(b, v, 10) }

func appendText(b []byte, s string) []byte {
	if strings.IndexFunc(s, special) < 0 {
		return append(append(append(b, '"'), s...), '"')
	}
	quoted, _ := json.Marshal(s) // a string always marshals
	return append(b, quoted...)
}

func special(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }
