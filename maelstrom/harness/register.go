package harness

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// registerAsked is an operation of lin-kv.
type registerAsked struct {
	kind     string
	key      int
	from, to int
}

// registerAnswer is its answer; nothing is known of one in doubt.
type registerAnswer struct {
	known            bool
	value            int
	missing, differs bool
}

// absent is the state of a key that nobody has written.
const absent = -1

// registerModel is a map of keys to numbers, checked key by key.
func registerModel() porcupine.Model {
	model := porcupine.NondeterministicModel{
		Partition: byKey,
		Init:      func() []any { return []any{absent} },
		Step: func(state, input, output any) []any {
			return registerStep(state.(int), input.(registerAsked), output.(registerAnswer))
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
	}
	return model.ToModel()
}

func byKey(ops []porcupine.Operation) [][]porcupine.Operation {
	keys := map[int]int{}
	var all [][]porcupine.Operation
	for _, op := range ops {
		key := op.Input.(registerAsked).key
		at, known := keys[key]
		if !known {
			at = len(all)
			keys[key] = at
			all = append(all, nil)
		}
		all[at] = append(all[at], op)
	}
	return all
}

// registerStep are the states that an operation with this answer can leave.
func registerStep(is int, in registerAsked, out registerAnswer) []any {
	next, fits := is, false
	switch {
	case in.kind == "write":
		next, fits = in.to, !out.missing && !out.differs
	case is == absent:
		fits = out.missing
	case in.kind == "read":
		fits = !out.missing && out.value == is
	case is != in.from:
		fits = out.differs
	default:
		next, fits = in.to, !out.missing && !out.differs
	}
	switch {
	case !out.known && next != is:
		return []any{is, next}
	case !out.known:
		return []any{is}
	case fits:
		return []any{next}
	}
	return nil
}
