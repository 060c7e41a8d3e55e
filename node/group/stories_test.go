package group

import (
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func protocolOf(name string, metadata ...byte) kmsg.JoinGroupRequestProtocol {
	return kmsg.JoinGroupRequestProtocol{Name: name, Metadata: metadata}
}

// reads is the metadata of a consumer that reads topics.
func reads(topics ...string) []byte {
	v := kmsg.ConsumerMemberMetadata{Version: 0, Topics: topics}
	return v.AppendTo(nil)
}

// joinReq joins as a consumer; v3 needs no id.
func joinReq(group, id string, version int16, metadata []byte) *kmsg.JoinGroupRequest {
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.MemberID, req.ProtocolType = version, group, id, consumerType
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = 10_000, 20_000
	req.Protocols = []kmsg.JoinGroupRequestProtocol{protocolOf("range", metadata...)}
	return req
}

func staticReq(group, instance string, version int16) *kmsg.JoinGroupRequest {
	req := joinReq(group, "", version, reads("t"))
	req.InstanceID = &instance
	return req
}

// syncs sends a sync; whoever leads assigns each its own id.
func (w *world) syncs(group string, joined *kmsg.JoinGroupResponse) Token {
	req := kmsg.NewPtrSyncGroupRequest()
	req.Version, req.Group, req.Generation, req.MemberID = 3, group, joined.Generation, joined.MemberID
	for _, m := range joined.Members {
		req.GroupAssignment = append(req.GroupAssignment, kmsg.SyncGroupRequestGroupAssignment{
			MemberID: m.MemberID, MemberAssignment: []byte(m.MemberID)})
	}
	return w.send(req)
}

func (w *world) beat(group string, generation int32, id string) *kerr.Error {
	req := kmsg.NewPtrHeartbeatRequest()
	req.Version, req.Group, req.Generation, req.MemberID = 3, group, generation, id
	return kerr.TypedErrorForCode(ask[*kmsg.HeartbeatResponse](w, req).ErrorCode)
}

// commits commits an offset as nobody, or in a generation.
func (w *world) commits(group, topic string, partition int32, at int64, change ...func(*kmsg.OffsetCommitRequest)) *kerr.Error {
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Version, req.Group, req.Generation = 9, group, -1
	req.Topics = []kmsg.OffsetCommitRequestTopic{{Topic: topic, Partitions: []kmsg.OffsetCommitRequestTopicPartition{{
		Partition: partition, Offset: at, LeaderEpoch: -1}}}}
	for _, do := range change {
		do(req)
	}
	return kerr.TypedErrorForCode(ask[*kmsg.OffsetCommitResponse](w, req).Topics[0].Partitions[0].ErrorCode)
}

func (w *world) at(group, topic string, partition int32) int64 {
	o, ok := w.c.offsets.get(group, place{topic, partition})
	if !ok {
		return -1
	}
	return o.at
}

func (w *world) leaves(group, id string) {
	req := kmsg.NewPtrLeaveGroupRequest()
	req.Version, req.Group, req.MemberID = 2, group, id
	ask[*kmsg.LeaveGroupResponse](w, req)
}

func (w *world) state(group string) string { return w.c.describeOne(group, 5).State }

// single makes a stable group of one.
func (w *world) single(group string, metadata []byte) *kmsg.JoinGroupResponse {
	joined := ask0(w, joinReq(group, "", 3, metadata))
	if joined.ErrorCode != 0 {
		w.t.Fatal(kerr.ErrorForCode(joined.ErrorCode))
	}
	answer[*kmsg.SyncGroupResponse](w, w.syncs(group, joined))
	return joined
}

func TestAMemberThatNeverSyncsIsTakenOut(t *testing.T) { aMemberThatNeverSyncs(newImmediate(t)) }

// newImmediate is a world whose new groups do not wait for more members.
func newImmediate(t tester) *world {
	w := newWorld(t)
	w.config.InitialRebalanceDelay = 0
	return w
}

// The leader heartbeats, and does not assign: the other one waits, but not for ever.
func aMemberThatNeverSyncs(w *world) {
	first := w.send(joinReq("g", "", 3, nil))
	second := w.send(joinReq("g", "", 3, nil))
	w.pass(0)
	leader, other := answer[*kmsg.JoinGroupResponse](w, first), answer[*kmsg.JoinGroupResponse](w, second)
	if leader.LeaderID != leader.MemberID {
		leader, other = other, leader
	}
	waits := w.syncs("g", other)
	for range 25 {
		w.pass(time.Second)
		w.beat("g", leader.Generation, leader.MemberID)
	}
	if resp, ok := w.replies[waits].(*kmsg.SyncGroupResponse); !ok || resp.ErrorCode != kerr.RebalanceInProgress.Code {
		w.t.Fatalf("the other one is still waiting: %v", resp)
	}
	again := ask[*kmsg.JoinGroupResponse](w, joinReq("g", other.MemberID, 3, nil))
	if again.LeaderID != other.MemberID || len(again.Members) != 1 || w.beat("g", leader.Generation, leader.MemberID) == nil {
		w.t.Fatalf("the silent leader is still there: %+v", again)
	}
}

func TestAStaticMemberThatComesBackIsKnownToTheNextCoordinator(t *testing.T) {
	aStaticReturn(newWorld(t))
}

func aStaticReturn(w *world) {
	w.config.InitialRebalanceDelay = 0
	before := answer[*kmsg.JoinGroupResponse](w, w.after(0, staticReq("g", "i", 9)))
	answer[*kmsg.SyncGroupResponse](w, w.syncs("g", before))
	back := ask[*kmsg.JoinGroupResponse](w, staticReq("g", "i", 9))
	if back.Generation != before.Generation || !back.SkipAssignment || back.MemberID == before.MemberID {
		w.t.Fatalf("it is back as %+v", back)
	}
	if err := w.beat("g", back.Generation, before.MemberID); err != kerr.UnknownMemberID {
		w.t.Fatalf("its life before is answered %v", err)
	}
	w.load()
	if err := w.beat("g", back.Generation, back.MemberID); err != nil {
		w.t.Fatalf("the next coordinator answers %v", err)
	}
}

// after sends a request and lets time pass.
func (w *world) after(d time.Duration, req kmsg.Request) Token {
	token := w.send(req)
	w.pass(d)
	return token
}

func TestOffsetsOutliveTheirCoordinator(t *testing.T) { offsetsOutlive(newWorld(t)) }

func offsetsOutlive(w *world) {
	w.make("t", 1)
	w.commits("g", "t", 0, 7)
	w.load()
	w.pass(time.Hour)
	if at := w.at("g", "t", 0); at != 7 {
		w.t.Fatalf("the offset is at %d", at)
	}
}

func TestOffsetsOfNobodyExpireAfterTheirCommit(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	w.commits("g", "t", 0, 1)
	w.pass(w.config.OffsetsRetention / 2)
	w.commits("g", "t", 1, 2)
	w.pass(w.config.OffsetsRetention/2 + time.Hour)
	if w.at("g", "t", 0) != -1 || w.at("g", "t", 1) != 2 {
		t.Errorf("offsets are %v", w.c.offsets.of)
	}
	w.pass(w.config.OffsetsRetention / 2)
	if len(w.c.groups) != 0 || len(w.c.offsets.of) != 0 || len(w.c.offsets.topics) != 0 {
		t.Errorf("there are still %v", w.c.groups)
	}
	if err := w.wouldReload(); err != nil {
		t.Error(err)
	}
}

func TestOffsetsOfAGroupExpireAfterItsLastMemberLeft(t *testing.T) {
	w := newImmediate(t)
	w.make("t", 1)
	w.make("u", 1)
	joined := ask[*kmsg.JoinGroupResponse](w, joinReq("g", "", 4, reads("t")))
	token := w.after(0, joinReq("g", joined.MemberID, 4, reads("t")))
	joined = answer[*kmsg.JoinGroupResponse](w, token)
	w.syncs("g", joined)
	mine := func(req *kmsg.OffsetCommitRequest) { req.MemberID, req.Generation = joined.MemberID, joined.Generation }
	for _, topic := range []string{"t", "u"} {
		if err := w.commits("g", topic, 0, 3, mine); err != nil {
			t.Fatal(err)
		}
	}
	for range int(w.config.OffsetsRetention/(8*time.Second)) + 1000 {
		w.pass(8 * time.Second)
		w.beat("g", joined.Generation, joined.MemberID)
	}
	if w.at("g", "t", 0) != 3 || w.at("g", "u", 0) != -1 {
		t.Errorf("with a member that reads t, offsets are %v", w.c.offsets.of)
	}
	w.leaves("g", joined.MemberID)
	w.pass(w.config.OffsetsRetention - time.Hour)
	if w.at("g", "t", 0) != 3 {
		t.Error("the offset went before its time")
	}
	w.pass(2 * time.Hour)
	if w.at("g", "t", 0) != -1 || w.state("g") != "Dead" {
		t.Errorf("after the retention, the group is %s, offsets are %v", w.state("g"), w.c.offsets.of)
	}
}

func TestACommitMaySayHowLongItIsKept(t *testing.T) {
	w := newWorld(t)
	w.make("t", 1)
	w.commits("g", "t", 0, 1, func(req *kmsg.OffsetCommitRequest) { req.Version, req.RetentionTimeMillis = 4, 3_600_000 })
	w.load()
	w.pass(50 * time.Minute)
	if w.at("g", "t", 0) != 1 {
		t.Error("it went before its time")
	}
	w.pass(20 * time.Minute)
	if w.at("g", "t", 0) != -1 {
		t.Error("it is still there")
	}
}

func TestOffsetsGoWithTheirTopic(t *testing.T) {
	w := newWorld(t)
	w.make("t", 1)
	w.make("u", 1)
	w.commits("g", "t", 0, 1)
	w.commits("g", "u", 0, 2)
	w.make("t", 1) // another one of its name
	if w.at("g", "t", 0) != -1 || w.at("g", "u", 0) != 2 {
		t.Errorf("offsets are %v", w.c.offsets.of)
	}
	delete(w.topics, "u") // while nobody is coordinator
	w.load()
	w.pass(time.Second)
	if w.at("g", "u", 0) != -1 {
		t.Error("the next coordinator keeps them")
	}
}

func TestWhatIsBuriedTakesSeveralBatches(t *testing.T) {
	w := newWorld(t)
	w.config.MaxBatchBytes = 300
	w.make("t", 50)
	for p := range int32(50) {
		w.commits("g", "t", p, 1)
	}
	if resp := w.deletes("g"); resp != kerr.UnknownServerError {
		t.Errorf("one batch for all: %v", resp)
	}
	w.pass(w.config.OffsetsRetention + time.Hour)
	if len(w.c.groups) != 0 {
		t.Errorf("there are still %v", w.c.offsets.of)
	}
	for p := range int32(50) {
		w.commits("g", "t", p, 1)
	}
	delete(w.topics, "t")
	w.moved()
	w.pass(time.Second)
	if len(w.c.offsets.of) != 0 {
		t.Errorf("there are still %v", w.c.offsets.of)
	}
}

func (w *world) deletes(group string) *kerr.Error {
	req := kmsg.NewPtrDeleteGroupsRequest()
	req.Version, req.Groups = 2, []string{group}
	return kerr.TypedErrorForCode(ask[*kmsg.DeleteGroupsResponse](w, req).Groups[0].ErrorCode)
}

func TestALoadedGroupThatIsTooLargeLosesTheLastThatCome(t *testing.T) {
	w := newImmediate(t)
	var tokens []Token
	for range 3 {
		tokens = append(tokens, w.send(joinReq("g", "", 3, nil)))
	}
	w.pass(0)
	var ids []string
	for _, token := range tokens {
		joined := answer[*kmsg.JoinGroupResponse](w, token)
		ids = append(ids, joined.MemberID)
		w.syncs("g", joined)
	}
	w.config.MaxSize = 2
	w.load()
	if state := w.state("g"); state != "PreparingRebalance" {
		t.Fatalf("it is %s", state)
	}
	first, second := w.send(joinReq("g", ids[1], 3, nil)), w.send(joinReq("g", ids[2], 3, nil))
	third := ask[*kmsg.JoinGroupResponse](w, joinReq("g", ids[0], 3, nil))
	if third.ErrorCode != kerr.GroupMaxSizeReached.Code {
		t.Errorf("the third is answered %v", kerr.ErrorForCode(third.ErrorCode))
	}
	w.pass(21 * time.Second)
	if answer[*kmsg.JoinGroupResponse](w, first).ErrorCode != 0 || answer[*kmsg.JoinGroupResponse](w, second).ErrorCode != 0 {
		t.Error("the others are not in")
	}
}

func TestAJoinSentAgainIsAnsweredForBoth(t *testing.T) {
	w := newWorld(t)
	w.config.InitialRebalanceDelay = time.Second
	id := ask[*kmsg.JoinGroupResponse](w, joinReq("g", "", 5, nil)).MemberID
	first, again := w.send(joinReq("g", id, 5, nil)), w.send(joinReq("g", id, 5, nil))
	if code := answer[*kmsg.JoinGroupResponse](w, first).ErrorCode; code != kerr.RebalanceInProgress.Code {
		t.Error(kerr.ErrorForCode(code))
	}
	w.pass(2 * time.Second)
	if code := answer[*kmsg.JoinGroupResponse](w, again).ErrorCode; code != 0 {
		t.Error(kerr.ErrorForCode(code))
	}
}

func TestAHeartbeatOfBeforeDoesNotUndoAJoin(t *testing.T) { aHeartbeatOfBefore(newImmediate(t)) }

func aHeartbeatOfBefore(w *world) {
	one := ask0(w, joinReq("g", "", 3, nil))
	if err := w.beat("g", one.Generation-1, one.MemberID); err != kerr.IllegalGeneration {
		w.t.Fatalf("it is answered %v", err)
	}
	if resp := answer[*kmsg.SyncGroupResponse](w, w.syncs("g", one)); resp.ErrorCode != 0 {
		w.t.Fatalf("the sync is answered %v", kerr.ErrorForCode(resp.ErrorCode))
	}
}

func TestACommitOfAGenerationThatIsOverIsRefused(t *testing.T) { aCommitOfBefore(newImmediate(t)) }

func aCommitOfBefore(w *world) {
	w.make("t", 1)
	one := ask0(w, joinReq("g", "", 3, nil))
	w.syncs("g", one)
	again := ask[*kmsg.JoinGroupResponse](w, joinReq("g", one.MemberID, 3, nil))
	w.syncs("g", again)
	for _, c := range []struct {
		generation int32
		err        *kerr.Error
	}{{again.Generation, nil}, {one.Generation, kerr.IllegalGeneration}} {
		err := w.commits("g", "t", 0, int64(c.generation), func(req *kmsg.OffsetCommitRequest) {
			req.MemberID, req.Generation = one.MemberID, c.generation
		})
		if err != c.err {
			w.t.Fatalf("generation %d commits: %v", c.generation, err)
		}
	}
}

// ask0 joins a group without a delay.
func ask0(w *world, req *kmsg.JoinGroupRequest) *kmsg.JoinGroupResponse {
	return answer[*kmsg.JoinGroupResponse](w, w.after(0, req))
}

func TestARebalanceCannotOutgrowTheLog(t *testing.T) {
	w := newImmediate(t)
	w.config.MaxBatchBytes = 400
	one := ask0(w, joinReq("g", "", 3, nil))
	one.Members[0].MemberID = one.MemberID
	req := kmsg.NewPtrSyncGroupRequest()
	req.Version, req.Group, req.Generation, req.MemberID = 3, "g", 1, one.MemberID
	req.GroupAssignment = []kmsg.SyncGroupRequestGroupAssignment{{MemberID: one.MemberID, MemberAssignment: []byte(strings.Repeat("x", 500))}}
	if resp := ask[*kmsg.SyncGroupResponse](w, req); resp.ErrorCode != kerr.UnknownServerError.Code || w.state("g") != "PreparingRebalance" {
		t.Errorf("it is answered %v, the group is %s", kerr.ErrorForCode(resp.ErrorCode), w.state("g"))
	}
	if again := ask[*kmsg.JoinGroupResponse](w, joinReq("g", one.MemberID, 3, nil)); again.Generation != 2 {
		t.Errorf("it goes on with %+v", again)
	}
}

func TestTheVotesOfMembersChooseTheProtocol(t *testing.T) {
	w := newImmediate(t)
	var tokens []Token
	for _, protocols := range []string{"abc", "cab", "cb"} {
		req := joinReq("g", "", 3, nil)
		req.Protocols = nil
		for _, name := range protocols {
			req.Protocols = append(req.Protocols, protocolOf(string(name)))
		}
		tokens = append(tokens, w.send(req))
	}
	w.pass(0)
	for _, token := range tokens {
		if p := answer[*kmsg.JoinGroupResponse](w, token).Protocol; *p != "c" {
			t.Errorf("it is %s", *p)
		}
	}
	req := joinReq("g", "", 3, nil)
	req.Protocols = []kmsg.JoinGroupRequestProtocol{protocolOf("a")}
	if code := ask[*kmsg.JoinGroupResponse](w, req).ErrorCode; code != kerr.InconsistentGroupProtocol.Code {
		t.Error(kerr.ErrorForCode(code))
	}
}

func TestTimersEndWithTheirGroup(t *testing.T) {
	w := newImmediate(t)
	one := w.single("g", nil)
	w.leaves("g", one.MemberID)
	w.send(joinReq("g", "", 5, nil))
	if err := w.deletes("g"); err != nil {
		t.Fatal(err)
	}
	at, _ := w.c.Next()
	if at < w.now.Mono+time.Minute {
		t.Errorf("something is due at %v", at)
	}
}
