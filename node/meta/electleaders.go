package meta

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Types of election that a request can ask for (KIP-460).
const (
	preferredElection int8 = 0
	uncleanElection   int8 = 1
)

// ElectLeaders decides on elections that an administrator asks for (API key 43,
// v0 to v2; KIP-183, KIP-460): of the preferred leader, or of any active replica
// for a partition without a leader, which may lose committed records. Topics nil
// means all partitions; then those that need no election are not answered.
//
// Errors, of the whole: INVALID_REQUEST (unknown type); of a partition:
// UNKNOWN_TOPIC_OR_PARTITION, ELECTION_NOT_NEEDED,
// PREFERRED_LEADER_NOT_AVAILABLE, ELIGIBLE_LEADERS_NOT_AVAILABLE.
func (c *Controller) ElectLeaders(req *kmsg.ElectLeadersRequest) ([]Record, *kmsg.ElectLeadersResponse) {
	resp := req.ResponseKind().(*kmsg.ElectLeadersResponse)
	resp.Topics = []kmsg.ElectLeadersResponseTopic{}
	if req.ElectionType != preferredElection && req.ElectionType != uncleanElection {
		return nil, unknownElection(req, resp)
	}
	d := c.draft()
	topics := req.Topics
	if topics == nil {
		topics = c.allPartitions()
	}
	for i := range topics {
		to := kmsg.NewElectLeadersResponseTopic()
		to.Topic, to.Partitions = topics[i].Topic, []kmsg.ElectLeadersResponseTopicPartition{}
		for _, index := range topics[i].Partitions {
			why := d.electByHand(topics[i].Topic, index, req.ElectionType)
			if req.Topics == nil && why != nil && why.code == kerr.ElectionNotNeeded {
				continue
			}
			p := kmsg.NewElectLeadersResponseTopicPartition()
			p.Partition = index
			why.fill(&p.ErrorCode, &p.ErrorMessage)
			to.Partitions = append(to.Partitions, p)
		}
		resp.Topics = append(resp.Topics, to)
	}
	return d.records, resp
}

// unknownElection says of the whole and of each partition named that there is no
// such type of election.
func unknownElection(req *kmsg.ElectLeadersRequest, resp *kmsg.ElectLeadersResponse) *kmsg.ElectLeadersResponse {
	resp.ErrorCode = kerr.InvalidRequest.Code
	why := refuse(kerr.InvalidRequest, "there is no type %d of election", req.ElectionType)
	for i := range req.Topics {
		to := kmsg.NewElectLeadersResponseTopic()
		to.Topic = req.Topics[i].Topic
		for _, index := range req.Topics[i].Partitions {
			p := kmsg.NewElectLeadersResponseTopicPartition()
			p.Partition = index
			why.fill(&p.ErrorCode, &p.ErrorMessage)
			to.Partitions = append(to.Partitions, p)
		}
		resp.Topics = append(resp.Topics, to)
	}
	return resp
}

func (c *Controller) allPartitions() (all []kmsg.ElectLeadersRequestTopic) {
	for t := range c.image.Topics() {
		from := kmsg.NewElectLeadersRequestTopic()
		from.Topic = t.Name
		for i := range t.Partitions {
			from.Partitions = append(from.Partitions, t.Partitions[i].Index)
		}
		all = append(all, from)
	}
	return all
}

func (d *draft) electByHand(topic string, index int32, kind int8) *refusal {
	t := d.c.image.Topic(topic)
	if t == nil || t.Partition(index) == nil {
		return refuse(kerr.UnknownTopicOrPartition, "there is no partition %s-%d", topic, index)
	}
	p := d.now(t, t.Partition(index))
	switch {
	case kind == preferredElection && p.Leader == p.Replicas[0], kind == uncleanElection && p.Leader != NoLeader:
		return refuse(kerr.ElectionNotNeeded, "%s-%d has such a leader already", topic, index)
	}
	next := shapeOf(p)
	next.election = electPreferred
	if kind == uncleanElection {
		next.election = electUnclean
	}
	switch {
	case d.change(t, p, next):
		return nil
	case kind == preferredElection:
		return refuse(kerr.PreferredLeaderNotAvailable, "the preferred leader of %s-%d cannot lead now", topic, index)
	}
	return refuse(kerr.EligibleLeadersNotAvailable, "no replica of %s-%d can lead now", topic, index)
}
