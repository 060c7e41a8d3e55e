package models

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// Position is what a group has committed for a partition: the next offset to
// process, and the metadata that came with it.
type Position struct {
	Offset   int64
	Metadata string
}

// Uncommitted is the position where nothing is committed.
var Uncommitted = Position{Offset: Untold}

// SetPosition is a commit, to Uncommitted when the offset is deleted. An
// Optional commit is one whose fate nobody learned: it may take effect or not.
type SetPosition struct {
	To       Position
	Optional bool
}

// AskPosition asks for the position, and is answered by a Position.
type AskPosition struct{}

// Committed is the specification of what one group has committed for one
// partition: a register. OffsetFetch answers what the OffsetCommit before it has
// set, or that there is none; a commit that is refused is no commit. It begins
// Uncommitted or, if fresh is false, with a position that the first answer tells.
func Committed(fresh bool) porcupine.Model {
	m := porcupine.NondeterministicModel{
		Init:              func() []any { return []any{committed{Uncommitted, fresh}} },
		Step:              commitStep,
		Equal:             func(a, b any) bool { return a == b },
		Hash:              func(s any) uint64 { return s.(committed).hash() },
		DescribeOperation: describeCommit,
		DescribeState:     func(s any) string { return s.(committed).String() },
	}
	return m.ToModel()
}

type committed struct {
	at    Position
	known bool
}

func (c committed) hash() uint64 {
	h := uint64(c.at.Offset) * 1099511628211
	for i := range len(c.at.Metadata) {
		h = (h ^ uint64(c.at.Metadata[i])) * 1099511628211
	}
	return h
}

func (c committed) String() string {
	if !c.known {
		return "anything"
	}
	return c.at.String()
}

func (p Position) String() string {
	switch {
	case p.Offset == Untold:
		return "none"
	case p.Metadata == "":
		return fmt.Sprint(p.Offset)
	}
	return fmt.Sprintf("%d %q", p.Offset, p.Metadata)
}

func commitStep(s, input, output any) []any {
	now := s.(committed)
	switch in := input.(type) {
	case SetPosition:
		then := committed{in.To, true}
		if in.Optional {
			return []any{now, then}
		}
		return []any{then}
	case AskPosition:
		told := output.(Position)
		if !now.known || told == now.at {
			return []any{committed{told, true}}
		}
	}
	return nil
}

func describeCommit(input, output any) string {
	if in, ok := input.(SetPosition); ok {
		if in.Optional {
			return fmt.Sprintf("commit(%v) -> unknown", in.To)
		}
		return fmt.Sprintf("commit(%v)", in.To)
	}
	return fmt.Sprintf("committed -> %v", output)
}
