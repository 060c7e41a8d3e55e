package checker

import (
	"fmt"
	"strings"
)

// describeMember is what a client of a group asked.
func describeMember(op *Op) string {
	what := op.Kind.String()
	switch op.Kind {
	case CommitOp:
		what += fmt.Sprintf(" %s at %d", op.At, op.Offset) + when(op.Metadata != "", " "+op.Metadata)
	case CommittedOp, ForgetOp:
		what += " " + op.At.String()
	case ReleaseOp:
		what += when(len(op.Owned) == 0, " all") + when(len(op.Owned) > 0, showOwned(op.Owned))
	}
	return what + describeMembership(op)
}

func describeMembership(op *Op) string {
	if op.By.Group == "" {
		return ""
	}
	text := ", group " + op.By.Group
	if op.By.Member != "" {
		text += " member " + op.By.Member + when(op.By.Instance != "", " ("+op.By.Instance+")")
	}
	if op.By.Generation >= 0 && op.Kind != AssignOp {
		text += fmt.Sprintf(" generation %d", op.By.Generation)
	}
	return text
}

func showOwned(owned []TP) string {
	if len(owned) == 0 {
		return " nothing"
	}
	var b strings.Builder
	for _, tp := range owned {
		b.WriteString(" " + tp.String())
	}
	return b.String()
}

// String is the partition as Kafka writes it: topic-0.
func (tp TP) String() string { return fmt.Sprintf("%s-%d", tp.Topic, tp.Partition) }
