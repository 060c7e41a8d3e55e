package meta

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// CreatePartitions decides on more partitions for topics (API key 37, v0 to v3;
// KIP-195, Kafka's ReplicationControlManager). A topic that occurs twice is
// refused once.
func (c *Controller) CreatePartitions(req *kmsg.CreatePartitionsRequest) ([]Record, *kmsg.CreatePartitionsResponse) {
	resp := req.ResponseKind().(*kmsg.CreatePartitionsResponse)
	resp.Topics = []kmsg.CreatePartitionsResponseTopic{}
	answer := func(name string, why *refusal) {
		t := kmsg.NewCreatePartitionsResponseTopic()
		t.Topic = name
		why.fill(&t.ErrorCode, &t.ErrorMessage)
		resp.Topics = append(resp.Topics, t)
	}
	count := map[string]int{}
	for i := range req.Topics {
		count[req.Topics[i].Topic]++
	}
	if c.tooManyMore(req.Topics, count) {
		for i := range req.Topics {
			answer(req.Topics[i].Topic, refuse(kerr.PolicyViolation, "one request must not make more than %d partitions", mostPartitions))
		}
		return nil, resp
	}
	var records []Record
	for i := range req.Topics {
		t := &req.Topics[i]
		switch count[t.Topic] {
		case -1: // a duplicate that is answered
			continue
		case 1:
			made, why := c.grow(t)
			records = append(records, made...)
			answer(t.Topic, why)
		default:
			answer(t.Topic, refuse(kerr.InvalidRequest, "topic %q is named more than once", t.Topic))
		}
		count[t.Topic] = -1
	}
	if req.ValidateOnly {
		records = nil
	}
	return records, resp
}

func (c *Controller) tooManyMore(topics []kmsg.CreatePartitionsRequestTopic, count map[string]int) bool {
	sum := int64(0)
	for i := range topics {
		if t := c.image.Topic(topics[i].Topic); t != nil && count[t.Name] == 1 {
			sum += max(0, int64(topics[i].Count)-int64(len(t.Partitions)))
		}
	}
	return sum > mostPartitions
}

func (c *Controller) grow(req *kmsg.CreatePartitionsRequestTopic) ([]Record, *refusal) {
	t := c.image.Topic(req.Topic)
	if t == nil {
		return nil, &refusal{code: kerr.UnknownTopicOrPartition}
	}
	first := len(t.Partitions)
	if int(req.Count) <= first {
		return nil, refuse(kerr.InvalidPartitions, "topic %q has %d partitions already", t.Name, first)
	}
	lists, why := c.more(req, int(req.Count)-first, int16(len(t.Partitions[0].Replicas)))
	if why != nil {
		return nil, why
	}
	var records []Record
	for i, replicas := range lists {
		p, ok := c.newPartition(t.ID, int32(first+i), replicas)
		if !ok {
			return nil, noneActive(req.Assignment != nil, first+i)
		}
		records = append(records, p)
	}
	return records, nil
}

// more chooses the replicas of so many new partitions, or checks those that the
// request chose; an empty choice is a choice.
func (c *Controller) more(req *kmsg.CreatePartitionsRequestTopic, n int, replicas int16) ([][]int32, *refusal) {
	if req.Assignment == nil {
		return c.place(n, replicas)
	}
	if len(req.Assignment) != n {
		return nil, refuse(kerr.InvalidReplicaAssignment, "%d partitions are to be added, %d are assigned", n, len(req.Assignment))
	}
	var lists [][]int32
	for i := range req.Assignment {
		if why := c.checkReplicas(req.Assignment[i].Replicas, int(replicas)); why != nil {
			return nil, why
		}
		lists = append(lists, req.Assignment[i].Replicas)
	}
	return lists, nil
}
