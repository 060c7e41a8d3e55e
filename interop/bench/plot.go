package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// The drawing: a bar for each ratio, on a logarithmic scale.
//
//	1 KB batches, 6 partitions: requests/s       |=======  2.1
//	one in flight: p50 ms                   =====|         0.5
//	                                        0.5  1  2  4
const (
	plotLabels = 430 // pixels for the names
	plotHalf   = 220 // pixels from 1 to plotMost, and from 1 to 1/plotMost
	plotMost   = 16.0
	plotLine   = 15 // pixels of a bar with its gap
)

// plot draws how many times as good the first broker is as each of the others.
func (r *report) plot() string {
	colours := []string{"#2b6cb0", "#c05621", "#2f855a"}
	var b strings.Builder
	y := 20 + plotLine*len(r.others())
	for i, name := range r.others() {
		fmt.Fprintf(&b, `<text x="10" y="%d" fill="%s">%s compared with %s: to the right is better</text>`+"\n",
			16+plotLine*i, colours[i%len(colours)], html.EscapeString(r.Brokers[0]), html.EscapeString(name))
	}
	top := y
	for _, row := range r.Rows {
		drawn := false
		for i := range r.others() {
			ratio := row.ratio(i + 1)
			if ratio == 0 {
				continue
			}
			if !drawn {
				fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`+"\n", plotLabels-10, y+10, html.EscapeString(row.Measurement+": "+row.Figure))
			}
			drawn = true
			bar(&b, y, ratio, colours[i%len(colours)])
			y += plotLine
		}
		if drawn {
			y += 5
		}
	}
	for x := 1 / plotMost; x <= plotMost; x *= 2 {
		fmt.Fprintf(&b, `<line x1="%[1]d" x2="%[1]d" y1="%d" y2="%d" stroke="#888" stroke-width="%g"/><text x="%[1]d" y="%[5]d" text-anchor="middle">%[6]g</text>`+"\n",
			place(x), top, y, map[bool]float64{true: 1.5, false: 0.3}[x == 1], y+14, x)
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="11"><rect width="100%%" height="100%%" fill="white"/>`+"\n%s</svg>\n",
		plotLabels+2*plotHalf+60, y+24, b.String())
}

// place is where a ratio lies, in pixels.
func place(ratio float64) int {
	share := math.Log2(max(1/plotMost, min(plotMost, ratio))) / math.Log2(plotMost)
	return plotLabels + plotHalf + int(math.Round(share*plotHalf))
}

func bar(b *strings.Builder, y int, ratio float64, colour string) {
	from, to := place(1), place(ratio)
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/><text x="%d" y="%d">%.2f</text>`+"\n",
		min(from, to), y, max(from, to)-min(from, to), plotLine-4, colour, max(from, to)+4, y+10, ratio)
}
