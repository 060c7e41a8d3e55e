package checker

import (
	"fmt"
	"strings"
)

// String is one line of verdict, and then one for each kept anomaly.
func (r *Result) String() string {
	var b strings.Builder
	s := r.Stats
	fmt.Fprintf(&b, "%d operations, %d of %d produces acknowledged, %d records read, %d partitions: ",
		s.Ops, s.Acked, s.Produces, s.Records, s.Partitions)
	if r.Valid() {
		b.WriteString("valid")
		return b.String()
	}
	for i, c := range r.Counts {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s x%d", c.Name, c.Count)
	}
	for _, a := range r.Anomalies {
		fmt.Fprintf(&b, "\n  %s %s-%d: %s", a.Name, a.At.Topic, a.At.Partition, a.Detail)
		for _, id := range a.Ops {
			fmt.Fprintf(&b, "\n    %s", r.h.describe(id))
		}
	}
	return b.String()
}

// describe is one operation on one line.
func (h *History) describe(id ID) string {
	op := h.Op(id)
	text := fmt.Sprintf("[%d] process %d %v %v at %d..%d", id, op.Process, op.Kind, op.Outcome, op.Invoke, op.Return)
	switch op.Kind {
	case ProduceOp:
		return text + fmt.Sprintf(" base %d, %d records, producer %d/%d sequence %d acks %d %s", op.Offset, len(op.Records), op.Producer, op.Epoch, op.Sequence, op.Acks, op.Reason)
	case FetchOp:
		return text + fmt.Sprintf(" from %d, %d records, high watermark %d, start %d", op.Offset, len(op.Records), op.Answer, op.Extra)
	case ListOp:
		return text + fmt.Sprintf(" asked %d, offset %d", op.Answer, op.Offset)
	case TrimOp:
		return text + fmt.Sprintf(" before %d, start %d", op.Offset, op.Answer)
	}
	return text
}
