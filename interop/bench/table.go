package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"
)

// print writes each figure's median and span, and what work costs.
func (r *report) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, line := range append(r.figures(), append([][]string{nil}, r.costLines()...)...) {
		for _, cell := range line {
			fmt.Fprintf(t, "%s\t", cell)
		}
		fmt.Fprintln(t)
	}
	_ = t.Flush() // to the standard output
}

// figures are the lines of a table, its head first; ratios are of the first
// broker to each of the others, more being better.
func (r *report) figures() [][]string {
	head := append([]string{"", ""}, r.Brokers...)
	for _, name := range r.others() {
		head = append(head, "times "+name)
	}
	lines := [][]string{head}
	for _, row := range r.Rows {
		line := []string{row.Measurement, row.Figure}
		for _, v := range row.Values {
			line = append(line, span(v))
		}
		for i := range r.others() {
			line = append(line, shortRatio(row.ratio(i+1)))
		}
		lines = append(lines, line)
	}
	return lines
}

func (r *report) others() []string {
	if len(r.Brokers) == 0 {
		return nil
	}
	return r.Brokers[1:]
}

// ratio is how many times as good the first broker is as another; 0: not known.
func (r *row) ratio(other int) float64 {
	if other >= len(r.Values) || len(r.Values[0]) == 0 || len(r.Values[other]) == 0 {
		return 0
	}
	ours, theirs := median(r.Values[0]), median(r.Values[other])
	if r.Less {
		ours, theirs = theirs, ours
	}
	if theirs <= 0 {
		return 0
	}
	return ours / theirs
}

func shortRatio(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// costLines are the lines of a table of what one request or record costs.
func (r *report) costLines() [][]string {
	lines := [][]string{{"cost of", "broker", "processor us", "reads and writes", "switches", "allocations", "bytes allocated"}}
	for _, c := range r.Costs {
		for i, rounds := range c.Values {
			if len(rounds) == 0 {
				continue
			}
			line := []string{"one " + c.Unit + ": " + c.Measurement, r.Brokers[i]}
			for _, of := range []func(spent) float64{
				func(s spent) float64 { return s.CPU }, func(s spent) float64 { return s.Calls },
				func(s spent) float64 { return s.Switches }, func(s spent) float64 { return s.Allocations },
				func(s spent) float64 { return s.Allocated },
			} {
				var v []float64
				for _, s := range rounds {
					v = append(v, of(s))
				}
				line = append(line, short(median(v)))
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func span(v []float64) string {
	switch len(v) {
	case 0:
		return ""
	case 1:
		return short(v[0])
	}
	return fmt.Sprintf("%s (%s to %s)", short(median(v)), short(slices.Min(v)), short(slices.Max(v)))
}

func short(x float64) string {
	if x >= 100 || x == 0 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

func median(v []float64) float64 {
	sorted := slices.Sorted(slices.Values(v))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}
