package broker

import (
	"fmt"
	"math/rand/v2"

	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/wire"
)

// node is what the machines of one node share: nothing in it ever changes.
type node struct {
	config *config.Broker
	shards int
	limits wire.Limits
}

// controllerIndex is the machine of the controller; the shards follow it.
const controllerIndex = 0

// New makes the machines of one node: the controller and its shards. Every
// draw of theirs comes from rng.
func New(c *config.Broker, rng *rand.Rand) ([]env.Machine, error) {
	if c.NumShards < 1 || c.NumShards > 1024 {
		return nil, fmt.Errorf("num.shards is %d and must be 1 to 1024", c.NumShards)
	}
	n := &node{config: c, shards: c.NumShards, limits: wire.DefaultLimits}
	if !c.Serves() {
		n.shards = 0
	}
	machines := []env.Machine{newController(n, fork(rng))}
	for i := range n.shards {
		machines = append(machines, newShard(n, i+1, fork(rng)))
	}
	return machines, nil
}

func fork(rng *rand.Rand) *rand.Rand { return rand.New(rand.NewPCG(rng.Uint64(), rng.Uint64())) }

// shardOf is the machine that a partition belongs to.
func (n *node) shardOf(k partitionKey) int { return 1 + int(k.hash()%uint64(n.shards)) }

// logDir is an entry of log.dirs.
type logDir struct {
	path     string
	id       env.UUID
	journals []string // what an earlier process left of them; the controller's affair
}
