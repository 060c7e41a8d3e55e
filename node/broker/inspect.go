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
	Written    int64           // all below is in the page cache
	Acked      int64           // all below is durable
	Cutting    bool            // it is being truncated, or about to be
	Lost       bool            // it waits to leave ISR and ELR
	Failed     error
	Broken     int // truncations below the high watermark
	Proposing  bool
	Proposal   partition.Proposal // of another ISR, while Proposing
	Joins      int32              // who is in the maximal ISR by it; -1: nobody
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
	x.Proposal, x.Joins, x.Proposing = r.part.Pending()
	if l := r.part.Log(); l != nil {
		x.Cutting = l.Appendable() != nil
		x.Loaded, x.High, x.Start, x.End, x.Acked = true, r.part.HighWatermark(), l.Start(), l.End(), l.Acked()
		x.Written = l.Written()
	}
	return x
}

// Image is the controller's metadata as committed and replayed; read-only.
func (c *controller) Image() *meta.Image { return c.image }

// Incarnation is that of the node's process.
func (c *controller) Incarnation() env.UUID { return c.life.incarnation }

// Decided tells whether what machine 0 sends to a shard are committed records: those of
// one decision, the first at an offset of the metadata log. A snapshot is none.
func Decided(body any) (first int64, records []meta.Record, ok bool) {
	ch, ok := body.(change)
	if !ok || ch.Boot != nil || ch.Whole {
		return 0, nil, false
	}
	return ch.First, ch.Records, true
}
