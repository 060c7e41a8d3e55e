package sim_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"odradek/faults"
	"odradek/node/env"
	"odradek/sim"
	"odradek/sim/production"
)

// slowCluster is a cluster of five whose messages take up to 400 ms, each way another time.
func slowCluster(t *testing.T, seed uint64) *sim.World {
	w := sim.NewWorld(seed)
	k := sim.Knobs{Nodes: 5, Cluster: sim.Cluster{Shards: []int{1, 1, 1, 1, 1}, Replicas: 3, MinISR: 2, Session: 3 * time.Second,
		Lag: 3 * time.Second, Wait: 500 * time.Millisecond, Backoff: 50 * time.Millisecond}}
	machines := production.New
	for range k.Nodes {
		w.AddNode(func(b sim.Boot) []env.Machine { return machines(k, b) }, "/data")
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	var plan faults.Plan
	for on := range k.Nodes {
		for to := range k.Nodes {
			if on != to {
				plan = append(plan, faults.Fault{Kind: faults.DelayLink, On: on, To: to,
					Delay: 1 + time.Duration(rng.Int64N(int64(400*time.Millisecond))), Until: time.Hour})
			}
		}
	}
	w.Apply(plan)
	return w
}

func TestEveryNodeOfAClusterWithASlowNetworkComesUp(t *testing.T) {
	for seed := range uint64(40) {
		w := slowCluster(t, seed)
		up := func() bool {
			for _, n := range w.Nodes() {
				if !n.Up() {
					return false
				}
			}
			return true
		}
		w.Run(30*time.Second, 2_000_000, up)
		if w.Crash() != nil || !up() {
			t.Errorf("seed %d: %v; not all nodes are up after %v", seed, w.Crash(), w.Now())
		}
		w.End()
	}
}
