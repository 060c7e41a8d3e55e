package sim_test

import (
	"testing"
	"time"

	"odradek/node/env"
	"odradek/sim"
	"odradek/sim/invariant"
	"odradek/sim/production"
	"odradek/sim/story"
)

// layout is a run of a few seconds with so many brokers, and nodes that are controllers
// alone.
func layout(t *testing.T, brokers, controllers int) (sim.Verdict, *story.Recorder) {
	k := sim.HeavyLoad(2 * time.Second)
	k.Nodes, k.Controllers, k.Cluster.Shards = brokers, controllers, k.Cluster.Shards[:brokers]
	k.Cluster.Replicas, k.Admin.Replicas, k.Ending = int16(brokers), int16(brokers), sim.EndByPowerCut
	var rec story.Recorder
	v := sim.Run(1, sim.RunOptions{New: production.New, Knobs: &k, Watch: rec.Before(invariant.New(false))})
	if v.Outcome != sim.Fine || v.Result.Stats.Acked == 0 {
		t.Fatalf("%d brokers, %d controllers: %v: %s", brokers, controllers, v.Outcome, v.Reason)
	}
	return v, &rec
}

func TestALoneControllerServesBrokersThatHaveNoVote(t *testing.T) { layout(t, 2, 1) }

func TestClientsTalkToBrokersOnly(t *testing.T) {
	v, rec := layout(t, 3, 3)
	controllers, brokers := 0, 0
	for _, a := range rec.Case(v, "").Story.Arrows {
		switch side := max(a.From, a.To); {
		case min(a.From, a.To) > 0: // the clients' lane is the first one
		case side > 3:
			controllers++
		default:
			brokers++
		}
	}
	if controllers > 0 || brokers == 0 {
		t.Errorf("%d messages with controllers, %d with brokers", controllers, brokers)
	}
}

func TestLayoutsOfAllSortsAreDrawn(t *testing.T) {
	most, apart := 0, map[int]int{}
	for seed := range uint64(2000) {
		k := sim.DrawKnobs(env.Stream(seed, 0, "knobs"))
		most = max(most, k.Nodes+k.Controllers)
		apart[k.Controllers]++
		if k.Nodes == 1 && k.Controllers > 0 || len(k.Cluster.Shards) != k.Nodes || k.Controllers < 0 {
			t.Fatalf("seed %d: %v", seed, k)
		}
	}
	if most != 7 || apart[1] == 0 || apart[2] == 0 || apart[3] == 0 {
		t.Errorf("%d computers at most; controllers alone %v", most, apart)
	}
}
