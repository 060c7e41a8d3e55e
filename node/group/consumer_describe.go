package group

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/group/assign"
)

// describeConsumers answers ConsumerGroupDescribe v0 and v1, in the order of the
// request.
func (c *Coordinator) describeConsumers(k call, req *kmsg.ConsumerGroupDescribeRequest) {
	resp := req.ResponseKind().(*kmsg.ConsumerGroupDescribeResponse)
	for _, id := range req.Groups {
		row := c.describeConsumer(id)
		if req.IncludeAuthorizedOperations && row.ErrorCode == 0 {
			row.AuthorizedOperations = everything
		}
		resp.Groups = append(resp.Groups, row)
	}
	c.out.reply(k.token, resp)
}

func (c *Coordinator) describeConsumer(id string) kmsg.ConsumerGroupDescribeResponseGroup {
	row := kmsg.NewConsumerGroupDescribeResponseGroup()
	row.Group = id
	g, ok := c.groups[id].(*consumerGroup)
	switch {
	case c.config.ClassicOnly:
		row.ErrorCode = kerr.UnsupportedVersion.Code
		return row
	case id == "":
		row.ErrorCode = kerr.InvalidGroupID.Code
		return row
	case !ok:
		text := "there is no consumer group " + id
		row.ErrorCode, row.ErrorMessage = kerr.GroupIDNotFound.Code, &text
		return row
	}
	row.State, row.Epoch, row.AssignmentEpoch = g.state(), g.now.epoch, g.target.epoch
	row.AssignorName = g.preferred(g.all())
	for _, m := range g.all() {
		row.Members = append(row.Members, g.describeMember(m))
	}
	return row
}

func (g *consumerGroup) describeMember(m *consumerMember) kmsg.ConsumerGroupDescribeResponseGroupMember {
	row := kmsg.NewConsumerGroupDescribeResponseGroupMember()
	row.MemberID, row.InstanceID, row.RackID, row.MemberEpoch = m.id, m.says.instance, m.says.rack, m.has.epoch
	row.ClientID, row.ClientHost = m.says.from.ClientID, m.says.from.Host
	row.SubscribedTopics, row.SubscribedTopicRegex = m.says.topics, &m.says.regex
	row.Assignment = g.shown(m.has.assigned.with(m.has.revoking).assignment())
	row.TargetAssignment = g.shown(g.targets[m.id])
	row.MemberType = 1
	if m.says.classic != nil {
		row.MemberType = 0
	}
	return row
}

// shown is an assignment as people read it: topics that are gone have no name.
func (g *consumerGroup) shown(a assign.Assignment) (all kmsg.Assignment) {
	for _, t := range a {
		if name, ok := g.c.topics.Name(t.ID); ok {
			row := kmsg.NewAssignmentTopicPartition()
			row.TopicID, row.Topic, row.Partitions = t.ID, name, t.Partitions
			all.TopicPartitions = append(all.TopicPartitions, row)
		}
	}
	return all
}
