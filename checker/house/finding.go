package house

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
)

// Finding is one place where a rule is broken.
type Finding struct {
	Path string // of the file, from the root of the module
	Line int
	Rule string // the name of the rule
	Text string // what is wrong, and why it is
}

func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.Path, f.Line, f.Rule, f.Text)
}

// rule looks at one file and reports what it finds.
type rule struct {
	name string
	look func(f *File, report reporter)
}

type reporter func(at token.Pos, format string, args ...any)

// rules are all that look at single files; sizes are measured over all of them.
var rules = []rule{
	{"room", inARoom},
	{"wall", behindWalls},
	{"world", outOfTheWorld},
	{"word", withoutBannedWords},
	{"map order", withoutMapOrder},
	{"thread", withoutThreads},
	{"paper", withPapers},
}

// Check returns what is wrong, ordered by file and line.
func (t *Tree) Check() (found []Finding) {
	for _, f := range t.Files {
		for _, r := range rules {
			r.look(f, func(at token.Pos, format string, args ...any) {
				line := t.fset.Position(at).Line
				found = append(found, Finding{f.Path, line, r.name, fmt.Sprintf(format, args...)})
			})
		}
	}
	found = append(found, t.unintroduced()...)
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
	return found
}
