package meta

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// CreateTopics decides on new topics (API key 19, v2 to v7; Kafka's
// ControllerApis and ReplicationControlManager). A name that occurs twice is
// answered once. With ValidateOnly there are no records, but the answer is that
// of the real thing, a topic id included.
func (c *Controller) CreateTopics(req *kmsg.CreateTopicsRequest) ([]Record, *kmsg.CreateTopicsResponse) {
	resp := req.ResponseKind().(*kmsg.CreateTopicsResponse)
	count := map[string]int{}
	for i := range req.Topics {
		count[req.Topics[i].Topic]++
	}
	if c.tooManyNew(req.Topics, count) {
		why := refuse(kerr.PolicyViolation, "one request must not make more than %d partitions", mostPartitions)
		for i := range req.Topics {
			resp.Topics = append(resp.Topics, refusedTopic(req.Topics[i].Topic, why))
		}
		return nil, resp
	}
	var records []Record
	for i := range req.Topics {
		t := &req.Topics[i]
		if count[t.Topic] < 0 {
			continue // a duplicate that is answered
		}
		made, answer := c.createTopic(t, count[t.Topic] > 1)
		count[t.Topic] = -1
		records = append(records, made...)
		resp.Topics = append(resp.Topics, answer)
	}
	if req.ValidateOnly {
		records = nil
	}
	return records, resp
}

// tooManyNew counts the partitions that are asked for, those of topics that
// will be refused for another reason included.
func (c *Controller) tooManyNew(topics []kmsg.CreateTopicsRequestTopic, count map[string]int) bool {
	sum := int64(0)
	for i := range topics {
		t := &topics[i]
		switch {
		case count[t.Topic] > 1 || t.Topic == metadataTopic:
		case len(t.ReplicaAssignment) > 0:
			sum += int64(len(t.ReplicaAssignment))
		case t.NumPartitions == -1:
			sum += int64(c.config.NumPartitions)
		default:
			sum += max(0, int64(t.NumPartitions))
		}
	}
	return sum > mostPartitions
}

func refusedTopic(name string, why *refusal) kmsg.CreateTopicsResponseTopic {
	t := kmsg.NewCreateTopicsResponseTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = name, -1, -1
	t.Configs = []kmsg.CreateTopicsResponseTopicConfig{}
	why.fill(&t.ErrorCode, &t.ErrorMessage)
	return t
}

func (c *Controller) createTopic(t *kmsg.CreateTopicsRequestTopic, twice bool) ([]Record, kmsg.CreateTopicsResponseTopic) {
	configs, why := c.checkNewTopic(t, twice)
	if why != nil {
		return nil, refusedTopic(t.Topic, why)
	}
	assignment, why := c.assign(t)
	if why != nil {
		return nil, refusedTopic(t.Topic, why)
	}
	id := env.NewUUID(c.chance)
	records := append([]Record{&TopicRecord{Name: t.Topic, TopicID: id}}, setConfigs(t.Topic, configs)...)
	records = append(records, c.clearELR(records)...)
	for i, replicas := range assignment {
		p, ok := c.newPartition(id, int32(i), replicas)
		if !ok {
			return nil, refusedTopic(t.Topic, noneActive(len(t.ReplicaAssignment) > 0, i))
		}
		records = append(records, p)
	}
	return records, c.createdTopic(t.Topic, id, assignment, configs)
}

// checkNewTopic checks name and configs; it returns the configs by name, of
// which the last value counts.
func (c *Controller) checkNewTopic(t *kmsg.CreateTopicsRequestTopic, twice bool) (map[string]string, *refusal) {
	if twice {
		return nil, refuse(kerr.InvalidRequest, "topic %q is named more than once", t.Topic)
	}
	if t.Topic == metadataTopic {
		return nil, refuse(kerr.InvalidRequest, "topic %s is made by nobody but the cluster", t.Topic)
	}
	if err := CheckTopicName(t.Topic); err != nil {
		return nil, refuse(kerr.InvalidTopicException, "%v", err)
	}
	if c.image.Topic(t.Topic) != nil {
		return nil, refuse(kerr.TopicAlreadyExists, "topic %q exists", t.Topic)
	}
	if key, ok := lookalike(t.Topic); ok && len(c.image.lookalikes[key]) > 0 {
		return nil, refuse(kerr.InvalidTopicException, "topic %q collides with %q", t.Topic, c.image.lookalikes[key][0])
	}
	configs := map[string]string{}
	for i := range t.Configs {
		if t.Configs[i].Value == nil {
			return nil, refuse(kerr.InvalidConfig, "config %s of topic %q is null", t.Configs[i].Name, t.Topic)
		}
		configs[t.Configs[i].Name] = *t.Configs[i].Value
	}
	if why := c.checkRecords(setConfigs(t.Topic, configs)); why != nil {
		return nil, why
	}
	return configs, because(c.effective().ValidateTopic(configs))
}

func setConfigs(topic string, configs map[string]string) (records []Record) {
	for _, name := range slices.Sorted(maps.Keys(configs)) {
		records = append(records, configRecord(resource{ResourceTopic, topic}, name, configs[name]))
	}
	return records
}

// createdTopic is the answer for a topic that is made.
func (c *Controller) createdTopic(name string, id env.UUID, assignment [][]int32, configs map[string]string) kmsg.CreateTopicsResponseTopic {
	t := kmsg.NewCreateTopicsResponseTopic()
	t.Topic, t.TopicID = name, id
	t.NumPartitions = int32(len(assignment))
	t.ReplicationFactor = int16(len(assignment[0]))
	t.Configs = c.newConfigs(configs)
	return t
}
