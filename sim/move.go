package sim

import (
	"math/rand/v2"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// move gives a partition other replicas, or the same ones in another order, and
// mostly has the first of them elected: leadership goes round though nobody fails.
// Now and then it is min.insync.replicas that changes. What comes of it the metadata
// will tell. Most of it happens to few partitions,
// so that one change overtakes the other.
func (a *admin) move(next func()) {
	rng := a.w.Rand
	if !a.k.Fixed && rng.IntN(4) == 0 {
		a.c.send(a.anyone(), a.minimum(), false, func(kmsg.Response, error) { next() })
		return
	}
	t := a.parts[rng.IntN(min(2, len(a.parts)))]
	elect := func(kmsg.Response, error) {
		if rng.IntN(4) == 0 {
			next()
			return
		}
		a.c.send(a.anyone(), a.election(t), false, func(kmsg.Response, error) { next() })
	}
	a.c.send(a.anyone(), a.reassignment(t), false, elect)
}

// minimum sets min.insync.replicas of a topic.
func (a *admin) minimum() kmsg.Request {
	rng := a.w.Rand
	value := strconv.Itoa(1 + rng.IntN(int(a.k.Replicas)))
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	req.Version = a.version(req, 0)
	r := kmsg.NewIncrementalAlterConfigsRequestResource()
	r.ResourceType, r.ResourceName = kmsg.ConfigResourceTypeTopic, a.names[rng.IntN(len(a.names))]
	c := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
	c.Name, c.Op, c.Value = "min.insync.replicas", kmsg.IncrementalAlterConfigOpSet, &value
	r.Configs = append(r.Configs, c)
	req.Resources = append(req.Resources, r)
	return req
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
