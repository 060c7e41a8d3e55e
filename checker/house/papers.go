package house

import (
	"path"
	"slices"
	"strings"
)

// nameless are names that say nothing.
var nameless = []string{"util", "utils", "common", "helpers", "misc", "shared"}

// withPapers holds that a package has a name that says something, and that its
// comment is in doc.go (a command's may be in main.go).
func withPapers(f *File, report reporter) {
	base := path.Base(f.dir())
	if slices.Contains(nameless, base) {
		report(f.AST.Package, "a package named %s is named after nothing that it does", base)
	}
	if !f.Test && f.AST.Doc != nil && !f.mayIntroduce() {
		report(f.AST.Package, "the comment on a package belongs into doc.go, a command's into main.go")
	}
}

func (f *File) mayIntroduce() bool {
	return path.Base(f.Path) == "doc.go" || f.AST.Name.Name == "main" && path.Base(f.Path) == "main.go"
}

// unintroduced finds packages that nowhere say what they are.
func (t *Tree) unintroduced() (found []Finding) {
	said := map[string]bool{}
	for _, f := range t.Files {
		said[f.dir()] = said[f.dir()] || f.AST.Doc != nil && !f.Test
	}
	for _, f := range t.Files {
		if !said[f.dir()] && !strings.HasSuffix(f.AST.Name.Name, "_test") {
			said[f.dir()] = true // once
			found = append(found, Finding{f.Path, t.fset.Position(f.AST.Package).Line, "paper",
				"no file says in a comment what package " + f.AST.Name.Name + " is"})
		}
	}
	return found
}
