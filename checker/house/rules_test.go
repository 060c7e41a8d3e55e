package house_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"odradek/checker/house"
)

const broken = "testdata/broken"

// In the module below testdata every broken line says so itself:
//
//	time.Sleep(1) // want word: time.Sleep
//
// names the rule, and a part of what the rule is to say.
func TestEveryRuleFindsWhatBreaksItAndNothingElse(t *testing.T) {
	wanted := wants(t)
	for _, f := range loadBroken(t).Check() {
		at := fmt.Sprintf("%s:%d", f.Path, f.Line)
		if !take(wanted, at, f) {
			t.Errorf("not wanted: %s", f)
		}
	}
	for at, all := range wanted {
		for _, want := range all {
			t.Errorf("not found: %s: %s", at, want)
		}
	}
}

func TestEveryRuleIsBrokenSomewhere(t *testing.T) {
	broken := map[string]int{}
	for _, f := range loadBroken(t).Check() {
		broken[f.Rule]++
	}
	for _, rule := range []string{"room", "wall", "world", "word", "map order", "thread", "paper"} {
		if broken[rule] == 0 {
			t.Errorf("nothing breaks rule %q", rule)
		}
	}
}

func TestAModuleThatDoesNotCompileIsAnError(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "go.mod", "module sick\n\ngo 1.26\n")
	write(t, dir, "a.go", "package a\n\nvar x int = \"no\"\n")
	if _, err := house.Load(dir); err == nil || !strings.Contains(err.Error(), "sick") {
		t.Errorf("the error is %v", err)
	}
}

func loadBroken(t *testing.T) *house.Tree {
	t.Helper()
	tree, err := house.Load(broken)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// take removes the wish that f fulfils.
func take(wanted map[string][]string, at string, f house.Finding) bool {
	for i, want := range wanted[at] {
		rule, text, _ := strings.Cut(want, ": ")
		if rule == f.Rule && strings.Contains(f.Text, text) {
			wanted[at] = append(wanted[at][:i:i], wanted[at][i+1:]...)
			return true
		}
	}
	return false
}

// wants are the wishes by file:line.
func wants(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := filepath.WalkDir(broken, func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(broken, path) // both are relative to one folder
		for i, line := range strings.Split(string(text), "\n") {
			for _, want := range strings.Split(line, "// want ")[1:] {
				at := fmt.Sprintf("%s:%d", filepath.ToSlash(rel), i+1)
				all[at] = append(all[at], strings.TrimSpace(want))
			}
		}
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d wishes: %v", len(all), err)
	}
	return all
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
