package house

import (
	"go/ast"
	"go/types"
	"path"
	"strconv"
)

// name is the full name of the function that e stands for, such as time.Now,
// math/rand/v2.IntN or (reflect.Value).MapRange; "" for all else.
func (f *File) name(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.used(e)
	case *ast.SelectorExpr:
		if f.info == nil {
			return f.guess(e)
		}
		return f.used(e.Sel)
	}
	return ""
}

func (f *File) used(id *ast.Ident) string {
	if f.info == nil {
		return ""
	}
	fn, ok := f.info.Uses[id].(*types.Func)
	if !ok {
		return ""
	}
	return fn.Origin().FullName()
}

// guess names package.Function without types, by what the file imports.
func (f *File) guess(e *ast.SelectorExpr) string {
	pkg, ok := e.X.(*ast.Ident)
	if !ok {
		return ""
	}
	for _, spec := range f.AST.Imports {
		at := importPath(spec)
		if spec.Name != nil && spec.Name.Name == pkg.Name || spec.Name == nil && path.Base(at) == pkg.Name {
			return at + "." + e.Sel.Name
		}
	}
	return ""
}

func importPath(spec *ast.ImportSpec) string {
	at, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
	return at
}
