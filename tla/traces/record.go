package main

import (
	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/sim"
	"odradek/sim/tracing"
)

// record runs a seed of a campaign, without what the specification abstracts from.
func record(seed uint64, c sim.Campaign) []tracing.Trace {
	k := tracing.Plain(sim.DrawCampaign(env.Stream(seed, 0, "knobs"), c))
	r := tracing.NewRecorder(seed, k)
	sim.Run(seed, sim.RunOptions{
		Knobs: &k, Plan: tracing.PlainPlan(sim.DrawPlan(env.Stream(seed, 0, "faults"), k)), Watch: r.Before(nil),
		New: func(k sim.Knobs, b sim.Boot) []env.Machine { return r.Tap(b, simNode(k, b)) },
	})
	return r.Traces()
}

// simNode makes the machines of a simulated node.
func simNode(k sim.Knobs, b sim.Boot) []env.Machine {
	c, _, err := config.Load(k.Settings(b.Node), nil)
	if err != nil {
		panic("traces: " + err.Error())
	}
	machines, err := broker.New(c, b.Rand)
	if err != nil {
		panic("traces: " + err.Error())
	}
	return machines
}
