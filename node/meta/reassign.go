package meta

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// AlterPartitionReassignments decides on other replicas for partitions (API key
// 45, v0 and v1; KIP-455, KIP-860). New replicas come beside the old ones; when
// all of the target are in the ISR, the rest leaves (see AlterPartition):
//
//	replicas [1 2 3], target [3 4]:  [3 4 1 2] adding [4] removing [1 2]  -->  [3 4]
//
// A null target takes back what is under way. Errors, of a partition:
// UNKNOWN_TOPIC_OR_PARTITION, INVALID_REPLICA_ASSIGNMENT,
// INVALID_REPLICATION_FACTOR (v1), NO_REASSIGNMENT_IN_PROGRESS.
func (c *Controller) AlterPartitionReassignments(
	req *kmsg.AlterPartitionAssignmentsRequest,
) ([]Record, *kmsg.AlterPartitionAssignmentsResponse) {
	resp := req.ResponseKind().(*kmsg.AlterPartitionAssignmentsResponse)
	resp.Topics = []kmsg.AlterPartitionAssignmentsResponseTopic{}
	if len(req.Topics) == 0 {
		resp.ErrorMessage = new("") // as Kafka's untouched response has it
		return nil, resp
	}
	resp.AllowReplicationFactorChange = req.AllowReplicationFactorChange
	sameFactor := req.Version >= 1 && !req.AllowReplicationFactorChange
	d := c.draft()
	for i := range req.Topics {
		from := &req.Topics[i]
		to := kmsg.NewAlterPartitionAssignmentsResponseTopic()
		to.Topic, to.Partitions = from.Topic, []kmsg.AlterPartitionAssignmentsResponseTopicPartition{}
		for j := range from.Partitions {
			p := kmsg.NewAlterPartitionAssignmentsResponseTopicPartition()
			p.Partition = from.Partitions[j].Partition
			d.reassign(from.Topic, &from.Partitions[j], sameFactor).fill(&p.ErrorCode, &p.ErrorMessage)
			to.Partitions = append(to.Partitions, p)
		}
		resp.Topics = append(resp.Topics, to)
	}
	return d.records, resp
}

func (d *draft) reassign(topic string, want *kmsg.AlterPartitionAssignmentsRequestTopicPartition, sameFactor bool) *refusal {
	t := d.c.image.Topic(topic)
	if t == nil || t.Partition(want.Partition) == nil {
		return refuse(kerr.UnknownTopicOrPartition, "there is no partition %s-%d", topic, want.Partition)
	}
	p := d.now(t, t.Partition(want.Partition))
	if want.Replicas == nil {
		return d.takeBack(t, p)
	}
	if why := d.c.checkReplicas(want.Replicas, -1); why != nil {
		return why
	}
	if now := len(minus(p.Replicas, p.Removing)); sameFactor && len(want.Replicas) != now {
		return refuse(kerr.InvalidReplicationFactor, "the replication factor would change from %d to %d", now, len(want.Replicas))
	}
	next := shapeOf(p)
	next.aim(want.Replicas)
	d.fillDirs(p, next)
	d.change(t, p, next)
	return nil
}

// aim makes target what the partition is to get: the target first, then who is
// to go.
func (s *shape) aim(target []int32) {
	before := minus(s.replicas, s.adding)
	s.removing = minus(s.replicas, target)
	s.adding = minus(target, before)
	slices.Sort(s.removing)
	slices.Sort(s.adding)
	s.place(slices.Concat(target, s.removing))
}

// fillDirs fills in where new replicas lie.
func (d *draft) fillDirs(p *Partition, next *shape) {
	for i, id := range next.replicas {
		if !slices.Contains(p.Replicas, id) {
			next.dirs[i] = d.dirOf(id)
		}
	}
}

// takeBack ends a reassignment with the replicas of before. If none of these is
// in the ISR, that would be an unclean election.
func (d *draft) takeBack(t *Topic, p *Partition) *refusal {
	if len(p.Adding)+len(p.Removing) == 0 {
		return &refusal{code: kerr.NoReassignmentInProgress}
	}
	next := shapeOf(p)
	next.isr = minus(p.ISR, p.Adding)
	if next.election = d.uncleanAllowed(t); len(next.isr) == 0 && next.election != electUnclean {
		return refuse(kerr.InvalidReplicaAssignment, "none of the former replicas of %s-%d is in sync", t.Name, p.Index)
	}
	next.place(minus(p.Replicas, p.Adding))
	next.adding, next.removing = nil, nil
	d.change(t, p, next)
	return nil
}

// ListPartitionReassignments reads what is under way (API key 46, v0; KIP-455).
// Topics nil means all.
func (c *Controller) ListPartitionReassignments(req *kmsg.ListPartitionReassignmentsRequest) *kmsg.ListPartitionReassignmentsResponse {
	resp := req.ResponseKind().(*kmsg.ListPartitionReassignmentsResponse)
	resp.Topics = []kmsg.ListPartitionReassignmentsResponseTopic{}
	list := func(t *Topic, wanted func(int32) bool) {
		to := kmsg.NewListPartitionReassignmentsResponseTopic()
		to.Topic = t.Name
		for i := range t.Partitions {
			if p := &t.Partitions[i]; len(p.Adding)+len(p.Removing) > 0 && wanted(p.Index) {
				to.Partitions = append(to.Partitions, p.underWay())
			}
		}
		if len(to.Partitions) > 0 {
			resp.Topics = append(resp.Topics, to)
		}
	}
	if req.Topics == nil {
		for t := range c.image.Topics() {
			list(t, func(int32) bool { return true })
		}
	}
	for i := range req.Topics {
		if t := c.image.Topic(req.Topics[i].Topic); t != nil {
			list(t, func(index int32) bool { return slices.Contains(req.Topics[i].Partitions, index) })
		}
	}
	return resp
}

func (p *Partition) underWay() kmsg.ListPartitionReassignmentsResponseTopicPartition {
	to := kmsg.NewListPartitionReassignmentsResponseTopicPartition()
	to.Partition, to.Replicas, to.AddingReplicas, to.RemovingReplicas = p.Index, p.Replicas, p.Adding, p.Removing
	return to
}
