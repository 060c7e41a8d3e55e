package checker

import (
	"testing"

	"pgregory.net/rapid"
)

// anyGraph has up to 12 nodes, and edges of all kinds.
func anyGraph(t *rapid.T) (nodes int, edges []edge) {
	nodes = rapid.IntRange(1, 12).Draw(t, "nodes")
	node := rapid.Int32Range(0, int32(nodes-1))
	for range rapid.IntRange(0, 3*nodes).Draw(t, "edges") {
		kind := rapid.SampledFrom([]edgeKind{ww, wr, rw, realtime}).Draw(t, "kind")
		edges = append(edges, edge{from: node.Draw(t, "from"), to: node.Draw(t, "to"), kind: kind})
	}
	return nodes, edges
}

// distances are the lengths of all shortest ways, by brute force; -1: there is none.
func distances(nodes int, edges []edge, kinds edgeKind) [][]int {
	far := make([][]int, nodes)
	for v := range far {
		far[v] = make([]int, nodes)
		for w := range far[v] {
			far[v][w] = -1
		}
		far[v][v] = 0
	}
	for range nodes {
		for _, e := range edges {
			for v := range far {
				if d := far[v][e.from]; e.kind&kinds != 0 && d >= 0 && (far[v][e.to] < 0 || d+1 < far[v][e.to]) {
					far[v][e.to] = d + 1
				}
			}
		}
	}
	return far
}

func TestComponentsAreTheNodesThatLeadToOneAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, edges := anyGraph(t)
		kinds := edgeKind(rapid.IntRange(0, 15).Draw(t, "kinds"))
		got, far := newDigraph(nodes, edges, kinds).components(), distances(nodes, edges, kinds)
		for v := range nodes {
			for w := range nodes {
				if together := far[v][w] >= 0 && far[w][v] >= 0; together != (got[v] == got[w]) {
					t.Fatalf("%d and %d: %v, and the components are %v", v, w, together, got)
				}
			}
		}
	})
}

func TestAWayIsAShortestOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, edges := anyGraph(t)
		g, far := newDigraph(nodes, edges, ww|wr), distances(nodes, edges, ww|wr)
		component := g.components()
		w := newWalk(g, component, mostWalked)
		for range 10 {
			node := rapid.Int32Range(0, int32(nodes-1))
			from, to, most := node.Draw(t, "from"), node.Draw(t, "to"), rapid.IntRange(0, nodes).Draw(t, "most")
			way := w.way(from, to, most)
			want := far[from][to]
			if component[from] != component[to] || want > most {
				want = -1
			}
			if way == nil && want >= 0 || way != nil && len(way) != want {
				t.Fatalf("from %d to %d: %v, want %d", from, to, way, want)
			}
			for _, i := range way {
				if edges[i].from != from {
					t.Fatalf("the way %v is broken", way)
				}
				from = edges[i].to
			}
		}
	})
}

func TestAChainOfAMillionNodesIsSearchedWithoutRecursion(t *testing.T) {
	const n = 1_000_000
	edges := make([]edge, n)
	for i := range edges {
		edges[i] = edge{from: int32(i), to: int32((i + 1) % n), kind: ww}
	}
	if c := newDigraph(n, edges, ww).components(); c[0] != c[n-1] {
		t.Error("the ring is in pieces")
	}
}
