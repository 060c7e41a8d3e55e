package group

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// join lets a member of the classic protocol into the group, or gives it the next
// step to its target. It never has to wait: nobody else joins with it.
func (g *consumerGroup) join(k call, req *kmsg.JoinGroupRequest) {
	if err := g.joins(k, req); err != nil {
		g.c.refuseJoin(k, req, "", err.code)
	}
}

func (g *consumerGroup) joins(k call, req *kmsg.JoinGroupRequest) *refusal {
	id := req.MemberID
	if id == "" {
		id = env.NewUUID(g.c.rand).String()
	}
	says, err := g.mayJoin(id, req)
	if err != nil {
		return err
	}
	if req.MemberID == "" && req.InstanceID == nil && req.Version >= 4 {
		g.c.refuseJoin(k, req, id, kerr.MemberIDRequired)
		return nil
	}
	old := g.staticMember(req.InstanceID)
	if req.MemberID == "" && old != nil && old.says.classic == nil && g.mayDowngrade([]string{old.id}, 1) {
		return g.comesBackClassic(k, req, old)
	}
	s := &change{g: g}
	if err := s.enterClassic(id, req); err != nil {
		return err
	}
	return s.joinClassic(k, req, says)
}

// mayJoin tells why a request cannot be of this group; else what it says.
func (g *consumerGroup) mayJoin(id string, req *kmsg.JoinGroupRequest) (says kmsg.ConsumerMemberMetadata, err *refusal) {
	if g.c.policy("disabled") {
		return says, refuse(kerr.InconsistentGroupProtocol, "the group migration is disabled")
	}
	if err := g.full(id, req.InstanceID); err != nil {
		return says, err
	}
	if req.ProtocolType != consumerType || !g.supports(req.Protocols) {
		return says, refuse(kerr.InconsistentGroupProtocol, "the member's protocols are not supported")
	}
	says, bad := readSubscription(req.Protocols[0].Metadata)
	if bad != nil {
		return says, refuse(kerr.InconsistentGroupProtocol, "%v", bad)
	}
	return says, nil
}

// supports tells whether one of the protocols is known to all classic members.
func (g *consumerGroup) supports(protocols []kmsg.JoinGroupRequestProtocol) bool {
	known, classics := map[string]int{}, 0
	for _, m := range g.all() {
		if m.says.classic != nil {
			classics++
			for _, p := range m.says.classic.protocols {
				known[p.Name]++
			}
		}
	}
	for _, p := range protocols {
		if known[p.Name] == classics {
			return true
		}
	}
	return false
}

// enterClassic finds or makes the member. A static one without an id takes the
// place of its last life, whatever that was doing.
func (s *change) enterClassic(id string, req *kmsg.JoinGroupRequest) *refusal {
	old := s.g.staticMember(req.InstanceID)
	switch {
	case req.InstanceID != nil && req.MemberID != "":
		if err := s.g.fencedStatic(old, id, *req.InstanceID); err != nil {
			return err
		}
		s.begin(old)
	case old != nil:
		s.replace(old, id)
	case s.g.members[id] != nil:
		s.begin(s.g.members[id])
	default:
		s.begin(newConsumerMember(id))
	}
	return nil
}

func (s *change) joinClassic(k call, req *kmsg.JoinGroupRequest, says kmsg.ConsumerMemberMetadata) *refusal {
	s.is.says.tellClassic(k.from, req, says)
	changed, epoch, err := s.subscribe()
	if err != nil {
		return err
	}
	if err := s.reconcile(s.assign(epoch), changed, s.g.c.ownedBefore(&says)); err != nil {
		return err
	}
	if err := s.write(); err != nil {
		return err
	}
	s.g.did(s.is.id, toJoin)
	s.g.heard(s.is)
	s.g.due(s.is, toSync)
	resp := req.ResponseKind().(*kmsg.JoinGroupResponse)
	typ := consumerType
	resp.MemberID, resp.Generation, resp.ProtocolType, resp.Protocol = s.is.id, s.is.has.epoch, &typ, &req.Protocols[0].Name
	s.g.c.out.reply(k.token, resp)
	return nil
}

// tellClassic takes over what a member says in its join.
func (v *memberSays) tellClassic(from Caller, req *kmsg.JoinGroupRequest, says kmsg.ConsumerMemberMetadata) {
	v.from, v.regex, v.topics = from, "", sortedOnce(says.Topics)
	v.classic = &classicSays{req.SessionTimeoutMillis, req.Protocols}
	if req.InstanceID != nil {
		v.instance = req.InstanceID
	}
	if deref(says.Rack) != "" {
		v.rack = says.Rack
	}
	v.rebalance = req.RebalanceTimeoutMillis
	if req.Version == 0 {
		v.rebalance = req.SessionTimeoutMillis
	}
}
