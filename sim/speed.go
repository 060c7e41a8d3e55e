package sim

import (
	"time"

	"odradek/node/record"
)

// The speed of simulation is measured with three nodes, every record on all of them,
// without faults, in two runs that are always the same but for their seed.

// LightLoad is a cluster with little to do: a producer that sends some ten batches a
// second, and a consumer that waits for them.
func LightLoad(length time.Duration) Knobs {
	k := loaded(length, 1, 3)
	k.Producers[0].Pause, k.Producers[0].Padding = 200*time.Millisecond, 100
	k.Consumers = []consumerKnobs{{Version: 12, MaxBytes: 1 << 20, PartMax: 1 << 20, Wait: 500 * time.Millisecond, Pause: 200 * time.Millisecond, Sessions: true}}
	return k
}

// HeavyLoad is a cluster whose clients send and fetch all the time.
func HeavyLoad(length time.Duration) Knobs {
	k := loaded(length, 2, 8)
	p := k.Producers[0]
	p.InFlight, p.Records, p.Padding, p.Pause, p.Idempotent, p.Resends = 5, 8, 900, time.Millisecond, true, true
	k.Producers = []producerKnobs{p, p, p}
	c := consumerKnobs{Version: 12, MaxBytes: 1 << 20, PartMax: 1 << 20, Wait: 100 * time.Millisecond, Pause: time.Millisecond, Sessions: true}
	k.Consumers = []consumerKnobs{c, c}
	return k
}

func loaded(length time.Duration, shards int, partitions int32) Knobs {
	return Knobs{
		Shards: shards, Topics: 1, Partitions: partitions, Segment: 1 << 20, Interval: 4096, Length: length, Nodes: 3,
		Producers: []producerKnobs{{Version: 12, Acks: -1, InFlight: 1, Records: 1, Codec: record.None,
			Patience: 30 * time.Second, Timeout: 10 * time.Second, Backoff: 100 * time.Millisecond}},
		Admin: adminKnobs{Replicas: 3},
		Cluster: Cluster{Shards: []int{shards, shards, shards}, Replicas: 3, MinISR: 2, Session: 9 * time.Second,
			Lag: 30 * time.Second, Wait: 500 * time.Millisecond, Backoff: time.Second},
	}
}
