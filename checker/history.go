package checker

import "slices"

// History is an append-only list of operations, in order of invocation. It is
// for one thread; histories of several are joined by Merge. An operation takes
// about 100 bytes and a record 24, all free of pointers.
type History struct {
	rows    []row
	records []Record
	marks   []Mark
	tps     table[TP]
	texts   table[string] // reasons, metadata, and values that are strings
	members table[Membership]
	owned   []int32 // lists of partitions, as indices of tps
}

// row is an Op without pointers, so that the collector need not walk a million.
type row struct {
	invoke, ret           int64
	offset, answer, extra int64
	producer              int64
	txn                   int64
	first                 int // index of the first record, or of the first partition owned
	count                 int32
	tp, reason, process   int32
	by, metadata          int32
	sequence              int32
	epoch                 int16
	acks                  int8
	kind                  Kind
	outcome               Outcome
	flags                 Flags
}

func (r *row) has(f Flags) bool { return r.flags&f != 0 }

type table[T comparable] struct {
	list  []T
	index map[T]int32
}

func (t *table[T]) id(v T) int32 {
	if i, ok := t.index[v]; ok {
		return i
	}
	if t.index == nil {
		t.index = map[T]int32{}
	}
	t.index[v] = int32(len(t.list))
	t.list = append(t.list, v)
	return t.index[v]
}

// NewHistory returns an empty history.
func NewHistory() *History {
	h := &History{}
	h.texts.id("")
	h.members.id(Membership{})
	return h
}

// Len is the number of operations.
func (h *History) Len() int { return len(h.rows) }

// Marks are the events, in the order they were added.
func (h *History) Marks() []Mark { return h.marks }

const textBit = Value(1) << 63

// Text turns a string into a Value; values made otherwise must stay below 1<<63.
func (h *History) Text(s string) Value { return textBit | Value(h.texts.id(s)) }

// Op returns an operation. Its Records alias the history.
func (h *History) Op(id ID) Op {
	r := &h.rows[id]
	return Op{Kind: r.kind, Outcome: r.outcome, Process: r.process, At: h.tps.list[r.tp],
		Invoke: r.invoke, Return: r.ret, Offset: r.offset, Answer: r.answer, Extra: r.extra,
		Producer: r.producer, Sequence: r.sequence, Epoch: r.epoch, Acks: r.acks,
		Flags: r.flags, Records: h.recordsOf(r), Reason: h.texts.list[r.reason],
		By: h.members.list[r.by], Metadata: h.texts.list[r.metadata], Owned: h.ownedOf(r), Txn: r.txn}
}

func (h *History) recordsOf(r *row) []Record {
	if r.kind.owns() {
		return nil
	}
	return h.records[r.first : r.first+int(r.count) : r.first+int(r.count)]
}

// Add appends a whole operation, as from a file.
func (h *History) Add(op Op) ID {
	r := row{invoke: op.Invoke, ret: op.Return, offset: op.Offset, answer: op.Answer, extra: op.Extra,
		producer: op.Producer, sequence: op.Sequence, epoch: op.Epoch, acks: op.Acks, kind: op.Kind,
		outcome: op.Outcome, flags: op.Flags, process: op.Process, tp: h.tps.id(op.At), reason: h.texts.id(op.Reason),
		by: h.members.id(op.By), metadata: h.texts.id(op.Metadata), txn: op.Txn}
	r.ret = max(r.ret, r.invoke)
	if r.kind.owns() {
		h.setOwned(&r, op.Owned)
	} else {
		h.setRecords(&r, op.Records)
	}
	h.rows = append(h.rows, r)
	return ID(len(h.rows) - 1)
}

// owns tells the kinds that hold partitions where others hold records.
func (k Kind) owns() bool { return k == AssignOp || k == ReleaseOp }

func (h *History) ownedOf(r *row) []TP {
	if !r.kind.owns() || r.count == 0 {
		return nil
	}
	owned := make([]TP, r.count)
	for i := range owned {
		owned[i] = h.tps.list[h.owned[r.first+i]]
	}
	return owned
}

func (h *History) setRecords(r *row, rs []Record) {
	r.first, r.count = len(h.records), int32(len(rs))
	h.records = append(h.records, rs...)
}

// Merge joins histories, each of one thread and on the same clock, into one,
// ordered by invocation (ties: by argument, then by order within it).
func Merge(parts ...*History) *History {
	type source struct {
		part *History
		id   ID
	}
	var all []source
	out := NewHistory()
	for _, p := range parts {
		for id := range p.rows {
			all = append(all, source{p, ID(id)})
		}
		out.marks = append(out.marks, p.marks...)
	}
	slices.SortStableFunc(all, func(a, b source) int {
		return compare(a.part.rows[a.id].invoke, b.part.rows[b.id].invoke)
	})
	slices.SortStableFunc(out.marks, func(a, b Mark) int { return compare(a.At, b.At) })
	for _, s := range all {
		out.adopt(s.part, s.id)
	}
	return out
}

func (h *History) adopt(from *History, id ID) {
	op := from.Op(id)
	op.Records = slices.Clone(op.Records)
	for i, r := range op.Records {
		if r.Value&textBit != 0 {
			op.Records[i].Value = h.Text(from.textOf(r.Value))
		}
	}
	h.Add(op)
}

func (h *History) textOf(v Value) string {
	if i := v &^ textBit; i < Value(len(h.texts.list)) {
		return h.texts.list[i]
	}
	return ""
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
