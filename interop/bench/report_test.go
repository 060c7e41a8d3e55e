package main

import (
	"strings"
	"testing"
)

// two is a report of two brokers: twice as many requests, in half the time.
func two() *report {
	return &report{
		Brokers: []string{"odradek", "kafka"}, Load: []string{"1 2 3", "4 5 6"},
		Rows: []*row{
			{"small", "requests/s", false, [][]float64{{300, 100, 200}, {100}}},
			{"small", "p99 ms", true, [][]float64{{2}, {4}}},
			{"the disk", "", true, [][]float64{{1}, nil}},
		},
		Costs: []*costRow{{"small", "request", [][]spent{{{CPU: 50, Allocations: 33}}, {{CPU: 80}}}}},
	}
}

func TestARatioAboveOneIsInOurFavour(t *testing.T) {
	for _, r := range two().Rows[:2] {
		if x := r.ratio(1); x != 2 {
			t.Errorf("%s: the ratio is %v and not 2", r.Figure, x)
		}
	}
}

func TestWhatOnlyOneBrokerHasIsNotCompared(t *testing.T) {
	r := two()
	if x := r.Rows[2].ratio(1); x != 0 {
		t.Fatalf("a ratio of %v to nothing", x)
	}
	if plot := r.plot(); strings.Contains(plot, "the disk") || strings.Count(plot, ">2.00<") != 2 {
		t.Fatalf("the drawing is to have two bars of 2.00, and none of the disk:\n%s", plot)
	}
}

func TestTheMedianIsShownWithItsSpan(t *testing.T) {
	lines := two().figures()
	if got := lines[1][2]; got != "200 (100 to 300)" {
		t.Fatalf("the first figure reads %q", got)
	}
	if page := two().page("x.svg"); !strings.Contains(page, "| 200 (100 to 300) | 100 | 2.00 |") || !strings.Contains(page, "![Ratios](x.svg)") {
		t.Fatalf("the page lacks it:\n%s", page)
	}
}

func TestBarsGoToTheRightOfOneIfTheyAreBetter(t *testing.T) {
	if !(place(0.5) < place(1) && place(1) < place(2) && place(2)-place(1) == place(1)-place(0.5)) {
		t.Fatalf("0.5, 1 and 2 lie at %d, %d and %d", place(0.5), place(1), place(2))
	}
	if place(1000) != place(plotMost) || place(0) != place(1/plotMost) {
		t.Fatal("what is out of the scale is to lie at its end")
	}
}

func TestOfSeveralResultsTheLastCountsAndErrorsAreSaid(t *testing.T) {
	r, err := parse([]byte("{\"requests\":1}\n{\"requests\":2}\n"))
	if err != nil || r.Requests != 2 {
		t.Fatalf("%v requests, %v", r.Requests, err)
	}
	if _, err := parse([]byte(`{"errors":{"NOT_LEADER":3}}`)); err == nil || !strings.Contains(err.Error(), "NOT_LEADER") {
		t.Fatalf("errors are not said: %v", err)
	}
}

func TestTheCostIsWhatWasUsedMeanwhileByUnit(t *testing.T) {
	c := growing.costs(1)
	c.add(0, spent{CPU: 100, Calls: 10}, spent{CPU: 300, Calls: 14}, 2)
	if got := c.Values[0][0]; got.CPU != 100 || got.Calls != 2 {
		t.Fatalf("a unit costs %+v", got)
	}
}

func TestWhatTheDiskBoundsIsComparedWithTheDisk(t *testing.T) {
	got := againstDisk([]*row{
		{diskAppend, p50.name, true, [][]float64{{2}, nil}},
		{oneInFlight, p50.name, true, [][]float64{{3}, {8}}},
		{oneInFlight, p99.name, true, [][]float64{{3}, {8}}},
	})
	if len(got) != 1 || got[0].Values[0][0] != 1.5 || got[0].Values[1][0] != 4 || got[0].ratio(1) <= 2 {
		t.Fatalf("compared: %+v", got)
	}
}
