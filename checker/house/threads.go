package house

import (
	"go/ast"
)

// threaded are constructors that start goroutines unless an option says 1.
var threaded = map[string]string{
	"github.com/klauspost/compress/zstd.NewReader": "github.com/klauspost/compress/zstd.WithDecoderConcurrency",
	"github.com/klauspost/compress/zstd.NewWriter": "github.com/klauspost/compress/zstd.WithEncoderConcurrency",
	"github.com/klauspost/compress/s2.NewWriter":   "github.com/klauspost/compress/s2.WriterConcurrency",
}

// withoutThreads holds that the option stands, as a literal, in the call itself.
func withoutThreads(f *File, report reporter) {
	if !f.deterministic() {
		return
	}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := f.name(call.Fun)
		if option, ok := threaded[name]; ok && !f.hasOne(call, option) {
			report(call.Pos(), "%s starts goroutines without the option %s(1)", name, option)
		}
		return true
	})
}

func (f *File) hasOne(call *ast.CallExpr, option string) bool {
	for _, arg := range call.Args {
		opt, ok := ast.Unparen(arg).(*ast.CallExpr)
		if !ok || f.name(opt.Fun) != option || len(opt.Args) != 1 {
			continue
		}
		n, ok := opt.Args[0].(*ast.BasicLit)
		return ok && n.Value == "1"
	}
	return false
}
