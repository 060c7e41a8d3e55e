package checker

import (
	"cmp"
	"slices"
)

// spaceTime is a diagram: computers from top to bottom, time from left to right. With
// messages only the order of times is to scale, or pauses would hide them.
//
//	clients  ---\----------/--------
//	             \        /             an arrow is a message
//	node 0   -----*---*--*----------    below each line a row for each replica:
//	         topic-0-0 [leads, epoch 1 |3 |5    its role, and high watermarks
//	node 1   ==down==-----*---------
type spaceTime struct {
	Title         string
	Width, Height int
	Lanes         []lane
	Boxes         []box
	Dots          []dot
	Messages      []stroke
	Ticks         []label
	Wrong         int // x of when it went wrong; 0: not here
}

type lane struct {
	Y     int
	Text  string
	Rows  []label
	Left  int
	Right int
}

type box struct {
	X, Y, W, H        int
	Class, Text, Full string
}

type dot struct {
	X, Y, R, DY       int
	Class, Text, Full string
}

type stroke struct {
	X1, Y1, X2, Y2 int
	TX, TY         int // of the text
	Class, Text    string
	Full           string
}

// Measures, in pixels.
const (
	drawnWidth = 1500
	leftWidth  = 190
	laneGap    = 58 // above a lane's line: for messages
	rowHeight  = 18
	mostRows   = 6 // of replicas on one lane
)

// canvas places times, lanes and texts.
type canvas struct {
	scale
	rows  []map[string]int // y of the lanes' rows
	taken map[int][][2]int // from and to which x there are texts, by y: they may not cover one another
}

// draw makes the diagram of a part of the story.
func (s *Story) draw(title string, from, to int64, messages bool) spaceTime {
	c := &canvas{scale: newScale(from, to), taken: map[int][][2]int{}}
	if messages {
		c.times = s.times(from, to)
	}
	d := spaceTime{Title: title, Width: leftWidth + drawnWidth + 20}
	y := 30
	for i, name := range s.Lanes {
		y += laneGap / 2
		l := lane{Y: y, Text: name, Left: leftWidth, Right: leftWidth + drawnWidth}
		rows := map[string]int{"": y}
		for _, row := range s.rowsOf(i) {
			y += rowHeight
			rows[row] = y
			l.Rows = append(l.Rows, label{14, y, row})
		}
		c.rows = append(c.rows, rows)
		d.Lanes = append(d.Lanes, l)
		y += laneGap / 2
	}
	d.Height = y + 10
	d.Ticks = c.ticks(d.Height)
	for _, x := range s.Spans {
		c.span(&d, x)
	}
	if messages {
		for _, a := range s.Arrows {
			c.arrow(&d, a)
		}
	}
	for _, p := range s.Points {
		c.point(&d, p)
	}
	if s.Wrong >= from && s.Wrong <= to {
		d.Wrong = c.x(s.Wrong)
	}
	return d
}

// rowsOf are the replicas to show on a lane: those of which most is told.
func (s *Story) rowsOf(lane int) []string {
	told := map[string]int{}
	var rows []string
	count := func(of int, row string) {
		if of != lane || row == "" {
			return
		}
		if told[row]++; told[row] == 1 {
			rows = append(rows, row)
		}
	}
	for _, x := range s.Spans {
		count(x.Lane, x.Row)
	}
	for _, p := range s.Points {
		count(p.Lane, p.Row)
	}
	slices.SortStableFunc(rows, func(a, b string) int { return told[b] - told[a] })
	rows = rows[:min(len(rows), mostRows)]
	slices.Sort(rows)
	return rows
}

func (c *canvas) place(lane int, row string) (y int, shown bool) {
	if lane < 0 || lane >= len(c.rows) {
		return 0, false
	}
	y, shown = c.rows[lane][row]
	return y, shown
}

// fits is a text if there is room for it at a place, which it takes; else nothing.
func (c *canvas) fits(x, y int, text string) string {
	to := x + len(text)*charWidth + 6
	for _, other := range c.taken[y] {
		if x < other[1] && to > other[0] {
			return ""
		}
	}
	c.taken[y] = append(c.taken[y], [2]int{x, to})
	return text
}

func (c *canvas) span(d *spaceTime, s Span) {
	y, shown := c.place(s.Lane, s.Row)
	if !shown || s.From > c.to || s.To < c.from {
		return
	}
	b := box{X: c.x(s.From), Y: y - 7, H: 14, Class: s.Kind, Full: s.Text + ", " + seconds(s.From) + " to " + seconds(s.To)}
	if s.Kind == SpanFault {
		b.Y, b.H = y-20, 10
	}
	b.W = max(2, c.x(s.To)-b.X)
	b.Text = c.fits(b.X, b.Y, clip(s.Label, b.W/charWidth))
	d.Boxes = append(d.Boxes, b)
}

func (c *canvas) point(d *spaceTime, p Point) {
	y, shown := c.place(p.Lane, p.Row)
	if !shown || p.At < c.from || p.At > c.to {
		return
	}
	b := dot{X: c.x(p.At), Y: y, Class: p.Kind, Full: p.Text + ", " + seconds(p.At), R: 4}
	if b.DY = -8; p.Row != "" {
		b.R, b.DY = 2, 4
		b.Text = c.fits(b.X, y-7, p.Label)
	} else {
		b.Text = c.fits(b.X, y-20, p.Label)
	}
	d.Dots = append(d.Dots, b)
}

func (c *canvas) arrow(d *spaceTime, a Arrow) {
	from, ok := c.place(a.From, "")
	to, ok2 := c.place(a.To, "")
	if !ok || !ok2 || from == to || !a.within(c.from, c.to) {
		return
	}
	m := stroke{X1: c.x(a.Sent), Y1: from, X2: c.x(a.Arrived), Y2: to, Class: a.Kind,
		Full: a.Text + ", sent " + seconds(a.Sent) + ", arrived " + seconds(a.Arrived)}
	if a.Arrived == Unknown { // it goes half the way
		m.X2, m.Y2, m.Class = m.X1+8, (from+to)/2, m.Class+" lost"
		m.Full = a.Text + ", sent " + seconds(a.Sent) + ", did not arrive"
	}
	m.TX, m.TY = (m.X1+m.X2)/2+2, (m.Y1+m.Y2)/2
	if a.Kind == "" {
		m.Text = c.fits(m.TX, -m.TY/12, a.Text)
	}
	d.Messages = append(d.Messages, m)
}

// order sorts a story's parts by time: they come as they end.
func (s *Story) order() {
	slices.SortStableFunc(s.Arrows, func(a, b Arrow) int { return cmp.Compare(a.Sent, b.Sent) })
	slices.SortStableFunc(s.Spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	slices.SortStableFunc(s.Points, func(a, b Point) int { return cmp.Compare(a.At, b.At) })
}
