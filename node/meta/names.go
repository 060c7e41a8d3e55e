package meta

import "slices"

// names keeps the names of topics in order without paying for the order at each
// change: new names gather aside, and the next reader of the whole list (who
// pays for its length anyway) merges them in. Names of removed topics stay in
// the list until then; readers skip what the image no longer knows.
type names struct {
	list  []string // ascending, without duplicates
	fresh []string // added since
	dead  int      // removed since
}

func (n *names) add(name string) { n.fresh = append(n.fresh, name) }
func (n *names) remove()         { n.dead++ }

// sorted is the list, which may hold names of removed topics.
func (n *names) sorted() []string {
	if len(n.fresh) > 0 {
		slices.Sort(n.fresh)
		n.list = merge(n.list, n.fresh)
		n.fresh = n.fresh[:0]
	}
	return n.list
}

// sweep drops the removed names once they are half of the list.
func (n *names) sweep(alive func(string) bool) {
	if 2*n.dead <= len(n.list)+len(n.fresh) {
		return
	}
	gone := func(name string) bool { return !alive(name) }
	n.list = slices.DeleteFunc(n.list, gone)
	n.fresh = slices.DeleteFunc(n.fresh, gone)
	n.dead = 0
}

// merge makes one ascending list without duplicates of two ascending ones.
func merge(a, b []string) []string {
	all := make([]string, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		next := &a
		if len(a) == 0 || len(b) > 0 && b[0] < a[0] {
			next = &b
		}
		if name := (*next)[0]; len(all) == 0 || all[len(all)-1] != name {
			all = append(all, name)
		}
		*next = (*next)[1:]
	}
	return all
}
