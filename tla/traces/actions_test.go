package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"odradek/sim"
	"odradek/sim/production"
	"odradek/sim/tracing"
)

// between is the text of a specification from one line on to another.
func between(t *testing.T, file, from, to string) string {
	t.Helper()
	text, err := os.ReadFile("../" + file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "\n"+from)
	if !found {
		t.Fatalf("%s has no line that begins with %q", file, from)
	}
	part, _, _ := strings.Cut(rest, "\n"+to)
	return part
}

var helpers = []string{"Len", "Leading", "View", "MayFetch"} // of Step, which are no actions

// actionsOf are the actions of IsrReplication, as its Step names them.
func actionsOf(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{"Elect": true}
	step := between(t, "IsrReplication.tla", "Step ==", "Next ==")
	for _, m := range regexp.MustCompile(`\b([A-Z]\w+)\(`).FindAllStringSubmatch(step, -1) {
		if !slices.Contains(helpers, m[1]) {
			found[m[1]] = true
		}
	}
	if !strings.Contains(step, `\/ Elect`) {
		t.Error("Elect is no action any more")
	}
	return slices.Sorted(maps.Keys(found))
}

func TestTracesKnowTheActionsOfTheSpecification(t *testing.T) {
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`a\[1\] = "(\w+)"`).FindAllStringSubmatch(between(t, "IsrTraces.tla", "Do(a) ==", "----"), -1) {
		known[m[1]] = true
	}
	if have, want := slices.Sorted(maps.Keys(known)), actionsOf(t); !slices.Equal(have, want) {
		t.Errorf("IsrTraces knows %v, and IsrReplication has %v", have, want)
	}
}

// shown are runs in which, together, every action occurs.
var shown = []struct {
	campaign sim.Campaign
	seed     uint64
}{{sim.T2, 1}, {sim.T2, 2}, {sim.Chop, 5}, {sim.T1, 71}}

func TestEachActionOccursInFreshTraces(t *testing.T) {
	count := map[string]int{}
	for _, x := range shown {
		for _, tr := range record(x.seed, x.campaign) {
			tr.Actions(count)
		}
	}
	for _, name := range actionsOf(t) {
		if count[name] == 0 {
			t.Errorf("%s does not occur", name)
		}
	}
	t.Log(count)
}

func TestARunIsTheSameWhenItIsRecorded(t *testing.T) {
	k, plan := drawn(2, sim.T1)
	r := tracing.NewRecorder(2, k)
	o := sim.RunOptions{Knobs: &k, Plan: plan, New: production.New}
	alone := sim.Run(2, o)
	if recorded := sim.Run(2, watched(o, r)); recorded.Hash != alone.Hash || len(r.Traces()) == 0 {
		t.Errorf("trace hash %x, and %x with a recorder, %d traces", alone.Hash, recorded.Hash, len(r.Traces()))
	}
}
