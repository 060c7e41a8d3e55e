package meta

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// AssignReplicasToDirs notes where a broker has put its replicas (API key 73, v0;
// KIP-858). One in a directory that is not online leaves the ISR. Errors, of the
// whole: STALE_BROKER_EPOCH; of a partition: UNKNOWN_TOPIC_ID,
// UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER (it has no replica).
func (c *Controller) AssignReplicasToDirs(req *kmsg.AssignReplicasToDirsRequest) ([]Record, *kmsg.AssignReplicasToDirsResponse) {
	resp := req.ResponseKind().(*kmsg.AssignReplicasToDirsResponse)
	if b := c.image.Broker(req.BrokerID); b == nil || b.Epoch != req.BrokerEpoch {
		resp.ErrorCode = kerr.StaleBrokerEpoch.Code
		return nil, resp
	}
	d := c.draft()
	for i := range req.Directories {
		from := &req.Directories[i]
		to := kmsg.NewAssignReplicasToDirsResponseDirectory()
		to.ID = from.ID
		for j := range from.Topics {
			to.Topics = append(to.Topics, d.assignDirs(req.BrokerID, from.ID, &from.Topics[j]))
		}
		resp.Directories = append(resp.Directories, to)
	}
	return d.records, resp
}

func (d *draft) assignDirs(
	broker int32, dir env.UUID, from *kmsg.AssignReplicasToDirsRequestDirectoryTopic,
) kmsg.AssignReplicasToDirsResponseDirectoryTopic {
	to := kmsg.NewAssignReplicasToDirsResponseDirectoryTopic()
	to.TopicID = from.TopicID
	t := d.c.image.TopicByID(from.TopicID)
	for i := range from.Partitions {
		p := kmsg.NewAssignReplicasToDirsResponseDirectoryTopicPartition()
		p.Partition = from.Partitions[i].Partition
		if why := d.assignDir(t, p.Partition, broker, dir); why != nil {
			p.ErrorCode = why.Code
		}
		to.Partitions = append(to.Partitions, p)
	}
	return to
}

func (d *draft) assignDir(t *Topic, index, broker int32, dir env.UUID) *kerr.Error {
	if t == nil {
		return kerr.UnknownTopicID
	}
	p := t.Partition(index)
	if p == nil {
		return kerr.UnknownTopicOrPartition
	}
	p = d.now(t, p)
	at := slices.Index(p.Replicas, broker)
	if at < 0 {
		return kerr.NotLeaderForPartition
	}
	next := shapeOf(p)
	next.place(p.Replicas)
	next.dirs[at] = dir
	d.follow(t, p, next)
	return nil
}
