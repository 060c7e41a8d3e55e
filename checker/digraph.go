package checker

// edgeKind says why one node comes before another.
type edgeKind uint8

const (
	ww       edgeKind = 1 << iota // it lies before the other in a log
	wr                            // it was read by the other
	rw                            // it read to an end of a log below the other
	realtime                      // it had ended when the other began
)

// edge leads from one node to another; by are the two operations that show it.
type edge struct {
	from, to int32
	kind     edgeKind
	by       [2]ID
}

// digraph is some of the edges of others, by the nodes that they leave:
//
//	first  [0, 2, 3, ...]       edges out[first[n]:first[n+1]] leave node n
type digraph struct {
	edges []edge
	first []int32
	out   []int32 // indices of edges
}

func newDigraph(nodes int, edges []edge, kinds edgeKind) *digraph {
	g := &digraph{edges: edges, first: make([]int32, nodes+2)}
	for i := range edges {
		if edges[i].kind&kinds != 0 {
			g.first[edges[i].from+2]++
		}
	}
	for n := range nodes {
		g.first[n+2] += g.first[n+1]
	}
	g.out = make([]int32, g.first[nodes+1])
	for i := range edges {
		if e := &edges[i]; e.kind&kinds != 0 {
			g.out[g.first[e.from+1]] = int32(i)
			g.first[e.from+1]++
		}
	}
	return g
}

func (g *digraph) leaving(n int32) []int32 { return g.out[g.first[n]:g.first[n+1]] }

// tarjan finds strongly connected components by depth-first search (Tarjan, 1972),
// with a stack of its own: a million nodes may lie in one line.
type tarjan struct {
	*digraph
	component []int32 // of each node; 0: not known yet
	order     []int32 // when a node was met, from 1
	low       []int32 // the earliest node on the stack that it leads back to
	next      []int32 // how many of its edges were followed
	path      []int32
	stack     []int32
	met, last int32
}

// components numbers the strongly connected components, from 1, and tells each node's.
func (g *digraph) components() []int32 {
	n := len(g.first) - 2
	t := tarjan{digraph: g, component: make([]int32, n), order: make([]int32, n), low: make([]int32, n), next: make([]int32, n)}
	for v := range int32(n) {
		if t.order[v] == 0 {
			t.search(v)
		}
	}
	return t.component
}

func (t *tarjan) search(root int32) {
	t.enter(root)
	for len(t.path) > 0 {
		v := t.path[len(t.path)-1]
		if out := t.leaving(v); int(t.next[v]) < len(out) {
			t.follow(v, t.edges[out[t.next[v]]].to)
			t.next[v]++
			continue
		}
		t.leave(v)
	}
}

func (t *tarjan) enter(v int32) {
	t.met++
	t.order[v], t.low[v] = t.met, t.met
	t.path, t.stack = append(t.path, v), append(t.stack, v)
}

func (t *tarjan) follow(v, to int32) {
	switch {
	case t.order[to] == 0:
		t.enter(to)
	case t.component[to] == 0:
		t.low[v] = min(t.low[v], t.order[to])
	}
}

// leave goes back from a node; it closes a component if it leads to none before it.
func (t *tarjan) leave(v int32) {
	t.path = t.path[:len(t.path)-1]
	if len(t.path) > 0 {
		up := t.path[len(t.path)-1]
		t.low[up] = min(t.low[up], t.low[v])
	}
	if t.low[v] != t.order[v] {
		return
	}
	t.last++
	for {
		w := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.component[w] = t.last
		if w == v {
			return
		}
	}
}
