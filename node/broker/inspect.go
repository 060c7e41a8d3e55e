package broker

import (
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/partition"
)

// ReplicaState is what a replica thinks of itself: for a simulator that looks
// inside, and nobody else.
type ReplicaState struct {
	Topic      env.UUID
	Name       string // of its directory
	Dir        string // which that lies in
	Index      int32
	Leads      bool
	State      partition.State // as it was last applied
	Replayed   int32           // partition epoch that the shard has replayed; -1: the topic is gone
	Loaded     bool            // what follows has a meaning
	High       int64           // high watermark
	Start, End int64           // of the log
	Acked      int64           // all below is durable
	Cutting    bool            // it is being truncated, or about to be
	Lost       bool            // it waits to leave ISR and ELR
	Failed     error
	Broken     int // truncations below the high watermark
}

// Inspect calls look with every replica of the shard, in the order of their
// keys. Nothing may be kept that a step can change.
func (s *shard) Inspect(look func(ReplicaState)) {
	for _, r := range s.sortedReplicas() {
		look(r.inspect())
	}
}

func (r *replica) inspect() ReplicaState {
	x := ReplicaState{
		Replayed: -1, Topic: r.key.Topic, Name: r.name(), Dir: r.dir.path, Index: r.key.Index,
		Leads: r.part.Leads(), State: r.part.State(), Lost: r.part.Lost(), Failed: r.failed, Broken: r.part.Broken(),
	}
	if t := r.s.image.TopicByID(r.key.Topic); t != nil {
		x.Replayed = t.Partition(r.key.Index).PartitionEpoch
	}
	if l := r.part.Log(); l != nil {
		x.Cutting = l.Appendable() != nil
		x.Loaded, x.High, x.Start, x.End, x.Acked = true, r.part.HighWatermark(), l.Start(), l.End(), l.Acked()
	}
	return x
}

// Image is the controller's metadata as committed and replayed; read-only.
func (c *controller) Image() *meta.Image { return c.image }
