package sim

import "odradek/node/env"

// Always is what every seed has, whether it drew it or not. What is missing is drawn
// from streams of its own, so that all else of the seed stays, its faults too.
type Always struct {
	Groups  bool // which campaigns, except the swarm, have none of
	Journal bool
}

// complete gives a seed's knobs what they lack.
func (a Always) complete(seed uint64, k *Knobs) {
	if a.Groups && len(k.Groups) == 0 && k.Campaign == "" {
		addGroups(env.Stream(seed, 0, "groups always"), k)
	}
	if rng := env.Stream(seed, 0, "a journal always"); a.Journal && k.Journal.Bytes == 0 {
		k.Journal.Bytes = journalSizes[rng.IntN(len(journalSizes))]
	}
}
