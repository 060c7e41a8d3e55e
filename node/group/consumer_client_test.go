package group

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"
)

// consumer is one process of a flock, and what it knows.
type consumer struct {
	f        *flock
	id       string
	instance *string
	old      bool // it speaks the classic protocol, and is eager
	topics   []string
	regex    string
	news     bool // it has not told yet what it reads now

	epoch  int32 // or generation; below 0: it has to join
	synced bool
	leads  []string // members that it assigns to; nil: it does not lead
	owned  []spot

	given []spot // what it shall own when it has let go of the rest; nil: that is done

	slow             bool // it takes its time to let go
	stuck            bool // it takes for ever
	busy, deaf, dead bool
}

// forget is what a consumer does that is fenced: it lets go of all, to join again.
func (who *consumer) forget() {
	who.epoch, who.owned, who.synced, who.leads, who.given, who.stuck = -1, nil, false, nil, nil, false
	if who.old {
		who.id = ""
	}
}

// acts sends what is due.
func (who *consumer) acts() {
	switch {
	case who.busy:
	case who.old && who.epoch < 0:
		who.joinsOld()
	case who.old && !who.synced:
		who.syncs()
	case who.old:
		who.beatsOld()
	default:
		who.beats()
	}
}

func (who *consumer) beats() {
	req := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	req.Version, req.Group, req.MemberID, req.InstanceID = 1, theGroup, who.id, who.instance
	req.MemberEpoch, req.RebalanceTimeoutMillis = max(who.epoch, 0), 10_000
	if who.letsGo() || who.epoch <= 0 || who.news {
		req.Topics = []kmsg.ConsumerGroupHeartbeatRequestTopic{}
		for _, row := range (holding{}).with(hold(who.owned, 0)).byTopic() {
			req.Topics = append(req.Topics, kmsg.ConsumerGroupHeartbeatRequestTopic{TopicID: row[0].topic, Partitions: row.partitions()})
		}
	}
	if who.epoch <= 0 || who.news {
		req.SubscribedTopicNames, req.SubscribedTopicRegex = slices.Clone(who.topics), &who.regex
		who.news = false
	}
	who.f.request(who, req, func(resp kmsg.Response) { who.told(resp.(*kmsg.ConsumerGroupHeartbeatResponse)) })
}

func (who *consumer) told(resp *kmsg.ConsumerGroupHeartbeatResponse) {
	switch {
	case resp.ErrorCode == kerr.UnreleasedInstanceID.Code: // its last life is not over yet
	case resp.ErrorCode != 0:
		who.forget()
	case resp.MemberEpoch < who.epoch:
		who.f.t.Fatalf("%s went back from epoch %d to %d", who.id, who.epoch, resp.MemberEpoch)
	default:
		who.epoch = resp.MemberEpoch
		if resp.Assignment != nil {
			who.given = []spot{}
			for _, t := range resp.Assignment.Topics {
				for _, p := range t.Partitions {
					who.given = append(who.given, spot{t.TopicID, p})
				}
			}
		}
	}
}

// letsGo takes over what it was given, unless that takes time; true: that is done.
func (who *consumer) letsGo() bool {
	loses := slices.ContainsFunc(who.owned, func(x spot) bool { return !slices.Contains(who.given, x) })
	if who.given != nil && loses && (who.slow || who.stuck) {
		who.slow = false
		return false
	}
	if who.given != nil {
		who.owned, who.given = who.given, nil
	}
	return true
}

func (who *consumer) subscribes(t *rapid.T) {
	who.topics = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"t0", "t1", "u"}), func(s string) string { return s }).Draw(t, "topics")
	who.regex = rapid.SampledFrom([]string{"", "", "t.", "u|t1"}).Draw(t, "regex")
	who.news = true
}

// leaves says goodbye, and is another process then.
func (who *consumer) leaves(forAWhile bool) {
	if !who.busy && who.epoch >= 0 {
		who.goodbye(forAWhile)
		who.f.bury(who)
	}
}

// returns says goodbye for good, a commit under way, and is about to join again under
// its id.
func (who *consumer) returns() {
	if !who.busy && who.epoch >= 0 && !who.old {
		who.sends()
		who.goodbye(false)
		who.forget()
		who.f.check()
		who.acts()
	}
}

func (who *consumer) goodbye(forAWhile bool) {
	if who.old {
		req := kmsg.NewPtrLeaveGroupRequest()
		req.Version, req.Group = 5, theGroup
		req.Members = []kmsg.LeaveGroupRequestMember{{MemberID: who.id, InstanceID: who.instance}}
		who.f.request(who, req, func(kmsg.Response) {})
	} else {
		req := kmsg.NewPtrConsumerGroupHeartbeatRequest()
		req.Version, req.Group, req.MemberID, req.InstanceID, req.MemberEpoch = 1, theGroup, who.id, who.instance, epochLeave
		if forAWhile && who.instance != nil {
			req.MemberEpoch = epochPause
		}
		who.f.request(who, req, func(kmsg.Response) {})
	}
}

// commits holds that a commit is taken of who has the partition only. Right after
// an assignment was lost, or the group changed, it may be refused.
func (who *consumer) commits(t *rapid.T) {
	g := who.f.group()
	if g == nil || who.epoch < 0 || who.busy {
		return
	}
	name := rapid.SampledFrom([]string{"t0", "t1", "u"}).Draw(t, "topic")
	x := spot{uuid(name, who.f.world), 0}
	if who.f.topics[name].partitions == 0 {
		return
	}
	code := ask[*kmsg.OffsetCommitResponse](who.f.world, who.commit(name)).Topics[0].Partitions[0].ErrorCode
	m := g.members[who.id]
	switch {
	case code != 0 && m != nil && m.has.epoch == who.epoch:
		t.Fatalf("%s may not commit in its epoch %d: %v", who.id, who.epoch, kerr.ErrorForCode(code))
	case code == 0 && m == nil:
		t.Fatalf("%s is no member, and may commit", who.id)
	case code == 0 && m.has.epoch != who.epoch && g.owners[x] != who.id:
		t.Fatalf("%s commits %v in epoch %d, of which %s is the owner", who.id, x, who.epoch, g.owners[x])
	}
}

func (who *consumer) commit(topic string) *kmsg.OffsetCommitRequest {
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Version, req.Group, req.MemberID, req.Generation, req.InstanceID = 9, theGroup, who.id, who.epoch, who.instance
	req.Topics = []kmsg.OffsetCommitRequestTopic{{Topic: topic, Partitions: []kmsg.OffsetCommitRequestTopicPartition{{Offset: 1}}}}
	return req
}

// sends sends a commit that takes its time.
func (who *consumer) sends() {
	if g := who.f.group(); g != nil && who.epoch >= 0 && g.members[who.id] != nil {
		who.f.late = append(who.f.late, &lateCommit{OffsetCommitRequest: who.commit("t0")})
	}
}

// arrives holds that a commit does not count whose sender was fenced since, even if it
// is back.
func (f *flock) arrives(t *rapid.T) {
	if len(f.late) == 0 || f.topics["t0"].partitions == 0 {
		t.Skip("nothing is under way")
	}
	i := rapid.IntRange(0, len(f.late)-1).Draw(t, "which")
	c := f.late[i]
	f.late = slices.Delete(f.late, i, i+1)
	code := ask[*kmsg.OffsetCommitResponse](f.world, c.OffsetCommitRequest).Topics[0].Partitions[0].ErrorCode
	if c.fenced && code == 0 {
		t.Fatalf("%s was fenced, and its commit of epoch %d counts", c.MemberID, c.Generation)
	}
}
