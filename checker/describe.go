package checker

import (
	"fmt"
	"strings"
)

// Describe is one operation on one line, for a person.
func (h *History) Describe(id ID) string {
	op := h.Op(id)
	text := fmt.Sprintf("[%d] process %d, %d..%d: %s -> %s", id, op.Process, op.Invoke, op.Return, h.question(&op), h.answer(&op))
	if op.Txn != 0 && op.Kind != TxnOp {
		text += fmt.Sprintf(", in transaction %d", op.Txn)
	}
	if op.Reason != "" {
		text += " (" + op.Reason + ")"
	}
	return text
}

func (h *History) question(op *Op) string {
	switch op.Kind {
	case ProduceOp:
		return h.sent(op)
	case FetchOp:
		return "fetch from " + told(op.Offset) + when(op.Flags&Seek != 0, ", sought") + describeMembership(op)
	case ListOp:
		return "list " + asked(op.Answer)
	case TrimOp:
		return "trim below " + told(op.Offset)
	}
	switch {
	case op.Kind == TxnOp:
		return fmt.Sprintf("transaction %d", op.Txn)
	case op.Kind >= CommitOp:
		return describeMember(op)
	}
	return op.Kind.String() + " " + op.At.Topic
}

func (h *History) sent(op *Op) string {
	by := fmt.Sprintf(", acks %d", op.Acks)
	if op.Producer != Unknown {
		by += fmt.Sprintf(", producer %d/%d sequence %d", op.Producer, op.Epoch, op.Sequence)
	}
	return "produce" + h.values(op.Records) + by + when(op.Flags&Resends != 0, ", may send again")
}

func (h *History) answer(op *Op) string {
	switch {
	case op.Outcome != OK:
		return op.Outcome.String()
	case op.Kind == ProduceOp:
		return "at " + told(op.Offset)
	case op.Kind == FetchOp && op.Flags&OutOfRange != 0:
		return "out of range"
	case op.Kind == FetchOp:
		return fmt.Sprintf("%s, high watermark %s, start %s", h.found(op.Records), told(op.Answer), told(op.Extra))
	case op.Kind == ListOp:
		return fmt.Sprintf("offset %s, timestamp %s", told(op.Offset), told(op.Extra))
	case op.Kind == TrimOp:
		return "start " + told(op.Answer)
	case op.Kind == CommittedOp:
		return "at " + told(op.Offset) + when(op.Metadata != "", " "+op.Metadata)
	case op.Kind == AssignOp:
		return fmt.Sprintf("generation %d owns%s", op.By.Generation, showOwned(op.Owned))
	case op.Kind == TxnOp:
		return "committed"
	case op.Kind == MetadataOp:
		return map[bool]string{true: "exists", false: "does not exist"}[op.Flags&Exists != 0]
	}
	return "ok"
}

func (h *History) found(rs []Record) string {
	if len(rs) == 0 {
		return "nothing"
	}
	return fmt.Sprintf("[%d..%d]%s", rs[0].Offset, rs[len(rs)-1].Offset, h.values(rs))
}

// mostShown is how many values a line shows.
const mostShown = 8

func (h *History) values(rs []Record) string {
	var b strings.Builder
	for i, r := range rs {
		if i == mostShown {
			fmt.Fprintf(&b, " and %d more", len(rs)-i)
			break
		}
		b.WriteString(" " + h.show(r.Value))
	}
	return b.String()
}

// show is a value as the client knows it.
func (h *History) show(v Value) string {
	if v&textBit != 0 {
		return fmt.Sprintf("%q", h.textOf(v))
	}
	return fmt.Sprint(uint64(v))
}

func told(n int64) string {
	if n == Unknown {
		return "?"
	}
	return fmt.Sprint(n)
}

func asked(spec int64) string {
	switch spec {
	case Latest:
		return "latest"
	case Earliest:
		return "earliest"
	case MaxTimestamp:
		return "the largest timestamp"
	}
	return fmt.Sprintf("timestamp %d", spec)
}

func when(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}
