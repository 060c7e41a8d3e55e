package checker

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

// storyPage is the page of a lost record, with a story.
func storyPage(t *testing.T) string {
	h := tale{NewHistory()}
	h.wrote(1, 100, 200, 0, 10)
	h.read(2, 800, 900, 0, 0)
	r := Check(h.History, Options{})
	s := &Story{
		Lanes: []string{"clients", "node <0>", "node 1"}, End: 1000,
		Arrows: []Arrow{
			{From: 0, To: 1, Sent: 100, Arrived: 120, Text: "Produce"},
			{From: 1, To: 0, Sent: 150, Arrived: 200, Kind: "answer", Text: "answer to Produce"},
			{From: 1, To: 2, Sent: 880, Arrived: Unknown, Text: "Fetch"},
		},
		Spans: []Span{
			{Lane: 1, From: 300, To: 500, Kind: SpanDown, Label: "down", Text: "no process"},
			{Lane: 2, Row: "t-0", From: 510, To: 1000, Kind: SpanLeads, Label: "leads, epoch 2", Text: "t-0 leads"},
		},
		Points: []Point{
			{Lane: 1, At: 300, Kind: PointFault, Label: "crash", Text: "at 300ns node 0 crash 1ms"},
			{Lane: 2, Row: "t-0", At: 700, Kind: PointHigh, Label: "7", Text: "high watermark 7"},
		},
	}
	var page strings.Builder
	c := Case{Title: "Seed 7: wrong", Reason: "because", Command: "odradek sim --seed 7", Plan: []string{"at 300ns node 0 crash 1ms"}, Story: s}
	if err := r.WriteCase(&page, c); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

func TestTheReportTellsItsStory(t *testing.T) {
	page := storyPage(t)
	for _, want := range []string{"Seed 7: wrong", "because", "odradek sim --seed 7", "node &lt;0&gt;", ">leads, epoch 2<", ">crash<", "high watermark 7",
		">Produce<", "did not arrive", `class="blamed"`, `class="wrong"`, "All of it"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "http://") && strings.Count(page, "http://") != strings.Count(page, `"http://www.w3.org/2000/svg"`) {
		t.Error("the page is not whole in itself")
	}
}

func TestThePicturesAreWellFormed(t *testing.T) {
	pictures := strings.Split(storyPage(t), "<svg")[1:]
	if len(pictures) < 3 {
		t.Fatalf("%d pictures", len(pictures))
	}
	for _, p := range pictures {
		text, _, closed := strings.Cut(p, "</svg>")
		d := xml.NewDecoder(strings.NewReader("<svg" + text + "</svg>"))
		for closed {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v in %s", err, text)
			}
		}
	}
}

func TestACloseUpShowsAsManyMessagesAsAnEyeCanFollow(t *testing.T) {
	s := &Story{Lanes: []string{"clients", "node 0"}, End: 10e9}
	for at := int64(0); at < s.End; at += 1e6 {
		s.Arrows = append(s.Arrows, Arrow{To: 1, Sent: at, Arrived: at + 1000})
	}
	from, to := s.around(5e9)
	if from >= 5e9 || to <= 5e9 || (to-from)/1e6 > mostArrows || (to-from)/1e6 < mostArrows/4 {
		t.Errorf("%d to %d", from, to)
	}
}

func TestAScaleKeepsTheOrderOfTimes(t *testing.T) {
	s := newScale(0, 1_000_000)
	s.times = []int64{0, 10, 20, 900_000, 1_000_000}
	was := 0
	for _, at := range []int64{-5, 0, 5, 10, 15, 20, 21, 500_000, 900_000, 1_000_000, 2_000_000} {
		if x := s.x(at); x < was || x > leftWidth+drawnWidth {
			t.Errorf("%d lies at %d, after %d", at, x, was)
		} else {
			was = x
		}
	}
	if s.x(10) != leftWidth+drawnWidth/4 || s.x(1_000_000) != leftWidth+drawnWidth {
		t.Error(s.x(10), s.x(1_000_000))
	}
}
