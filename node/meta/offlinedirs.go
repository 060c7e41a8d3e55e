package meta

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// offline takes the log directories out of service that a heartbeat says are
// offline (KIP-858), and notes which are cordoned (KIP-1066). Replicas there
// leave the ISR; whether they kept their storage the broker's next registration
// tells. Where a replica lies that no directory is known of, nobody can say: it
// leaves too, until it is assigned to one (AssignReplicasToDirs) and catches up.
// A broker without any directory left is to be fenced.
func (d *draft) offline(id int32, req *kmsg.BrokerHeartbeatRequest) (none bool) {
	b := d.broker(id)
	change := &BrokerRegistrationChangeRecord{BrokerID: id, BrokerEpoch: b.Epoch}
	var gone []env.UUID
	for _, dir := range b.LogDirs {
		if slices.Contains(req.OfflineLogDirs, [16]byte(dir)) {
			gone = append(gone, dir)
		} else {
			change.LogDirs = append(change.LogDirs, dir)
		}
	}
	if none = len(gone) > 0 && len(change.LogDirs) == 0; len(gone) == 0 || none {
		gone, change.LogDirs = nil, nil
	}
	if cordoned := uuids(req.CordonedLogDirs); req.CordonedLogDirs != nil && !slices.Equal(cordoned, b.CordonedLogDirs) {
		change.CordonedLogDirs = cordoned
	}
	if len(gone) == 0 && change.CordonedLogDirs == nil {
		return none
	}
	d.addBroker(change)
	if len(gone) > 0 {
		d.sweep([]int32{id}, func(p *Partition, next *shape) { next.markLost(id) })
	}
	return none
}

// markLost notes that a broker's replica may lie in a directory that is offline.
func (s *shape) markLost(id int32) {
	at := slices.Index(s.replicas, id)
	if at < len(s.dirs) && unknownDir(s.dirs[at]) {
		s.dirs = slices.Clone(s.dirs)
		s.dirs[at] = dirLost
	}
}

func uuids(list [][16]byte) []env.UUID {
	out := make([]env.UUID, 0, len(list))
	for _, id := range list {
		out = append(out, id)
	}
	return out
}
