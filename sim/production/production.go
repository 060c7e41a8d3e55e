// Package production puts the nodes of production into the simulator:
//
//	sim.Knobs, sim.Boot --settings--> node/config --> node/broker: the machines of one node
//
// Package sim itself knows no broker: it runs whatever machines it is given.
package production

import (
	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/sim"
)

// New makes the machines of a node, for sim.RunOptions. Knobs draw settings that are
// right, so that an error is a fault of ours.
func New(k sim.Knobs, b sim.Boot) []env.Machine { return With(k.Settings(b.Node), nil, b) }

// With makes the machines of a node with these settings, those of the second list
// before those of the first.
func With(settings, overrides []config.Setting, b sim.Boot) []env.Machine {
	c, _, err := config.Load(settings, overrides)
	if err != nil {
		panic("sim: " + err.Error())
	}
	machines, err := broker.New(c, b.Rand)
	if err != nil {
		panic("sim: " + err.Error())
	}
	return machines
}
