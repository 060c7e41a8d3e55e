package sim

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"odradek/node/config"
)

// groupKnobs are drawn for each group.
type groupKnobs struct {
	Members []memberKnobs
	Session time.Duration
	Pause   time.Duration
}

// memberKnobs are drawn for each member.
type memberKnobs struct {
	Epochs      bool // KIP-848; otherwise the classic protocol,
	Cooperative bool // in which it keeps what it has while it joins
	Static      bool
}

// drawGroups gives a third of the seeds groups.
func drawGroups(rng *rand.Rand, k *Knobs) {
	if rng.IntN(3) == 0 {
		addGroups(rng, k)
	}
}

// addGroups draws a group or two, and clients that commit without being members.
func addGroups(rng *rand.Rand, k *Knobs) {
	k.Offsets = 1 + rng.Int32N(4)
	for range 1 + rng.IntN(2) {
		k.Groups = append(k.Groups, drawGroup(rng))
	}
	k.Loners = rng.IntN(3)
	k.LoadBuffer = []int32{0, 0, 100, 1000}[rng.IntN(4)]
}

// drawGroup makes half of the groups those of one protocol, a quarter of each.
func drawGroup(rng *rand.Rand) groupKnobs {
	k := groupKnobs{
		Session: time.Duration(300+rng.IntN(700)) * time.Millisecond,
		Pause:   time.Duration(2+rng.IntN(20)) * time.Millisecond,
	}
	epochs, cooperative, static := rng.IntN(4), rng.IntN(2) == 0, rng.IntN(3)
	for range 1 + rng.IntN(3) {
		m := memberKnobs{Epochs: epochs == 0 || epochs == 1 && rng.IntN(2) == 0, Static: static == 0 || static == 1 && rng.IntN(2) == 0}
		m.Cooperative = cooperative && !m.Epochs
		k.Members = append(k.Members, m)
	}
	return k
}

// withoutGroups has neither groups nor who commits without one.
func (k *Knobs) withoutGroups() { k.Groups, k.Loners, k.Offsets, k.LoadBuffer = nil, 0, 0, 0 }

// without is the group with one member less.
func (k groupKnobs) without(member int) groupKnobs {
	k.Members = slices.Delete(slices.Clone(k.Members), member, member+1)
	return k
}

// groupSettings make groups quick.
func (k Knobs) groupSettings() []config.Setting {
	if len(k.Groups) == 0 {
		return nil
	}
	session := strconv.FormatInt(k.Groups[0].Session.Milliseconds(), 10)
	all := []config.Setting{
		{Key: "offsets.topic.num.partitions", Value: strconv.Itoa(int(k.Offsets))},
		{Key: "offsets.topic.replication.factor", Value: strconv.Itoa(int(k.Admin.Replicas))},
		{Key: "offsets.retention.check.interval.ms", Value: "150"},
		{Key: "group.min.session.timeout.ms", Value: "100"},
		{Key: "group.initial.rebalance.delay.ms", Value: "20"},
		{Key: "group.consumer.min.session.timeout.ms", Value: "100"},
		{Key: "group.consumer.min.heartbeat.interval.ms", Value: "10"},
		{Key: "group.consumer.heartbeat.interval.ms", Value: "50"},
		{Key: "group.consumer.session.timeout.ms", Value: session},
	}
	if k.LoadBuffer > 0 {
		all = append(all, config.Setting{Key: "offsets.load.buffer.size", Value: strconv.Itoa(int(k.LoadBuffer))})
	}
	return all
}
