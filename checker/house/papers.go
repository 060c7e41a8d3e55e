package house

import (
	"path"
	"slices"
	"strings"
)

// nameless are names that say nothing.
var nameless = []string{"util", "utils", "common", "helpers", "misc", "shared"}

// withPapers holds that a package has a name that says something, and that its
// comment stands where one looks for it: in doc.go, or, when one file says it all, in
// the file with the package's name.
func withPapers(f *File, report reporter) {
	base := path.Base(f.dir())
	if slices.Contains(nameless, base) {
		report(f.AST.Package, "a package named %s is named after nothing that it does", base)
	}
	if !f.Test && f.AST.Doc != nil && !f.mayIntroduce() {
		report(f.AST.Package, "the comment on package %s belongs into doc.go or %[1]s.go", f.AST.Name.Name)
	}
}

func (f *File) mayIntroduce() bool {
	file := path.Base(f.Path)
	return file == "doc.go" || file == f.AST.Name.Name+".go"
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
