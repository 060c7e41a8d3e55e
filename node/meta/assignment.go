package meta

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// assign chooses the replicas of a new topic's partitions, or checks those that
// the request chose.
func (c *Controller) assign(t *kmsg.CreateTopicsRequestTopic) ([][]int32, *refusal) {
	switch {
	case len(t.ReplicaAssignment) > 0 && t.ReplicationFactor != -1:
		return nil, refuse(kerr.InvalidRequest, "replicas are chosen by hand, so the replication factor must be -1")
	case len(t.ReplicaAssignment) > 0 && t.NumPartitions != -1:
		return nil, refuse(kerr.InvalidRequest, "replicas are chosen by hand, so the number of partitions must be -1")
	case len(t.ReplicaAssignment) > 0:
		return c.chosen(t.ReplicaAssignment)
	case t.ReplicationFactor < -1 || t.ReplicationFactor == 0:
		return nil, refuse(kerr.InvalidReplicationFactor, "replication factor %d is neither positive nor -1", t.ReplicationFactor)
	case t.NumPartitions < -1 || t.NumPartitions == 0:
		return nil, refuse(kerr.InvalidPartitions, "%d partitions are neither a positive number nor -1", t.NumPartitions)
	}
	partitions, replicas := t.NumPartitions, t.ReplicationFactor
	if partitions == -1 {
		partitions = c.config.NumPartitions
	}
	if replicas == -1 {
		replicas = c.config.ReplicationFactor
	}
	return c.place(int(partitions), replicas)
}

func (c *Controller) place(partitions int, replicas int16) ([][]int32, *refusal) {
	lists, err := place(c.image, c.chance, partitions, replicas)
	if err != nil {
		return nil, refuse(kerr.InvalidReplicationFactor, "%v", err)
	}
	return lists, nil
}

// chosen puts an assignment made by hand in order of partitions, which must be
// 0, 1, 2 and so on.
func (c *Controller) chosen(by []kmsg.CreateTopicsRequestTopicReplicaAssignment) ([][]int32, *refusal) {
	lists := make([][]int32, len(by))
	replicas := -1 // of the first list; the others must have as many
	gap := false
	for i := range by {
		at := by[i].Partition
		inside := 0 <= at && int(at) < len(lists)
		if inside && lists[at] != nil {
			return nil, refuse(kerr.InvalidReplicaAssignment, "partition %d is assigned more than once", at)
		}
		if why := c.checkReplicas(by[i].Replicas, replicas); why != nil {
			return nil, why
		}
		replicas = len(by[i].Replicas)
		if gap = gap || !inside; inside {
			lists[at] = by[i].Replicas
		}
	}
	if gap {
		return nil, refuse(kerr.InvalidReplicaAssignment, "partitions must be numbered from 0 without gaps")
	}
	return lists, nil
}

// checkReplicas checks one list of replicas, whose length must be want unless
// that is -1.
func (c *Controller) checkReplicas(list []int32, want int) *refusal {
	if len(list) == 0 {
		return refuse(kerr.InvalidReplicaAssignment, "a partition has no replicas")
	}
	sorted := slices.Sorted(slices.Values(list))
	for i, id := range sorted {
		if c.image.Broker(id) == nil {
			return refuse(kerr.InvalidReplicaAssignment, "broker %d is not registered", id)
		}
		if i > 0 && sorted[i-1] == id {
			return refuse(kerr.InvalidReplicaAssignment, "broker %d holds a partition more than once", id)
		}
	}
	if want != -1 && len(list) != want {
		return refuse(kerr.InvalidReplicaAssignment, "a partition has %d replicas, others %d", len(list), want)
	}
	return nil
}

// noneActive is why a partition cannot be: all its replicas are fenced or about
// to go. The code depends on who chose them.
func noneActive(byHand bool, partition int) *refusal {
	code := kerr.InvalidReplicationFactor
	if byHand {
		code = kerr.InvalidReplicaAssignment
	}
	return refuse(code, "all brokers of partition %d are fenced or shutting down", partition)
}
