package checker

import (
	"fmt"
	"math"
	"slices"
)

// scale places times from left to right: in proportion, or, if it has a list of times,
// each of these as far from the next one as any other.
type scale struct {
	from, to int64
	times    []int64
}

func newScale(from, to int64) scale { return scale{from: from, to: max(to, from+1)} }

// x is where a time lies, in pixels; those outside lie at the edges.
func (s *scale) x(at int64) int {
	at = min(max(at, s.from), s.to)
	part := float64(at-s.from) / float64(s.to-s.from)
	if len(s.times) > 1 {
		i, found := slices.BinarySearch(s.times, at)
		part = float64(i) / float64(len(s.times)-1)
		if !found && i > 0 && i < len(s.times) {
			before := s.times[i-1]
			part = (float64(i-1) + float64(at-before)/float64(s.times[i]-before)) / float64(len(s.times)-1)
		}
	}
	return leftWidth + int(min(part, 1)*drawnWidth)
}

// ticks are times along the top: round ones, or those of the list, about ten.
func (s *scale) ticks(height int) (ticks []label) {
	for i := 0; i < len(s.times); i += max(1, len(s.times)/10) {
		ticks = append(ticks, label{s.x(s.times[i]), height, fmt.Sprintf("%.6f s", float64(s.times[i])/1e9)})
	}
	if len(s.times) > 0 {
		return ticks
	}
	step := math.Pow(10, math.Floor(math.Log10(float64(s.to-s.from))))
	for float64(s.to-s.from)/step < 6 {
		step /= 2
	}
	for at := math.Ceil(float64(s.from)/step) * step; at <= float64(s.to); at += step {
		ticks = append(ticks, label{s.x(int64(at)), height, seconds(int64(at))})
	}
	return ticks
}

// times are those of a part of the story at which something happens, and its edges.
func (s *Story) times(from, to int64) []int64 {
	times := []int64{from, to}
	for _, a := range s.Arrows {
		times = append(times, a.Sent, a.Arrived)
	}
	for _, x := range s.Spans {
		times = append(times, x.From, x.To)
	}
	for _, p := range s.Points {
		times = append(times, p.At)
	}
	times = slices.DeleteFunc(times, func(at int64) bool { return at < from || at > to })
	slices.Sort(times)
	return slices.Compact(times)
}
