package house

import (
	"go/ast"
	"slices"
)

// Sizes say how large the house's parts are, in lines, comments included.
type Sizes struct {
	LongestFile    int
	MedianFile     int
	MedianFunction int
	PerMilleOver70 int // functions of more than 70 lines, of thousand, rounded up
}

const longFunction = 70

// Sizes measures all files and all functions that have a name, tests included.
func (t *Tree) Sizes() Sizes {
	var files, functions []int
	for _, f := range t.Files {
		files = append(files, f.lines)
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				functions = append(functions, t.height(fn))
			}
		}
	}
	return Sizes{
		LongestFile: at(files, 1, 1), MedianFile: at(files, 1, 2),
		MedianFunction: at(functions, 1, 2), PerMilleOver70: perMille(functions),
	}
}

func (t *Tree) height(n ast.Node) int {
	return t.fset.Position(n.End()).Line - t.fset.Position(n.Pos()).Line + 1
}

// at is the value that part of whole of the others do not exceed.
func at(values []int, part, whole int) int {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[(len(values)-1)*part/whole]
}

func perMille(functions []int) int {
	over := 0
	for _, n := range functions {
		if n > longFunction {
			over++
		}
	}
	if over == 0 {
		return 0
	}
	return (over*1000 + len(functions) - 1) / len(functions)
}
