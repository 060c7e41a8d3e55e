package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// diffLines shows how got differs from want: lines with - were expected, those
// with + came. It is empty when they are the same.
func diffLines(want, got []string) string {
	if slices.Equal(want, got) {
		return ""
	}
	common := commonTails(want, got)
	var b strings.Builder
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		switch {
		case i < len(want) && j < len(got) && want[i] == got[j]:
			fmt.Fprintf(&b, "    %s\n", want[i])
			i, j = i+1, j+1
		case j == len(got) || i < len(want) && common[i+1][j] >= common[i][j+1]:
			fmt.Fprintf(&b, "  - %s\n", want[i])
			i++
		default:
			fmt.Fprintf(&b, "  + %s\n", got[j])
			j++
		}
	}
	return b.String()
}

// commonTails[i][j] is the length of the longest common subsequence of a[i:] and
// b[j:].
func commonTails(a, b []string) [][]int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
				continue
			}
			table[i][j] = max(table[i+1][j], table[i][j+1])
		}
	}
	return table
}

// Diff shows how text got differs from text want, line by line, without the
// stretches that are the same. It is empty when they are equal.
func Diff(want, got string) string {
	all := diffLines(strings.Split(want, "\n"), strings.Split(got, "\n"))
	var b strings.Builder
	for line := range strings.Lines(all) {
		if !strings.HasPrefix(line, "    ") {
			b.WriteString(line)
		}
	}
	return b.String()
}
