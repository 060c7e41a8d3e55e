package checker

import (
	"fmt"
	"slices"
)

// Story is what happened in a world of several computers, for the space-time
// diagram of a report. Times are those of the history, ns.
type Story struct {
	Lanes  []string // computers, from the top; a lane is named by its place here
	End    int64
	Wrong  int64 // when it went wrong, if that is known
	Arrows []Arrow
	Spans  []Span
	Points []Point
}

// Arrow is a message from one lane to another.
type Arrow struct {
	From, To      int
	Sent, Arrived int64 // Arrived is Unknown for a message that did not
	Kind, Text    string
}

// Span is a time for which something was so. Row divides a lane: "" is the computer
// itself, anything else a replica on it.
type Span struct {
	Lane        int
	Row         string
	From, To    int64
	Kind, Label string
	Text        string // all of it
}

// Point is something that happened at one time.
type Point struct {
	Lane        int
	Row         string
	At          int64
	Kind, Label string
	Text        string // all of it
}

// The kinds of spans and points that a page has colours for.
const (
	SpanDown   = "down"   // no process runs
	SpanPause  = "pause"  // it stands still
	SpanFault  = "fault"  // of the network or the disk
	SpanLeads  = "leads"  // the replica leads, in the epoch of the text
	SpanTails  = "tails"  // the replica follows
	SpanBlamed = "blamed" // the operation that went wrong

	PointFault   = "fault"
	PointElected = "elected"
	PointHigh    = "high" // high watermark
	PointChange  = "change"
)

// Case is what a report tells beside its result: how the run was made, and what
// happened in it. All of it may be empty.
type Case struct {
	Title   string
	Reason  string
	Command string   // which makes it again
	Plan    []string // the faults
	Story   *Story
}

// moments are the times to look at closely: when the operations began or ended that
// show the first anomaly; without one, the end.
func (r *Result) moments(s *Story) []int64 {
	if len(r.Anomalies) == 0 || len(r.Anomalies[0].Ops) == 0 {
		return []int64{s.End}
	}
	var all []int64
	for _, id := range r.Anomalies[0].Ops {
		op := r.h.Op(id)
		at := op.Return
		if at == never {
			at = op.Invoke
		}
		all = append(all, at)
	}
	slices.Sort(all)
	return slices.Compact([]int64{all[0], all[len(all)-1]})
}

// blamed are the operations that show the first anomaly, as spans of the clients.
func (r *Result) blamed(s *Story) (spans []Span) {
	if len(r.Anomalies) == 0 {
		return nil
	}
	for _, id := range r.Anomalies[0].Ops {
		op := r.h.Op(id)
		spans = append(spans, Span{From: op.Invoke, To: min(op.Return, s.End), Kind: SpanBlamed,
			Label: op.Kind.String() + " " + r.h.short(&op), Text: r.h.Describe(id)})
	}
	return spans
}

// closeUps are the diagrams of a story: all of it, and its moments with the messages.
func (r *Result) closeUps(s *Story) (pictures []spaceTime) {
	whole := *s
	whole.Spans = append(slices.Clone(s.Spans), r.blamed(s)...)
	moments := r.moments(s)
	whole.Wrong = moments[len(moments)-1]
	all := whole.draw("All of it, without the messages", 0, s.End, false)
	pictures = append(pictures, all)
	from, _ := whole.around(whole.Wrong)
	if first := moments[0]; first < from {
		pictures = append(pictures, whole.closeUp(first))
	}
	return append(pictures, whole.closeUp(whole.Wrong))
}

func (s *Story) closeUp(at int64) spaceTime {
	from, to := s.around(at)
	return s.draw("Around "+seconds(at)+", only the order of times to scale", from, to, true)
}

// mostArrows are drawn in one picture.
const mostArrows = 250

// around is a time around a moment in which few enough messages are under way: four
// fifths of it lie before.
func (s *Story) around(at int64) (from, to int64) {
	for wide := int64(4e9); wide > 1e6; wide -= wide / 4 {
		from, to = max(0, at-wide/5*4), min(s.End, at+wide/5)
		n := 0
		for _, a := range s.Arrows {
			if a.within(from, to) {
				n++
			}
		}
		if n <= mostArrows {
			break
		}
	}
	return from, to
}

func (a Arrow) within(from, to int64) bool {
	return a.Sent <= to && max(a.Sent, a.Arrived) >= from
}

func seconds(at int64) string { return fmt.Sprintf("%.4f s", float64(at)/1e9) }
