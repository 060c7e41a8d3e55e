package main

import (
	"odradek/faults"
	"odradek/node/env"
	"odradek/sim"
	"odradek/sim/production"
	"odradek/sim/tracing"
)

// record runs a seed of a campaign, without what the specification abstracts from.
func record(seed uint64, c sim.Campaign) []tracing.Trace {
	k, plan := drawn(seed, c)
	r := tracing.NewRecorder(seed, k)
	sim.Run(seed, watched(sim.RunOptions{Knobs: &k, Plan: plan, New: production.New}, r))
	return r.Traces()
}

func drawn(seed uint64, c sim.Campaign) (sim.Knobs, faults.Plan) {
	k := tracing.Plain(sim.DrawCampaign(env.Stream(seed, 0, "knobs"), c))
	return k, tracing.PlainPlan(sim.DrawPlan(env.Stream(seed, 0, "faults"), k))
}

// watched are the options of a run that is recorded.
func watched(o sim.RunOptions, r *tracing.Recorder) sim.RunOptions {
	o.Watch = r.Before(nil)
	o.New = func(k sim.Knobs, b sim.Boot) []env.Machine { return r.Tap(b, production.New(k, b)) }
	return o
}
