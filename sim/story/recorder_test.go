package story_test

import (
	"strings"
	"testing"

	"odradek/checker"
	"odradek/faults"
	"odradek/node/env"
	"odradek/sim"
	"odradek/sim/invariant"
	"odradek/sim/production"
	"odradek/sim/story"
)

// cluster is a seed with several nodes, and faults of its own.
func cluster(t *testing.T) (uint64, sim.RunOptions) {
	for seed := uint64(0); ; seed++ {
		k := sim.DrawKnobs(env.Stream(seed, 0, "knobs"))
		if k.Nodes < 3 || k.Controllers > 0 {
			continue
		}
		plan, err := faults.Parse("at 500ms node 1 crash 300ms; from 300ms to 600ms node 2 pause; from 200ms to 900ms link 0>2 block; at 100ms conn 3 reset")
		if err != nil {
			t.Fatal(err)
		}
		return seed, sim.RunOptions{New: production.New, Knobs: &k, Plan: plan}
	}
}

func TestARecordedRunIsTheSameRun(t *testing.T) {
	seed, o := cluster(t)
	for _, watch := range []func(*sim.World) sim.Watch{nil, invariant.New(false)} {
		o.Watch = watch
		v := sim.Run(seed, o)
		var rec story.Recorder
		o.Watch = rec.Before(watch)
		if again := sim.Run(seed, o); again.Hash != v.Hash || again.Outcome != v.Outcome || again.Virtual != v.Virtual {
			t.Errorf("%x, recorded %x", v.Hash, again.Hash)
		}
	}
}

func TestAStoryTellsWhatHappened(t *testing.T) {
	seed, o := cluster(t)
	var rec story.Recorder
	o.Watch = rec.Before(nil)
	v := sim.Run(seed, o)
	c := rec.Case(v, "odradek sim")
	s := c.Story
	if len(s.Lanes) != v.Knobs.Nodes+1 || s.End != int64(v.Virtual) || len(c.Plan) != 4 {
		t.Errorf("%v, %d, %v", s.Lanes, s.End, c.Plan)
	}
	kinds := map[string]int{}
	for _, x := range s.Spans {
		kinds[x.Kind]++
		if x.From > x.To || x.Lane < 0 || x.Lane >= len(s.Lanes) {
			t.Errorf("%+v", x)
		}
	}
	for _, p := range s.Points {
		kinds[p.Kind]++
	}
	for _, a := range s.Arrows {
		kinds[a.Kind]++
		if a.Arrived != checker.Unknown && a.Arrived < a.Sent || strings.Contains(a.Text, "Unknown") {
			t.Errorf("%+v", a)
		}
	}
	for _, kind := range []string{checker.SpanDown, checker.SpanPause, checker.SpanFault, checker.SpanLeads, checker.SpanTails,
		checker.PointFault, checker.PointElected, checker.PointHigh, "", "answer", "raft"} {
		if kinds[kind] == 0 {
			t.Errorf("nothing of the kind %q", kind)
		}
	}
}
