package sim

import (
	"math/rand/v2"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// move gives a partition other replicas, or the same ones in another order, or has
// the first of them elected: leadership goes round though nobody fails. What comes
// of it the metadata will tell.
func (a *admin) move(t target, next func()) {
	done := func(kmsg.Response, error) { next() }
	node := a.anyone()
	if a.w.Rand.IntN(2) == 0 {
		a.c.send(node, a.election(t), false, done)
		return
	}
	a.c.send(node, a.reassignment(t), false, done)
}

func (a *admin) election(t target) kmsg.Request {
	req := kmsg.NewPtrElectLeadersRequest()
	req.Version, req.TimeoutMillis = a.version(req, 1), 1000
	x := kmsg.NewElectLeadersRequestTopic()
	x.Topic, x.Partitions = t.topic, []int32{t.index}
	req.Topics = append(req.Topics, x)
	return req
}

func (a *admin) reassignment(t target) kmsg.Request {
	req := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	req.Version, req.TimeoutMillis = a.version(req, 0), 1000
	p := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
	p.Partition, p.Replicas = t.index, someNodes(a.w.Rand, len(a.nodes), int(a.k.Replicas))
	x := kmsg.NewAlterPartitionAssignmentsRequestTopic()
	x.Topic, x.Partitions = t.topic, append(x.Partitions, p)
	req.Topics = append(req.Topics, x)
	return req
}

// someNodes draws ids of nodes, in any order.
func someNodes(rng *rand.Rand, of, n int) []int32 {
	var ids []int32
	for _, i := range rng.Perm(of)[:n] {
		ids = append(ids, int32(i)+1)
	}
	return ids
}
