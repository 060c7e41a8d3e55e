package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"odradek/sim"
	"odradek/sim/tracing"
	"odradek/tla/tlc"
)

// checked has TLC look at traces and variants, if it is there.
func checked(t *testing.T, traces []tracing.Trace, variants []variant, steps bool) []verdict {
	t.Helper()
	if testing.Short() {
		t.Skip("TLC takes its time")
	}
	tool, err := tlc.Find(t.Context())
	if err != nil {
		t.Skip(err)
	}
	c := checking{tool: tool, specs: "..", dir: t.TempDir(), steps: steps}
	all, err := c.check(context.WithoutCancel(t.Context()), traces, variants)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAFreshTraceIsABehaviourAndItsActionsAreStepsOfNext(t *testing.T) {
	for _, v := range checked(t, record(10, sim.T2), nil, true) {
		if !v.accepted {
			t.Errorf("refused at line %d, action %d", v.line, v.act)
		}
	}
}

func TestATraceThatIsWrongAtOneLineIsRefusedThere(t *testing.T) {
	traces := record(12, sim.T2)
	variants := drawVariants(rand.New(rand.NewPCG(1, 1)), traces, 5)
	for _, v := range checked(t, traces, variants, false) {
		switch {
		case v.variant < 0:
			if !v.accepted {
				t.Errorf("the trace is refused at line %d", v.line)
			}
		case v.accepted:
			x := variants[v.variant]
			t.Errorf("accepted, with %s at line %d: %s", x.kind, x.line, lineText(x.instead))
		case v.line < variants[v.variant].line:
			t.Errorf("refused at line %d, before its own", v.line)
		}
	}
}

func TestWhatTLCTellsIsRead(t *testing.T) {
	out := []byte("Progress\n<<\"at\", 2, 0, 1, 0>>\n<<\"at\", 1, 3, 7, 0>>\n<<\"accepted\", 2, 0, 5, 0>>\n<<\"at\", 1, 3, 7, 1>>\n<<\"at\", 1, 3, 6, 2>>\n")
	want := []verdict{{trace: 0, variant: 2, line: 6, act: 1}, {trace: 1, variant: -1, accepted: true, line: 4}}
	if all := verdicts(out); !slices.Equal(all, want) {
		t.Errorf("%+v", all)
	}
}

func TestEachKindOfVariantSaysSomethingElse(t *testing.T) {
	entry := tracing.Entry{Leader: 1, LeaderEpoch: 2, ISR: []int{1}}
	tr := tracing.Trace{Brokers: []int32{1, 2}, Lines: []tracing.Line{
		{Acts: []tracing.Act{{Name: "AdvanceHW", Replica: 1, Args: []int{3}}}, After: []tracing.Change{{Var: "hw", Replica: 1, N: 3}}},
		{Acts: []tracing.Act{{Name: "Commit"}}, After: []tracing.Change{{Var: "metalog", Entry: entry}}},
	}}
	for line, kinds := range map[int][]kind{0: {raised}, 1: {moved, joined}} {
		for _, k := range kinds {
			l, ok := k.make(&tr, line)
			if !ok || lineText(l) == lineText(tr.Lines[line]) {
				t.Errorf("%s: %v, %s", k, ok, lineText(l))
			}
		}
	}
	if _, ok := joined.make(&tr, 0); ok {
		t.Error("a high watermark has no ISR")
	}
}
