package broker

import (
	"iter"
	"slices"
)

// Most replicas of a large node rest: nothing will become of them by the clock
// alone. Chores of every second look only at those that are astir:
//
//	touched, loaded, applied --> astir -- rests: all is on disk, nobody follows --> at rest
type astir struct {
	list   []*replica // in the order of their keys, once sorted
	sorted bool
}

// stir has the chores look at the replica until it rests.
func (r *replica) stir() {
	if a := &r.s.astir; !r.astir {
		r.astir = true
		a.list, a.sorted = append(a.list, r), false
	}
}

// stirring are the replicas that are astir, with a log that works, in order.
func (s *shard) stirring() iter.Seq[*replica] {
	a := &s.astir
	if !a.sorted {
		slices.SortFunc(a.list, func(x, y *replica) int { return x.key.compare(y.key) })
		a.sorted = true
	}
	return func(yield func(*replica) bool) {
		for _, r := range a.list {
			if r.works() && !yield(r) {
				return
			}
		}
	}
}

// calm lets those go that rest.
func (s *shard) calm() {
	s.astir.list = slices.DeleteFunc(s.astir.list, func(r *replica) bool {
		if !r.rests() {
			return false
		}
		r.weigh()
		r.astir = false
		return true
	})
}

func (r *replica) works() bool { return r.log != nil && r.failed == nil }

// rests tells whether nothing is to be done before something happens. Who has
// replicas elsewhere looks whether they lag, or is looked at.
func (r *replica) rests() bool {
	switch {
	case r.gone != nil || r.failed != nil:
		return true
	case r.log == nil:
		return !r.loading
	}
	return len(r.part.State().Replicas) == 1 && r.felt == r.log.End() && r.log.Durable() == r.log.End() && len(r.log.Damaged()) == 0
}

// weigh brings up to date how much of the log is past its recovery point.
func (r *replica) weigh() {
	now := int64(0)
	if r.works() && r.gone == nil {
		now = r.log.Unsaved()
	}
	r.s.unsaved += now - r.unsaved
	r.unsaved = now
}

// heaviest is the log with the most bytes past its recovery point; nil: none has
// any that can be saved.
func (s *shard) heaviest() (most *replica) {
	for r := range s.loaded() {
		r.weigh()
		if r.unsaved > 0 && (most == nil || r.unsaved > most.unsaved) && !r.log.Unsure() {
			most = r
		}
	}
	return most
}
