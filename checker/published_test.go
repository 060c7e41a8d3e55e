package checker

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The table of the README names every anomaly, and the files that have its cases.
func TestThePublishedTableIsTrue(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| name | exact condition |")
	table, _, _ = strings.Cut(table, "\n\n")
	var named []string
	for _, row := range strings.Split(table, "\n")[2:] {
		cells := strings.Split(strings.Trim(row, "|"), "|")
		name := strings.TrimSpace(cells[0])
		named = append(named, name)
		if got, want := strings.TrimSpace(cells[len(cells)-1]), casesOf(t, name); got != want || len(cells) != 5 {
			t.Errorf("%s: its cases are in %s, and the table says %s", name, want, got)
		}
	}
	names := Names()
	slices.Sort(named)
	slices.Sort(names)
	if !slices.Equal(named, names) {
		t.Errorf("the table names %q\nand there are %q", named, names)
	}
}

// casesOf are the files with cases of an anomaly, in short.
func casesOf(t *testing.T, name string) string {
	t.Helper()
	files, err := filepath.Glob("cases_*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range append(files, "jepsen_test.go") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`name:\s+"` + regexp.QuoteMeta(name) + `"`).Match(text) {
			found = append(found, strings.TrimPrefix(strings.TrimSuffix(file, "_test.go"), "cases_"))
		}
	}
	if len(found) == 0 {
		return "both"
	}
	return strings.Join(found, ", ")
}
