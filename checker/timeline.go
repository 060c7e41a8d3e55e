package checker

import (
	"fmt"
	"slices"
)

// timeline draws some operations: a row for each process (more, where its
// operations overlap), a bar from invocation to return. Only the order of
// times is to scale, or an hour would hide a millisecond.
//
//	1 | [produce 7     ]        [fetch 0..9   ]
//	2 |        [produce 8   ]
//	            ^ crash
type timeline struct {
	Width, Height int
	Bars          []bar
	Rows          []label
	Marks         []label
}

type bar struct {
	X, Y, W     int
	Class       string // of the kind, the outcome, and whether it is to blame
	Text, Title string
}

type label struct {
	X, Y int
	Text string
}

const (
	neighbours = 5  // operations shown on each side of one to blame
	mostBars   = 80 // in one picture
	barHeight  = 24
	stepWidth  = 34 // between one time and the next
	rowLabel   = 70
	charWidth  = 7
)

func (h *History) timeline(blamed []ID) *timeline {
	shown := h.around(blamed)
	times := h.times(shown)
	t := &timeline{Width: rowLabel + (len(times)+1)*stepWidth}
	place := func(at int64) int {
		i, _ := slices.BinarySearch(times, at)
		return rowLabel + i*stepWidth
	}
	lanes := h.lanes(shown)
	for i, id := range shown {
		op := h.Op(id)
		b := bar{X: place(op.Invoke), Y: lanes.of[i] * barHeight, Title: h.Describe(id), Class: op.Kind.String() + " " + op.Outcome.String()}
		b.W = max(place(op.Return)-b.X, stepWidth/2)
		b.Text = clip(h.short(&op), b.W/charWidth)
		if slices.Contains(blamed, id) {
			b.Class += " blamed"
		}
		t.Bars = append(t.Bars, b)
	}
	t.Rows, t.Height = lanes.labels, lanes.count*barHeight
	for _, m := range h.marks {
		if len(times) > 0 && times[0] <= m.At && m.At <= times[len(times)-1] {
			t.Marks = append(t.Marks, label{place(m.At), t.Height, string(m.Kind) + " " + m.Text})
		}
	}
	t.Height += barHeight
	return t
}

// around adds the nearest operations on the same partition.
func (h *History) around(blamed []ID) []ID {
	shown := slices.Clone(blamed)
	for _, id := range blamed {
		for _, step := range []ID{-1, 1} {
			found := 0
			for near, tries := id+step, 0; near >= 0 && int(near) < len(h.rows) && found < neighbours && tries < 10000; near, tries = near+step, tries+1 {
				if h.rows[near].tp == h.rows[id].tp {
					shown = append(shown, near)
					found++
				}
			}
		}
		if len(shown) > mostBars {
			break
		}
	}
	slices.Sort(shown)
	return slices.Compact(shown)
}

func (h *History) times(shown []ID) []int64 {
	var times []int64
	for _, id := range shown {
		times = append(times, h.rows[id].invoke, h.rows[id].ret)
	}
	slices.Sort(times)
	return slices.Compact(times)
}

// lanes gives each operation a row in which no other is under way.
type lanes struct {
	of     []int
	count  int
	labels []label
}

func (h *History) lanes(shown []ID) lanes {
	out := lanes{of: make([]int, len(shown))}
	for _, process := range h.processes(shown) {
		first := out.count
		var busy []int64 // until when, by row
		for i, id := range shown {
			r := &h.rows[id]
			if r.process != process {
				continue
			}
			row := slices.IndexFunc(busy, func(until int64) bool { return until < r.invoke })
			if row < 0 {
				row = len(busy)
				busy = append(busy, 0)
			}
			busy[row] = r.ret
			out.of[i] = first + row
		}
		out.labels = append(out.labels, label{0, first * barHeight, fmt.Sprintf("process %d", process)})
		out.count += len(busy)
	}
	return out
}

func (h *History) processes(shown []ID) []int32 {
	var all []int32
	for _, id := range shown {
		all = append(all, h.rows[id].process)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// short is an operation in a few letters.
func (h *History) short(op *Op) string {
	switch {
	case op.Kind == ProduceOp:
		return fmt.Sprintf("+%d @%s%s", len(op.Records), told(op.Offset), h.values(op.Records))
	case op.Kind == FetchOp && len(op.Records) > 0:
		return h.found(op.Records)
	case op.Kind == FetchOp:
		return "fetch " + told(op.Offset) + " hw " + told(op.Answer)
	case op.Kind == ListOp:
		return asked(op.Answer) + " " + told(op.Offset)
	}
	return op.Kind.String()
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:max(0, n-1)]) + "…"
}
