package faults

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Clients stands in links and groups for all clients together, as nodes stand
// there by their number.
const Clients = -1

// clients is its name in the text form.
const clients = "clients"

// Groups are sides which do not reach one another, in both directions, unless
// they are in one group: 0,1|2,clients. A side which is in no group reaches all.
type Groups string

// Between tells whether the groups keep two sides apart.
func (g Groups) Between(a, b int) bool {
	in, other := g.of(a), g.of(b)
	return in >= 0 && other >= 0 && in != other
}

// of is the number of a side's group; -1: it is in none.
func (g Groups) of(a int) int {
	return slices.IndexFunc(strings.Split(string(g), "|"), func(group string) bool {
		return slices.Contains(strings.Split(group, ","), side(a))
	})
}

// groupsOf writes groups in their text form.
func groupsOf(groups [][]int) Groups {
	var texts []string
	for _, group := range groups {
		var names []string
		for _, a := range group {
			names = append(names, side(a))
		}
		texts = append(texts, strings.Join(names, ","))
	}
	return Groups(strings.Join(texts, "|"))
}

func side(a int) string {
	if a == Clients {
		return clients
	}
	return strconv.Itoa(a)
}

func (w *words) side(text string) int {
	if text == clients {
		return Clients
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		w.fail("%w", err)
	}
	return int(n)
}

// link reads 0>2.
func (w *words) link(f *Fault) {
	from, to, both := strings.Cut(w.next(), ">")
	if !both {
		w.fail("%q is no link", from)
	}
	f.On, f.To = w.side(from), w.side(to)
}

// groups reads 0,1|2.
func (w *words) groups() Groups {
	var groups [][]int
	var all []int
	for group := range strings.SplitSeq(w.next(), "|") {
		var members []int
		for name := range strings.SplitSeq(group, ",") {
			members = append(members, w.side(name))
		}
		groups, all = append(groups, members), append(all, members...)
	}
	slices.Sort(all)
	if w.err == nil && (len(groups) < 2 || len(slices.Compact(all)) < count(groups)) {
		w.err = fmt.Errorf("%q are not two groups or more", groupsOf(groups))
	}
	return groupsOf(groups)
}

func count(groups [][]int) (n int) {
	for _, group := range groups {
		n += len(group)
	}
	return n
}
