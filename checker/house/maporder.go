package house

import (
	"go/ast"
	"go/types"
)

// orderless are functions whose sequence has the order of a map.
var orderless = map[string]bool{
	"maps.Keys": true, "maps.Values": true, "maps.All": true, "(reflect.Value).MapRange": true,
}

// sorters take that order away: what they may be given directly. Values by an
// order of the caller's may tie, and ties keep the map's order.
var sorters = map[string][]string{
	"slices.Sorted":           {"maps.Keys", "maps.Values"},
	"slices.SortedFunc":       {"maps.Keys"},
	"slices.SortedStableFunc": {"maps.Keys"},
}

// withoutMapOrder holds that a map is only gone through in sorted order.
func withoutMapOrder(f *File, report reporter) {
	if !f.deterministic() {
		return
	}
	sorted := map[ast.Expr]bool{}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.RangeStmt:
			if f.isMap(n.X) {
				report(n.Pos(), "range over a map: its order differs from run to run; slices.Sorted(maps.Keys(m)) has one")
			}
		case *ast.CallExpr:
			f.markSorted(n, sorted)
		case *ast.SelectorExpr:
			if name := f.name(n); orderless[name] && !sorted[n] {
				report(n.Pos(), "%s outside slices.Sorted: its order differs from run to run", name)
			}
		}
		return true
	})
}

// markSorted remembers the function in slices.Sorted(function(m)).
func (f *File) markSorted(call *ast.CallExpr, sorted map[ast.Expr]bool) {
	may := sorters[f.name(call.Fun)]
	if len(may) == 0 || len(call.Args) == 0 {
		return
	}
	inner, ok := ast.Unparen(call.Args[0]).(*ast.CallExpr)
	if !ok {
		return
	}
	for _, name := range may {
		if f.name(inner.Fun) == name {
			sorted[ast.Unparen(inner.Fun)] = true
		}
	}
}

func (f *File) isMap(e ast.Expr) bool {
	if f.info == nil {
		return false
	}
	t := f.info.TypeOf(e)
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return hasMap(p.Constraint())
	}
	_, is := t.Underlying().(*types.Map)
	return is
}

// hasMap tells whether a constraint allows a map, as ~map[K]V does.
func hasMap(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Map:
		return true
	case *types.Union:
		for i := range t.Len() {
			if hasMap(t.Term(i).Type()) {
				return true
			}
		}
	case *types.Interface:
		for i := range t.NumEmbeddeds() {
			if hasMap(t.EmbeddedType(i)) {
				return true
			}
		}
	}
	return false
}
