package checker

import (
	"strings"
	"testing"
)

func TestCheckersThatDisagreeAreReported(t *testing.T) {
	right, wrong := tale{NewHistory()}, tale{NewHistory()}
	right.wrote(1, 0, 1, 0, 10)
	wrong.wrote(1, 0, 1, 0, 10)
	wrong.read(2, 2, 3, 0, 0)
	for name, h := range map[string]tale{"the sweep too strict": right, "the sweep too lax": wrong} {
		c := newCheck(h.History, Options{Window: 8, Seconds: 1})
		p := c.parts[0]
		p.sweep()
		p.illegal = !p.illegal // a mistake of the sweep
		p.secondOpinion()
		if c.r.Count("checkers-disagree") != 1 {
			t.Errorf("%s: %v", name, c.r)
		}
	}
}

func TestWhatPorcupineCannotSettleCountsAsFailed(t *testing.T) {
	h := tale{NewHistory()}
	for i := range int32(18) { // acknowledged at one time without an offset, in any order
		h.wrote(i, 0, 10, Unknown, Value(i))
	}
	h.read(40, 20, 21, 0, 17)
	r := CheckBoth(h.History, Options{Seconds: 1})
	if r.Count("porcupine-unknown") != 1 || r.Count("checkers-disagree") != 0 {
		t.Fatal(r)
	}
}

func TestWindowsAreBoundedAndCoverAlmostAll(t *testing.T) {
	h := busyHistory(20_000)
	r := CheckBoth(h, Options{Window: 32})
	if !r.Valid() || r.Stats.Windows < 20_000/64 || r.Stats.Unwindowed > 20_000/10 {
		t.Fatalf("%v, %d operations in no window", r, r.Stats.Unwindowed)
	}
}

func TestTheReportShowsAnomaliesOperationsAndPorcupinesPage(t *testing.T) {
	h := tale{NewHistory()}
	h.wrote(1, 0, 1, 0, 10)
	h.Mark(2, Crash, "node <2>")
	h.read(2, 3, 4, 0, 0)
	h.read(2, 5, 6, 0, 1, 10)
	r := CheckBoth(h.History, Options{})
	var page strings.Builder
	if err := r.WriteReport(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"stale-read", "that began after an acknowledgement", "told the end 0", "blamed", "process 2", "crash node &lt;2&gt;",
		"fetch from 0 -&gt; nothing, high watermark 0", "porcupine-illegal", "srcdoc=", "append([10])"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	valid := Check(NewHistory(), Options{})
	page.Reset()
	if err := valid.WriteReport(&page); err != nil || !strings.Contains(page.String(), "valid: 0 operations") {
		t.Errorf("the page of a valid history: %v\n%s", err, page.String())
	}
}

func TestTheVerdictIsOneLineWhenAllIsWell(t *testing.T) {
	h := tale{NewHistory()}
	h.wrote(1, 0, 1, 0, 10)
	h.sent(1, 2, 3, 11)
	got := Check(h.History, Options{}).String()
	if want := "valid: 2 operations on 1 partitions, 1 of 2 produces acknowledged (50.0 % unknown), 0 records read"; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	h.wrote(1, 4, 5, 0, 12)
	if got := Check(h.History, Options{}).String(); !strings.HasPrefix(got, "WRONG: ") || !strings.Contains(got, "inconsistent-offsets x1") {
		t.Fatal(got)
	}
}

func TestAnomaliesAreCountedBeyondThoseKept(t *testing.T) {
	h := tale{NewHistory()}
	h.wrote(1, 0, 1, 0, 10)
	for i := range int64(50) {
		h.read(2, 2+2*i, 3+2*i, 0, 0)
	}
	r := Check(h.History, Options{Keep: 3})
	if r.Count("lost-write") != 50 || len(r.Anomalies) != 3 {
		t.Fatalf("%d counted, %d kept: %v", r.Count("lost-write"), len(r.Anomalies), r)
	}
}
