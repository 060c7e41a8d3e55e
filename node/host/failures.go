package host

import "odradek/node/env"

// remembered is how many failures After can still refer to. A machine has been
// told of each; it is not for these that it emits more.
const remembered = 1 << 16

// failures are the last operations that failed.
type failures struct {
	known map[env.Op]struct{}
	order []env.Op // oldest at next, once full
	next  int
}

func (f *failures) has(op env.Op) bool {
	_, failed := f.known[op]
	return failed
}

func (f *failures) add(op env.Op) {
	if f.known == nil {
		f.known = map[env.Op]struct{}{}
	}
	f.known[op] = struct{}{}
	if len(f.order) < remembered {
		f.order = append(f.order, op)
		return
	}
	delete(f.known, f.order[f.next])
	f.order[f.next] = op
	f.next = (f.next + 1) % remembered
}
