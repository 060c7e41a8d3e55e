package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"
)

// printTable writes each figure's median and span; the ratio is of the first
// broker to the second, more being better.
func printTable(w io.Writer, brokers []*broker, all []*row) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "\t")
	for _, b := range brokers {
		fmt.Fprintf(t, "\t%s", b.name)
	}
	if len(brokers) > 1 {
		fmt.Fprint(t, "\ttimes as good")
	}
	fmt.Fprintln(t)
	for _, r := range all {
		fmt.Fprintf(t, "%s\t%s", r.Measurement, r.Figure)
		for _, v := range r.Values {
			fmt.Fprintf(t, "\t%s", span(v))
		}
		if len(brokers) > 1 {
			fmt.Fprintf(t, "\t%.2f", r.ratio())
		}
		fmt.Fprintln(t)
	}
	t.Flush()
}

func (r *row) ratio() float64 {
	ours, theirs := median(r.Values[0]), median(r.Values[1])
	if r.Less {
		return theirs / ours
	}
	return ours / theirs
}

func span(v []float64) string {
	if len(v) == 1 {
		return short(v[0])
	}
	return fmt.Sprintf("%s (%s to %s)", short(median(v)), short(slices.Min(v)), short(slices.Max(v)))
}

func short(x float64) string {
	if x >= 100 {
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
