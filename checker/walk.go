package checker

import "slices"

// walk searches shortest ways in a digraph, breadth first, within a component.
type walk struct {
	*digraph
	component []int32
	came      []int32 // the edge by which a node was met
	round     []int32 // in which search
	rounds    int32
	queue     []int32
	steps     int // that are left
}

func newWalk(g *digraph, component []int32, steps int) *walk {
	n := len(component)
	return &walk{digraph: g, component: component, came: make([]int32, n), round: make([]int32, n), steps: steps}
}

// way is the shortest list of edges that lead from one node to another, most of them
// at most; nil: there is none.
func (w *walk) way(from, to int32, most int) []int32 {
	w.rounds++
	w.queue = append(w.queue[:0], from)
	w.round[from] = w.rounds
	for depth, end, i := 0, 1, 0; i < len(w.queue); i++ {
		if i == end {
			depth, end = depth+1, len(w.queue)
		}
		switch {
		case depth > most:
			return nil
		case w.queue[i] == to:
			return w.back(from, to)
		}
		w.steps--
		w.spread(w.queue[i])
	}
	return nil
}

func (w *walk) spread(n int32) {
	for _, i := range w.leaving(n) {
		to := w.edges[i].to
		if w.round[to] != w.rounds && w.component[to] == w.component[n] {
			w.round[to], w.came[to] = w.rounds, i
			w.queue = append(w.queue, to)
		}
	}
}

func (w *walk) back(from, to int32) []int32 {
	way := []int32{}
	for to != from {
		way = append(way, w.came[to])
		to = w.edges[w.came[to]].from
	}
	slices.Reverse(way)
	return way
}
