package broker

import (
	"cmp"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/partition"
)

// Reading from the closest replica (KIP-392): a consumer that says which rack it
// is in is sent by the leader to a follower there, and the follower answers it
// below its own high watermark.

// rackAware is the one replica selector that Kafka brings along; without a
// selector consumers read from the leader.
const rackAware = "org.apache.kafka.common.replica.RackAwareReplicaSelector"

// closest tells whether leaders send consumers to the replicas of their racks.
func (s *shard) closest() bool { return s.node.config.Text("replica.selector.class") == rackAware }

// readerOf is who asks. What a client tells of itself is there from version 11 on;
// those before read from the leader alone.
func readerOf(req *kmsg.FetchRequest, listener string) reader {
	r := reader{Replica: req.ReplicaID, BrokerEpoch: -1}
	if req.Version >= 15 {
		r.Replica, r.BrokerEpoch = req.ReplicaState.ID, req.ReplicaState.Epoch
	}
	if req.Version >= 11 {
		r.Anywhere, r.Rack, r.Listener = true, req.Rack, listener
	}
	return r
}

// serves tells why a replica does not answer a consumer, or nil. A follower, too,
// may be in a newer or older epoch than the consumer.
func serves(r *replica, who *reader, epoch int32) error {
	if !who.Anywhere || r.part.Leads() {
		return leads(r, epoch)
	}
	if !r.part.Follows() {
		return kerr.NotLeaderForPartition
	}
	return r.part.CheckEpoch(epoch)
}

// prefer finds a replica that a consumer should ask instead of this leader, as
// Kafka's ReplicaManager.findPreferredReadReplica: in sync, in the consumer's rack,
// and with what it wants; of several the one that has most.
func (s *shard) prefer(r *replica, who *reader, offset int64) (id int32, found bool) {
	if who.Rack == "" || !s.closest() || !r.part.Leads() || s.rackOf(s.node.config.NodeID, who) == who.Rack {
		return 0, false
	}
	var best partition.Standing
	for _, x := range r.part.Describe(s.now) {
		near := x.ID != s.node.config.NodeID && s.rackOf(x.ID, who) == who.Rack
		if near && x.InISR && x.End >= offset && x.Start <= offset && (!found || nearer(&x, &best) > 0) {
			best, found = x, true
		}
	}
	return best.ID, found
}

// nearer is Kafka's ReplicaView.comparator.
func nearer(a, b *partition.Standing) int {
	return cmp.Or(cmp.Compare(a.End, b.End), cmp.Compare(lag(b), lag(a)), cmp.Compare(a.ID, b.ID))
}

func lag(x *partition.Standing) time.Duration {
	if x.Behind < 0 {
		return 1<<63 - 1
	}
	return x.Behind
}

// rackOf is the rack of a broker that a client can reach, "" if it cannot.
func (s *shard) rackOf(id int32, who *reader) string {
	b := s.image.Broker(id)
	if b == nil || b.Fenced || b.Rack == nil {
		return ""
	}
	if _, reachable := endpoint(b, who.Listener); !reachable {
		return ""
	}
	return *b.Rack
}
