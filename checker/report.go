package checker

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed report.html
var reportText string

var reportPage = template.Must(template.New("report").Parse(reportText))

// page is a picture of a window that Porcupine found illegal, whole as HTML.
type page struct {
	at   TP
	html string
}

// WriteReport writes a page for a browser, whole in itself: the verdict, every
// anomaly that was kept with the operations that show it and a timeline around
// them, and Porcupine's own pages of windows that it found illegal.
func (r *Result) WriteReport(w io.Writer) error { return r.WriteCase(w, Case{}) }

// WriteCase writes the same page with what is known of the run: how it is made again,
// and a space-time diagram of its story.
func (r *Result) WriteCase(w io.Writer, c Case) error {
	out := r.report()
	out.Case = c
	if c.Story != nil {
		c.Story.order()
		out.Pictures = r.closeUps(c.Story)
	}
	if c.Title != "" {
		out.Headline, out.Valid = c.Title, false
	}
	return reportPage.Execute(w, out)
}

type report struct {
	Valid     bool
	Headline  string
	Names     []reportName
	Anomalies []reportAnomaly
	Marks     []Mark
	Pages     []reportPicture
	Case      Case
	Pictures  []spaceTime
}

type reportName struct {
	Counts
	Text string
}

type reportAnomaly struct {
	Name, At, Detail, Text string
	Ops                    []string
	Timeline               *timeline
}

type reportPicture struct{ At, HTML string }

func (r *Result) report() report {
	out := report{Valid: r.Valid(), Headline: r.headline()}
	for _, c := range r.Counts {
		out.Names = append(out.Names, reportName{c, Explain(c.Name)})
	}
	for i := range r.Anomalies {
		out.Anomalies = append(out.Anomalies, r.reportAnomaly(&r.Anomalies[i]))
	}
	if r.h != nil {
		out.Marks = r.h.marks
	}
	for _, p := range r.pages {
		out.Pages = append(out.Pages, reportPicture{fmt.Sprintf("%s-%d", p.at.Topic, p.at.Partition), p.html})
	}
	return out
}

func (r *Result) reportAnomaly(a *Anomaly) reportAnomaly {
	out := reportAnomaly{Name: a.Name, At: a.at(), Detail: a.Detail, Text: Explain(a.Name)}
	for _, id := range a.Ops {
		out.Ops = append(out.Ops, r.h.Describe(id))
	}
	if len(a.Ops) > 0 {
		out.Timeline = r.h.timeline(a.Ops)
	}
	return out
}
