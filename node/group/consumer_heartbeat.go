package group

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// refusal is an error with the text that goes with it, if any.
type refusal struct {
	code *kerr.Error
	text string
}

func refuse(code *kerr.Error, format string, args ...any) *refusal {
	return &refusal{code, fmt.Sprintf(format, args...)}
}

// consumerHeartbeat answers ConsumerGroupHeartbeat v0 and v1.
func (c *Coordinator) consumerHeartbeat(k call, req *kmsg.ConsumerGroupHeartbeatRequest) {
	resp := req.ResponseKind().(*kmsg.ConsumerGroupHeartbeatResponse)
	if err := c.consumerBeats(k.from, req, resp); err != nil {
		resp = req.ResponseKind().(*kmsg.ConsumerGroupHeartbeatResponse)
		resp.ErrorCode = err.code.Code
		if err.text != "" {
			resp.ErrorMessage = &err.text
		}
	}
	c.out.reply(k.token, resp)
}

func (c *Coordinator) consumerBeats(from Caller, req *kmsg.ConsumerGroupHeartbeatRequest, resp *kmsg.ConsumerGroupHeartbeatResponse) *refusal {
	if c.config.ClassicOnly {
		return &refusal{code: kerr.UnsupportedVersion}
	}
	if err := c.wellFormed(req); err != nil {
		return err
	}
	if req.MemberEpoch < 0 {
		return c.consumerLeaves(req, resp)
	}
	s, err := c.consumerStep(req.Group, req.MemberEpoch == epochJoin)
	if err != nil {
		return err
	}
	if err := s.heartbeat(from, req); err != nil {
		return err
	}
	resp.MemberID, resp.MemberEpoch = &s.is.id, s.is.has.epoch
	resp.HeartbeatIntervalMillis = int32(c.config.TimesOf(req.Group).Heartbeat.Milliseconds())
	full := req.RebalanceTimeoutMillis != -1 && req.Topics != nil && (req.SubscribedTopicNames != nil || req.SubscribedTopicRegex != nil)
	if full || req.MemberEpoch == epochJoin || !slices.EqualFunc(s.was.has.assigned, s.is.has.assigned, sameSpot) {
		resp.Assignment = toldAssignment(s.is.has.assigned)
	}
	return nil
}

func sameSpot(a, b held) bool { return a.spot == b.spot }

func toldAssignment(h holding) *kmsg.ConsumerGroupHeartbeatResponseAssignment {
	a := kmsg.NewConsumerGroupHeartbeatResponseAssignment()
	for _, row := range h.byTopic() {
		t := kmsg.NewConsumerGroupHeartbeatResponseAssignmentTopic()
		t.TopicID, t.Partitions = row[0].topic, row.partitions()
		a.Topics = append(a.Topics, t)
	}
	return &a
}

// wellFormed tells what is wrong with a request whoever sends it. Names may be no
// longer than the keys of records have room for.
func (c *Coordinator) wellFormed(req *kmsg.ConsumerGroupHeartbeatRequest) *refusal {
	needsID := req.Version >= 1 || req.MemberEpoch > 0 || req.MemberEpoch == epochLeave
	switch {
	case needsID && blank(&req.MemberID):
		return refuse(kerr.InvalidRequest, "a heartbeat names its member")
	case blank(&req.Group):
		return refuse(kerr.InvalidRequest, "a heartbeat names its group")
	case blank(req.InstanceID):
		return refuse(kerr.InvalidRequest, "an instance id that is there is not blank")
	case blank(req.RackID):
		return refuse(kerr.InvalidRequest, "a rack id that is there is not blank")
	case max(len(req.Group), len(req.MemberID), len(deref(req.SubscribedTopicRegex))) > math.MaxInt16:
		return refuse(kerr.InvalidRequest, "group, member and regular expression have %d bytes at most", math.MaxInt16)
	case req.MemberEpoch == epochPause && req.InstanceID == nil:
		return refuse(kerr.InvalidRequest, "only a static member leaves for a while: the instance id is missing")
	case req.MemberEpoch < epochPause:
		return refuse(kerr.InvalidRequest, "no member is of epoch %d", req.MemberEpoch)
	}
	if err := wellJoined(req); err != nil {
		return err
	}
	if a := req.ServerAssignor; a != nil && !slices.Contains(c.config.ConsumerAssignors, *a) {
		return refuse(kerr.UnsupportedAssignor, "there is no assignor %q; there are %s",
			*a, strings.Join(c.config.ConsumerAssignors, ", "))
	}
	return nil
}

// wellJoined tells what a first request lacks.
func wellJoined(req *kmsg.ConsumerGroupHeartbeatRequest) *refusal {
	switch {
	case req.MemberEpoch != epochJoin:
	case req.RebalanceTimeoutMillis == -1:
		return refuse(kerr.InvalidRequest, "who joins says how long it needs to let go of partitions")
	case req.Topics == nil || len(req.Topics) > 0:
		return refuse(kerr.InvalidRequest, "who joins owns no partitions, and says so")
	case req.SubscribedTopicNames == nil && req.SubscribedTopicRegex == nil:
		return refuse(kerr.InvalidRequest, "who joins says what it reads, by names or by a regular expression")
	}
	return nil
}

// blank tells whether a text is there and says nothing.
func blank(text *string) bool { return text != nil && strings.TrimSpace(*text) == "" }

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// heartbeat finds the member, takes over what it says, and gives it what it may
// have now.
func (s *change) heartbeat(from Caller, req *kmsg.ConsumerGroupHeartbeatRequest) *refusal {
	id := req.MemberID
	if err := s.g.full(id, req.InstanceID); err != nil {
		return err
	}
	if id == "" {
		id = env.NewUUID(s.g.c.rand).String()
	}
	owned := reported(req.Topics)
	if err := s.enter(id, req.InstanceID, req.MemberEpoch, owned); err != nil {
		return err
	}
	s.is.says.tell(from, req)
	changed, epoch, err := s.subscribe()
	if err != nil {
		return err
	}
	target := s.assign(epoch)
	if err := s.reconcile(target, changed, owned); err != nil {
		return err
	}
	if err := s.write(); err != nil {
		return err
	}
	s.g.heard(s.is)
	return nil
}

// tell takes over what a member says; what it leaves out stays.
func (v *memberSays) tell(from Caller, req *kmsg.ConsumerGroupHeartbeatRequest) {
	v.from, v.classic = from, nil
	if req.InstanceID != nil {
		v.instance = req.InstanceID
	}
	if req.RackID != nil {
		v.rack = req.RackID
	}
	if req.RebalanceTimeoutMillis != -1 {
		v.rebalance = req.RebalanceTimeoutMillis
	}
	if req.ServerAssignor != nil {
		v.assignor = req.ServerAssignor
	}
	if req.SubscribedTopicNames != nil {
		v.topics = sortedOnce(req.SubscribedTopicNames)
	}
	if req.SubscribedTopicRegex != nil {
		v.regex = *req.SubscribedTopicRegex
	}
}

// reported are the partitions that a member says it owns; nil: it says nothing,
// that is, what it said before.
func reported(topics []kmsg.ConsumerGroupHeartbeatRequestTopic) []spot {
	if topics == nil {
		return nil
	}
	owned := []spot{}
	for _, t := range topics {
		for _, p := range t.Partitions {
			owned = append(owned, spot{t.TopicID, p})
		}
	}
	return owned
}
