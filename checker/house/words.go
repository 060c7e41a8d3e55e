package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
)

// banned are functions by which the world comes in without an import of its own.
var banned = map[string]string{
	"time.Now":                "time arrives as an argument",
	"time.Since":              "time arrives as an argument",
	"time.Until":              "time arrives as an argument",
	"time.Sleep":              "waiting is a timer's event",
	"time.After":              "waiting is a timer's event",
	"time.AfterFunc":          "waiting is a timer's event",
	"time.Tick":               "waiting is a timer's event",
	"time.NewTimer":           "waiting is a timer's event",
	"time.NewTicker":          "waiting is a timer's event",
	"time.LoadLocation":       "it reads files",
	"(time.Time).Local":       "the machine's time zone is not the seed's",
	"runtime.SetFinalizer":    "the collector runs when it likes",
	"runtime.AddCleanup":      "the collector runs when it likes",
	"runtime.NumCPU":          "the machine is not the seed's",
	"runtime.GOMAXPROCS":      "the machine is not the seed's",
	"runtime.NumGoroutine":    "the machine is not the seed's",
	"fmt.Print":               "output is an effect",
	"fmt.Printf":              "output is an effect",
	"fmt.Println":             "output is an effect",
	"(reflect.Value).MapKeys": "its order differs from run to run",
}

// pointer is the verb that prints an address, which differs from run to run.
var pointer = regexp.MustCompile(`%[-+# 0-9.*\[\]]*p`)

// withoutBannedWords holds what can be seen in single words of the syntax.
func withoutBannedWords(f *File, report reporter) {
	if !f.deterministic() {
		return
	}
	ast.Inspect(f.AST, func(n ast.Node) bool {
		if word := concurrent(n); word != "" {
			report(n.Pos(), "%s: a machine is one straight line", word)
		}
		if e, ok := n.(ast.Expr); ok {
			f.withoutBannedCall(e, report)
		}
		return true
	})
}

// concurrent names what only concurrent code has.
func concurrent(n ast.Node) string {
	switch n := n.(type) {
	case *ast.GoStmt:
		return "go statement"
	case *ast.SelectStmt:
		return "select"
	case *ast.ChanType:
		return "channel type"
	case *ast.SendStmt:
		return "send to a channel"
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return "receive from a channel"
		}
	}
	return ""
}

func (f *File) withoutBannedCall(e ast.Expr, report reporter) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING && pointer.MatchString(strings.ReplaceAll(e.Value, "%%", "")) {
			report(e.Pos(), "%%p prints an address, which differs from run to run")
		}
	case *ast.SelectorExpr:
		f.withoutBannedName(e, f.name(e), report)
	}
}

func (f *File) withoutBannedName(e *ast.SelectorExpr, name string, report reporter) {
	if why, bad := banned[name]; bad {
		report(e.Pos(), "%s: %s", name, why)
	}
	for _, pkg := range []string{"math/rand.", "math/rand/v2."} {
		top, ok := strings.CutPrefix(name, pkg)
		if ok && !strings.HasPrefix(top, "New") {
			report(e.Pos(), "%s: chance comes from a seeded *rand.Rand that is handed in", name)
		}
	}
}
