package sim

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// tell is the heartbeat of KIP-848: what it has, and so what it has given up.
func (m *member) tell() {
	m.beginAssign()
	m.beat = m.w.now
	req, began := m.heartbeatRequest(), m.w.now
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		if err != nil {
			if req.MemberEpoch == 0 {
				m.unsure()
			}
			m.refused(0, err)
			return
		}
		got := resp.(*kmsg.ConsumerGroupHeartbeatResponse)
		if got.ErrorCode != 0 {
			m.refused(got.ErrorCode, nil)
			return
		}
		m.heard = began
		m.told(got)
		m.turn()
	})
}

// told gives up what is no longer its own, and takes what is.
func (m *member) told(got *kmsg.ConsumerGroupHeartbeatResponse) {
	var all []target
	if got.Assignment == nil {
		for _, x := range m.owned {
			all = append(all, x.target)
		}
	} else {
		for _, t := range got.Assignment.Topics {
			all = append(all, m.g.find(t.Partitions, func(x target) bool { return x.id == t.TopicID })...)
		}
	}
	if given := m.own(got.MemberEpoch, all); len(given) > 0 {
		m.beat = 0 // it says so at once
	}
}

func (m *member) heartbeatRequest() *kmsg.ConsumerGroupHeartbeatRequest {
	req := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	req.Version, req.Group, req.MemberID, req.MemberEpoch = 1, m.g.name, m.by.Member, m.by.Generation
	req.InstanceID, req.RebalanceTimeoutMillis, req.SubscribedTopicNames = m.instanceID(), 2000, m.names
	req.Topics = []kmsg.ConsumerGroupHeartbeatRequestTopic{}
	for _, x := range m.owned {
		i := slices.IndexFunc(req.Topics, func(t kmsg.ConsumerGroupHeartbeatRequestTopic) bool { return t.TopicID == x.target.id })
		if i < 0 {
			t := kmsg.NewConsumerGroupHeartbeatRequestTopic()
			t.TopicID, i = x.target.id, len(req.Topics)
			req.Topics = append(req.Topics, t)
		}
		req.Topics[i].Partitions = append(req.Topics[i].Partitions, x.index)
	}
	return req
}

func (m *member) leaveEpochs() {
	req := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	req.Version, req.Group, req.MemberID, req.MemberEpoch, req.InstanceID = 1, m.g.name, m.by.Member, -1, m.instanceID()
	m.sendLeave(req)
}
