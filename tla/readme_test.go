package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var row = regexp.MustCompile(`(?m)^\| ([\w, ]+) \| ([a-z/]+) \| ([\w.]+) \|$`)

// table reads which functions of the code the README has for the actions.
func table(t *testing.T) (actions []string, functions map[string][]string) {
	t.Helper()
	functions = map[string][]string{}
	for _, m := range row.FindAllStringSubmatch(text(t, "README.md"), -1) {
		actions = append(actions, strings.Split(m[1], ", ")...)
		functions[m[2]] = append(functions[m[2]], m[3])
	}
	if len(actions) == 0 {
		t.Fatal("README.md has no table of actions")
	}
	return actions, functions
}

func text(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheFunctionsOfTheActionsExist(t *testing.T) {
	_, functions := table(t)
	for folder, names := range functions {
		there := declared(t, filepath.Join("..", folder))
		for _, name := range names {
			if !slices.Contains(there, name) {
				t.Errorf("%s has no %s", folder, name)
			}
		}
	}
}

// declared are the functions of a package: Type.Name of a method.
func declared(t *testing.T, folder string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				names = append(names, receiver(fn)+fn.Name.Name)
			}
		}
	}
	return names
}

func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	of := fn.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}

// inStep finds the definitions of a module that say which steps there are, and the names
// in them. These are no actions but parts of their conditions and arguments.
var (
	inStep = regexp.MustCompile(`(?ms)^(?:M?Step|Alone) ==\n(.*?)\n\n`)
	called = regexp.MustCompile(`\b[A-Z]\w*[a-z]\w*\b`)
	parts  = []string{"Alone", "BrokerEpochs", "Leading", "Len", "Losses", "MayFetch", "MaxCrashes", "MaxLosses", "MaxRecords", "Nil",
		"Replicas", "Retries", "Staying", "View"}
)

func TestEveryActionIsInTheTable(t *testing.T) {
	known, _ := table(t)
	for _, module := range []string{"IsrReplication.tla", "IsrMessages.tla"} {
		steps := inStep.FindAllStringSubmatch(text(t, module), -1)
		if len(steps) == 0 {
			t.Fatalf("%s has no Step", module)
		}
		for _, step := range steps {
			for _, name := range called.FindAllString(step[1], -1) {
				if !slices.Contains(parts, name) && !slices.Contains(known, name) {
					t.Errorf("%s of %s is not in the table of README.md", name, module)
				}
			}
		}
	}
}

// What must hold has the name that sim/invariant gives to its contrary.
func TestWhatMustHoldIsNamedAsInTheSimulator(t *testing.T) {
	var words strings.Builder
	for _, file := range []string{"durable.go", "metadata.go", "replica.go"} {
		words.WriteString(text(t, filepath.Join("..", "sim", "invariant", file)))
	}
	ours := []string{"NeverCommittedLost"} // T1 to T3 there are asked of the history that clients saw
	for _, m := range regexp.MustCompile(`(?m)^(Never\w+) ==`).FindAllStringSubmatch(text(t, "IsrReplication.tla"), -1) {
		if name := dashed(m[1]); !slices.Contains(ours, m[1]) && !strings.Contains(words.String(), `"`+name+`"`) {
			t.Errorf("%s: the simulator knows no %s", m[1], name)
		}
	}
}

// dashed makes in-isr-and-elr of NeverInISRAndELR.
func dashed(name string) string {
	word := regexp.MustCompile(`ISR|ELR|[A-Z][a-z]+`)
	return strings.ToLower(strings.Join(word.FindAllString(strings.TrimPrefix(name, "Never"), -1), "-"))
}
