package sim

import (
	"time"

	"odradek/node/record"
)

// plainer gives every knob the value that means nothing special, or as many as can
// have it.
func (s *shrinker) plainer() bool {
	all := s.v.Knobs.plain()
	return s.pieces(func() int { return len(all) }, func(from, to int) bool {
		k := s.v.Knobs.clone()
		for _, set := range all[from:to] {
			set(&k)
		}
		return k.String() != s.v.Knobs.String() && s.try(k, s.v.Plan)
	})
}

// plain is how to make each knob plain.
func (k Knobs) plain() []func(*Knobs) {
	all := []func(*Knobs){
		func(k *Knobs) { k.withoutGroups() },
		func(k *Knobs) { k.Slow = 0 },
		func(k *Knobs) { k.Snapshots = 0 },
		func(k *Knobs) { k.Journal = Journal{} },
		func(k *Knobs) { k.Warm = 0 },
		func(k *Knobs) { k.Retention = 0 },
		func(k *Knobs) { k.Emptied = false },
		func(k *Knobs) { k.Ending = "" },
		func(k *Knobs) { k.Segment, k.Interval = 1<<20, 4096 },
		func(k *Knobs) { k.Admin.Trims = 0 },
		func(k *Knobs) { k.Admin.Topics = 0 },
		func(k *Knobs) { k.Admin.Moves = 0 },
		func(k *Knobs) { k.Admin.Pause = 0 },
		func(k *Knobs) { k.Cluster.Balancing = false },
		func(k *Knobs) { k.Cluster.Scrub = 0 },
	}
	if k.Losses == (Losses{}) {
		all = append(all, plainCluster...)
	}
	for i := range k.Producers {
		for _, set := range plainProducer {
			all = append(all, func(k *Knobs) { set(&k.Producers[i]) })
		}
	}
	for i := range k.Consumers {
		for _, set := range plainConsumer {
			all = append(all, func(k *Knobs) { set(&k.Consumers[i]) })
		}
	}
	return all
}

var plainCluster = []func(*Knobs){
	func(k *Knobs) { k.Shards = 1 },
	func(k *Knobs) {
		for i := range k.Cluster.Shards {
			k.Cluster.Shards[i] = 1
		}
	},
	func(k *Knobs) { k.Cluster.Replicas, k.Admin.Replicas = int16(k.Nodes), int16(k.Nodes) },
	func(k *Knobs) { k.Cluster.MinISR = 1 },
	func(k *Knobs) { k.Cluster.Save = 0 },
	func(k *Knobs) {
		if c := &k.Cluster; k.Nodes > 1 {
			c.Session, c.Lag, c.Wait, c.Backoff = 2*time.Second, time.Second, 50*time.Millisecond, 50*time.Millisecond
		}
	},
}

var plainProducer = []func(*producerKnobs){
	func(k *producerKnobs) { k.Version = 12 },
	func(k *producerKnobs) { k.Idempotent, k.Resends = false, false },
	func(k *producerKnobs) { k.Acks = -1 },
	func(k *producerKnobs) { k.InFlight = 1 },
	func(k *producerKnobs) { k.Records = 1 },
	func(k *producerKnobs) { k.Padding = 0 },
	func(k *producerKnobs) { k.Codec = record.None },
	func(k *producerKnobs) { k.First = 0 },
	func(k *producerKnobs) { k.Nap = 0 },
	func(k *producerKnobs) { k.Offsets = false },
	func(k *producerKnobs) { k.Pause = 10 * time.Millisecond },
	func(k *producerKnobs) {
		k.Patience, k.Timeout, k.Backoff = 3*time.Second, time.Second, 100*time.Millisecond
	},
}

var plainConsumer = []func(*consumerKnobs){
	func(k *consumerKnobs) { k.Version, k.Sessions = 12, false },
	func(k *consumerKnobs) { k.MaxBytes, k.PartMax = 1<<20, 1<<20 },
	func(k *consumerKnobs) { k.Seeks = 0 },
	func(k *consumerKnobs) { k.Wait, k.Pause = 100*time.Millisecond, 10*time.Millisecond },
}
