package house

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Tree is a module, parsed and type-checked, its tests included.
type Tree struct {
	Files []*File // ordered by path

	fset *token.FileSet
	root string
	seen map[string]bool
}

// File is one Go file.
type File struct {
	Path string // from the root of the module, with slashes
	Test bool
	AST  *ast.File

	info   *types.Info // nil when build constraints leave the file out
	lines  int
	module string
}

const need = packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedModule |
	packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedTypesSizes

// Load reads the module whose root is dir. A module that does not compile is an
// error.
func Load(dir string) (*Tree, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("house: %w", err)
	}
	t := &Tree{fset: token.NewFileSet(), root: root, seen: map[string]bool{}}
	pkgs, err := packages.Load(&packages.Config{Mode: need, Dir: root, Fset: t.fset, Tests: true}, "./...")
	if err != nil {
		return nil, fmt.Errorf("house: load %s: %w", root, err)
	}
	for _, p := range pkgs {
		if err := t.add(p); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(t.Files, func(a, b *File) int { return cmp.Compare(a.Path, b.Path) })
	return t, nil
}

func (t *Tree) add(p *packages.Package) error {
	if p.Module == nil { // the main package that runs a test
		return nil
	}
	var failed []error
	for _, e := range p.Errors {
		failed = append(failed, e)
	}
	if len(failed) > 0 {
		return fmt.Errorf("house: %s: %w", p.ID, errors.Join(failed...))
	}
	for _, f := range p.Syntax {
		t.file(f, p.TypesInfo, p.Module.Path)
	}
	return t.ignored(p)
}

// ignored adds what build constraints leave out.
func (t *Tree) ignored(p *packages.Package) error {
	for _, name := range p.IgnoredFiles {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		f, err := parser.ParseFile(t.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("house: %w", err)
		}
		t.file(f, nil, p.Module.Path)
	}
	return nil
}

// file adds one file, once: a package and its test variant have files in common.
func (t *Tree) file(f *ast.File, info *types.Info, module string) {
	at := t.fset.File(f.FileStart)
	name, err := filepath.Rel(t.root, at.Name())
	if err != nil || strings.HasPrefix(name, "..") || t.seen[name] {
		return
	}
	t.seen[name] = true
	t.Files = append(t.Files, &File{
		Path: filepath.ToSlash(name), Test: strings.HasSuffix(name, "_test.go"),
		AST: f, info: info, lines: at.LineCount(), module: module,
	})
}

// dir is the file's folder, from the root of the module.
func (f *File) dir() string { return path.Dir(f.Path) }
