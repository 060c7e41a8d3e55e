package broker

import (
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/meta"
	"odradek/node/partition"
	"odradek/node/wire"
)

// tickPeriod is how often leaders look for followers that lag.
const tickPeriod = 500 * time.Millisecond

var errNoAnswer = errors.New("no answer of a controller")

// MayFetch and AlterPartition make a replica the owner of its partition.
func (r *replica) MayFetch() {
	if r.fetcher != nil {
		r.fetcher.wakeLater()
	}
}

// AlterPartition passes a proposal on at the end of the step.
func (r *replica) AlterPartition(p partition.Proposal) { r.s.tell(r.s.index, alterISR{r, p}) }

type alterISR struct {
	r *replica
	p partition.Proposal
}

func (a alterISR) ask() {
	req := kmsg.NewPtrAlterPartitionRequest()
	req.Version = 3
	p := kmsg.NewAlterPartitionRequestTopicPartition()
	p.Partition, p.LeaderEpoch, p.PartitionEpoch = a.r.key.Index, a.p.LeaderEpoch, a.p.PartitionEpoch
	for _, m := range a.p.ISR {
		x := kmsg.NewAlterPartitionRequestTopicPartitionNewEpochISR()
		x.BrokerID, x.BrokerEpoch = m.ID, m.Epoch
		p.NewEpochISR = append(p.NewEpochISR, x)
	}
	t := kmsg.NewAlterPartitionRequestTopic()
	t.TopicID = a.r.key.Topic
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	s := a.r.s
	s.ask(controllerIndex, 0, req, func(body any) { a.r.part.Answered(s.now, a.p, alterAnswer(body)) })
}

// alterAnswer is what a controller said of one proposal.
func alterAnswer(body any) error {
	resp, ok := body.(*kmsg.AlterPartitionResponse)
	switch {
	case !ok:
		return errNoAnswer
	case resp.ErrorCode != 0:
		return codeError(resp.ErrorCode)
	case len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1:
		return errNoAnswer
	}
	return codeError(resp.Topics[0].Partitions[0].ErrorCode)
}

// tick lets leaders look at their followers.
func (s *shard) tick() {
	s.feel()
	for r := range s.stirring() {
		r.part.Tick(s.now)
	}
	s.calm()
}

// confess tells the controller of storage that was lost, until the metadata
// counts on this replica no more.
func (r *replica) confess() {
	s := r.s
	r.excuse()
	if r.gone != nil || !r.part.Lost() || s.stopping {
		return
	}
	s.ask(controllerIndex, 0, &wire.ReplicaLostRequest{TopicID: r.key.Topic, Partition: r.key.Index}, func(any) {
		s.after(tickPeriod, r.confess)
	})
}

// broker is what the metadata says of a broker, for partitions.
func (s *shard) broker(id int32) (epoch int64, active bool) {
	b := s.image.Broker(id)
	if b == nil {
		return -1, false
	}
	return b.Epoch, b.Active()
}

// minISR is min.insync.replicas in force.
func minISR(t *topic, p *meta.Partition) int { return min(t.config.MinInsyncReplicas, len(p.Replicas)) }

var _ partition.Owner = (*replica)(nil)
