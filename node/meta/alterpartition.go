package meta

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/mutant"
)

// AlterPartition decides on the ISRs that a leader asks for (API key 56, v2 and
// v3; KIP-497, KIP-841, KIP-903). All target replicas of a reassignment in the
// ISR end it. The response's fields are those after the change; a leader must
// not act on them before it has replayed them.
//
// Errors, of the whole: STALE_BROKER_EPOCH; of a partition: UNKNOWN_TOPIC_ID,
// UNKNOWN_TOPIC_OR_PARTITION, NOT_CONTROLLER (the leader is ahead of this
// controller), FENCED_LEADER_EPOCH, INVALID_REQUEST, INVALID_UPDATE_VERSION,
// INELIGIBLE_REPLICA, NEW_LEADER_ELECTED (done, but another leads now).
//
// Unlike Kafka a replica comes into the ISR only with its broker's epoch (v3):
// without it a broker that lost its storage since could not be told.
func (c *Controller) AlterPartition(req *kmsg.AlterPartitionRequest) ([]Record, *kmsg.AlterPartitionResponse) {
	resp := req.ResponseKind().(*kmsg.AlterPartitionResponse)
	if b := c.image.Broker(req.BrokerID); b == nil || b.Epoch != req.BrokerEpoch {
		resp.ErrorCode = kerr.StaleBrokerEpoch.Code
		return nil, resp
	}
	d := c.draft()
	for i := range req.Topics {
		from := &req.Topics[i]
		to := kmsg.NewAlterPartitionResponseTopic()
		to.Topic, to.TopidID = from.Topic, from.TopicID
		t := c.image.TopicByID(from.TopicID)
		for j := range from.Partitions {
			to.Partitions = append(to.Partitions, d.alterPartition(t, req.BrokerID, &from.Partitions[j]))
		}
		resp.Topics = append(resp.Topics, to)
	}
	return d.records, resp
}

func (d *draft) alterPartition(t *Topic, leader int32, want *kmsg.AlterPartitionRequestTopicPartition) kmsg.AlterPartitionResponseTopicPartition {
	to := kmsg.NewAlterPartitionResponseTopicPartition()
	to.Partition, to.LeaderID, to.LeaderEpoch, to.PartitionEpoch = want.Partition, 0, 0, 0
	isr := isrAsked(want)
	p, why := d.checkAlter(t, leader, want, isr)
	if why != nil {
		to.ErrorCode = why.Code
		return to
	}
	next := shapeOf(p)
	next.isr, next.recovery, next.election = brokersOf(isr), want.LeaderRecoveryState, d.uncleanAllowed(t)
	if !d.change(t, p, next) {
		// A leader that asks for what there is wants a new partition epoch, which
		// shuts out what it asked before and got no answer to.
		d.addChange(t, p, &PartitionChangeRecord{
			PartitionID: p.Index, TopicID: t.ID, Leader: LeaderUnchanged, LeaderRecoveryState: -1, ISR: slices.Clone(p.ISR),
		})
	}
	if p = d.now(t, p); p.Leader != leader {
		to.ErrorCode = kerr.NewLeaderElected.Code
		return to
	}
	to.LeaderID, to.LeaderEpoch, to.PartitionEpoch = p.Leader, p.LeaderEpoch, p.PartitionEpoch
	to.ISR, to.LeaderRecoveryState = p.ISR, p.LeaderRecoveryState
	return to
}

// member is a broker asked for in an ISR, and the epoch that the leader knows of
// it; -1 if it does not say.
type member struct {
	id    int32
	epoch int64
}

func isrAsked(want *kmsg.AlterPartitionRequestTopicPartition) (isr []member) {
	for _, id := range want.NewISR {
		isr = append(isr, member{id, -1})
	}
	for i := range want.NewEpochISR {
		isr = append(isr, member{want.NewEpochISR[i].BrokerID, want.NewEpochISR[i].BrokerEpoch})
	}
	return isr
}

func brokersOf(isr []member) (ids []int32) {
	for _, m := range isr {
		ids = append(ids, m.id)
	}
	return ids
}

func (d *draft) checkAlter(
	t *Topic, leader int32, want *kmsg.AlterPartitionRequestTopicPartition, isr []member,
) (*Partition, *kerr.Error) {
	if t == nil {
		return nil, kerr.UnknownTopicID
	}
	p := t.Partition(want.Partition)
	if p == nil {
		return nil, kerr.UnknownTopicOrPartition
	}
	p = d.now(t, p)
	switch {
	case want.LeaderEpoch > p.LeaderEpoch || want.PartitionEpoch > p.PartitionEpoch:
		return nil, kerr.NotController
	case want.LeaderEpoch < p.LeaderEpoch:
		return nil, kerr.FencedLeaderEpoch
	case leader != p.Leader:
		return nil, kerr.InvalidRequest
	case want.PartitionEpoch < p.PartitionEpoch:
		return nil, kerr.InvalidUpdateVersion
	case !fitISR(p, brokersOf(isr), want.LeaderRecoveryState):
		return nil, kerr.InvalidRequest
	case slices.ContainsFunc(isr, func(m member) bool { return !d.admissible(p, m) }):
		return nil, kerr.IneligibleReplica
	}
	return p, nil
}

// fitISR tells whether an ISR is one of this partition under its leader, which
// stays alone while it recovers from an unclean election.
func fitISR(p *Partition, isr []int32, recovery int8) bool {
	for i, id := range isr {
		if slices.Contains(isr[:i], id) || !slices.Contains(p.Replicas, id) {
			return false
		}
	}
	switch recovery {
	case recovered:
	case recovering:
		if len(isr) > 1 || p.LeaderRecoveryState == recovered {
			return false
		}
	default:
		return false
	}
	return slices.Contains(isr, p.Leader)
}

// admissible tells whether a replica may be in the ISR: its broker is in service,
// its directory online, and the process is the one that the leader means.
func (d *draft) admissible(p *Partition, m member) bool {
	b := d.broker(m.id)
	if b == nil {
		return false
	}
	// A11 (KIP-841): a broker that is fenced or about to go is let in.
	if !mutant.On("A11") && !d.ready(shapeOf(p), m.id) {
		return false
	}
	// A10 (KIP-903): the broker's epoch is not looked at.
	return mutant.On("A10") || m.epoch == b.Epoch || m.epoch == -1 && slices.Contains(p.ISR, m.id)
}

// dirOf is where a broker puts a new replica, as far as the controller knows.
func (d *draft) dirOf(id int32) env.UUID {
	if b := d.broker(id); b != nil {
		return b.defaultDir()
	}
	return dirMigrating
}
