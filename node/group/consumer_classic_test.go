package group

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// What a consumer of the classic protocol does: it is eager, so it lets go of all
// before it joins.

func (who *consumer) joinsOld() {
	who.owned, who.synced, who.leads = nil, false, nil
	says := kmsg.NewConsumerMemberMetadata()
	says.Version, says.Topics = 1, slices.Clone(who.topics)
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.MemberID, req.InstanceID, req.ProtocolType = 9, theGroup, who.id, who.instance, consumerType
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = 20_000, 10_000
	req.Protocols = []kmsg.JoinGroupRequestProtocol{{Name: "range", Metadata: says.AppendTo(nil)}}
	who.f.request(who, req, func(resp kmsg.Response) { who.joinedOld(resp.(*kmsg.JoinGroupResponse)) })
}

func (who *consumer) joinedOld(resp *kmsg.JoinGroupResponse) {
	switch resp.ErrorCode {
	case 0:
		who.id, who.epoch = resp.MemberID, resp.Generation
		for _, m := range resp.Members {
			who.leads = append(who.leads, m.MemberID)
		}
		if resp.SkipAssignment {
			who.leads = nil
		}
	case kerr.MemberIDRequired.Code:
		who.id = resp.MemberID
	case kerr.RebalanceInProgress.Code:
		who.epoch = -1
	default:
		who.forget()
	}
}

// syncs sends, of one that leads, all of the topics to the last of the members.
func (who *consumer) syncs() {
	typ, protocol := consumerType, "range"
	req := kmsg.NewPtrSyncGroupRequest()
	req.Version, req.Group, req.MemberID, req.InstanceID, req.Generation = 5, theGroup, who.id, who.instance, who.epoch
	req.ProtocolType, req.Protocol = &typ, &protocol
	if n := len(who.leads); n > 0 {
		v := kmsg.ConsumerMemberAssignment{Version: 1}
		for _, name := range who.topics {
			t := kmsg.ConsumerMemberAssignmentTopic{Topic: name}
			for p := range who.f.topics[name].partitions {
				t.Partitions = append(t.Partitions, p)
			}
			v.Topics = append(v.Topics, t)
		}
		req.GroupAssignment = []kmsg.SyncGroupRequestGroupAssignment{{MemberID: who.leads[n-1], MemberAssignment: v.AppendTo(nil)}}
	}
	who.f.request(who, req, func(resp kmsg.Response) { who.syncedOld(resp.(*kmsg.SyncGroupResponse)) })
}

func (who *consumer) syncedOld(resp *kmsg.SyncGroupResponse) {
	switch resp.ErrorCode {
	case 0:
	case kerr.RebalanceInProgress.Code:
		who.epoch = -1
		return
	default:
		who.forget()
		return
	}
	owned, err := who.f.c.readAssignment(resp.MemberAssignment)
	if err != nil {
		who.f.t.Fatal(err)
	}
	who.synced, who.owned = true, owned
}

func (who *consumer) beatsOld() {
	if who.news {
		who.news, who.epoch = false, -1
		return
	}
	req := kmsg.NewPtrHeartbeatRequest()
	req.Version, req.Group, req.MemberID, req.InstanceID, req.Generation = 4, theGroup, who.id, who.instance, who.epoch
	who.f.request(who, req, func(resp kmsg.Response) {
		switch resp.(*kmsg.HeartbeatResponse).ErrorCode {
		case 0:
		case kerr.RebalanceInProgress.Code:
			who.epoch, who.owned = -1, nil
		default:
			who.forget()
		}
	})
}
