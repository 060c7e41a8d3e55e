package house_test

import (
	"fmt"
	"strings"
	"testing"

	"odradek/checker/house"
)

// madeOf returns the sizes of a module with one file of each number of lines, in
// which one function takes all but the first two.
func madeOf(t *testing.T, lines ...int) house.Sizes {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "go.mod", "module sizes\n\ngo 1.26\n")
	for i, n := range lines {
		body := strings.Repeat("\t_ = 0\n", n-4)
		write(t, dir, fmt.Sprintf("f%d.go", i), fmt.Sprintf("package a\n\nfunc f%d() {\n%s}\n", i, body))
	}
	tree, err := house.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return tree.Sizes()
}

func TestTheLongestFileIsMeasuredInLines(t *testing.T) {
	if got := madeOf(t, 10, 601, 20).LongestFile; got != 601 {
		t.Errorf("the longest of 10, 601 and 20 lines has %d", got)
	}
}

func TestHalfOfTheFilesDoNotExceedTheMedian(t *testing.T) {
	if got := madeOf(t, 10, 20, 150, 160).MedianFile; got != 20 {
		t.Errorf("the median of 10, 20, 150, 160 is %d", got)
	}
}

func TestAFunctionIsAsLongAsItsLines(t *testing.T) {
	if got := madeOf(t, 9).MedianFunction; got != 7 {
		t.Errorf("a function from line 3 to line 9 has %d lines", got)
	}
}

func TestFunctionsOver70LinesAreCountedInAThousand(t *testing.T) {
	if got := madeOf(t, 72, 73, 10).PerMilleOver70; got != 334 {
		t.Errorf("of 70, 71 and 8 lines %d in a thousand are over 70", got)
	}
}
