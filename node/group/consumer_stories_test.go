package group

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/group/assign"
)

// pulse is a heartbeat of a member, which joins at epoch 0.
func (w *world) pulse(member string, epoch int32, how func(req *kmsg.ConsumerGroupHeartbeatRequest)) *kmsg.ConsumerGroupHeartbeatResponse {
	w.t.Helper()
	req := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	req.Version, req.Group, req.MemberID, req.MemberEpoch = 1, theGroup, member, epoch
	if epoch == epochJoin {
		req.RebalanceTimeoutMillis, req.SubscribedTopicNames, req.Topics = 10_000, []string{"t"}, []kmsg.ConsumerGroupHeartbeatRequestTopic{}
	}
	if how != nil {
		how(req)
	}
	return ask[*kmsg.ConsumerGroupHeartbeatResponse](w, req)
}

func owns(topic [16]byte, partitions ...int32) func(req *kmsg.ConsumerGroupHeartbeatRequest) {
	return func(req *kmsg.ConsumerGroupHeartbeatRequest) {
		req.Topics = []kmsg.ConsumerGroupHeartbeatRequestTopic{{TopicID: topic, Partitions: partitions}}
	}
}

// commitsIn is the error of a commit for partitions 0 and 1.
func (w *world) commitsIn(member string, epoch int32, version int16) [2]int16 {
	w.t.Helper()
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Version, req.Group, req.MemberID, req.Generation = version, theGroup, member, epoch
	req.Topics = []kmsg.OffsetCommitRequestTopic{{Topic: "t",
		Partitions: []kmsg.OffsetCommitRequestTopicPartition{{Partition: 0, Offset: 1}, {Partition: 1, Offset: 1}}}}
	rows := ask[*kmsg.OffsetCommitResponse](w, req).Topics[0].Partitions
	return [2]int16{rows[0].ErrorCode, rows[1].ErrorCode}
}

// aCommitOfAnEarlierOwner is told while partition 1 goes from a to b and back; a
// has partition 0 all the time.
func aCommitOfAnEarlierOwner(w *world) {
	w.t.Helper()
	w.times.Assignment = 0
	id := w.make("t", 2)
	w.pulse("a", 0, nil)
	w.pulse("b", 0, nil)
	w.pulse("a", 2, owns(id, 0, 1))
	w.pulse("a", 2, owns(id, 0))
	w.pulse("b", 3, nil)
	stale := kerr.StaleMemberEpoch.Code
	if got := w.commitsIn("a", 2, 9); got != [2]int16{0, stale} {
		w.t.Fatalf("in its epoch before: %v", got)
	}
	if got := w.commitsIn("b", 3, 9); got != [2]int16{} {
		w.t.Fatalf("in its epoch: %v", got)
	}
	w.pulse("b", epochLeave, nil)
	if got := w.pulse("a", 3, nil); got.MemberEpoch != 4 || len(got.Assignment.Topics[0].Partitions) != 2 {
		w.t.Fatalf("a is told %+v", got)
	}
	if got := w.commitsIn("a", 3, 9); got != [2]int16{0, stale} {
		w.t.Fatalf("in an epoch in which the partition was another's: %v", got)
	}
	if got := w.commitsIn("b", 3, 9); got != [2]int16{kerr.UnknownMemberID.Code, kerr.UnknownMemberID.Code} {
		w.t.Fatalf("after it left: %v", got)
	}
}

func TestACommitOfAnEpochInWhichThePartitionWasAnothersIsRefused(t *testing.T) {
	aCommitOfAnEarlierOwner(newWorld(t))
}

// aMemberThatIsBackBetweenTwoAssignments was fenced before, and has a commit under way.
func aMemberThatIsBackBetweenTwoAssignments(w *world) {
	w.t.Helper()
	w.times.Assignment = 10 * time.Second
	w.make("t", 2)
	w.pulse("a", 0, nil)
	w.pulse("b", 0, nil)
	w.pulse("a", epochLeave, nil)
	back := w.pulse("a", 0, nil)
	if len(back.Assignment.Topics) > 0 {
		w.t.Fatalf("there was an assignment: %+v", back)
	}
	stale := kerr.StaleMemberEpoch.Code
	if got := w.commitsIn("a", 2, 9); got != [2]int16{stale, stale} {
		w.t.Fatalf("it is told epoch %d, and what it sent in 2 is answered %v", back.MemberEpoch, got)
	}
	if got := w.commitsIn("a", back.MemberEpoch, 9); got != [2]int16{} {
		w.t.Fatalf("in its epoch: %v", got)
	}
	if got := w.pulse("b", 2, nil); got.ErrorCode != 0 || got.MemberEpoch != back.MemberEpoch {
		w.t.Fatalf("b is told %+v", got)
	}
	w.pass(10 * time.Second)
	if got := w.pulse("b", back.MemberEpoch, nil); got.MemberEpoch != 5 || len(got.Assignment.Topics) == 0 {
		w.t.Fatalf("b is told %+v", got)
	}
}

func TestWhatAMemberSentBeforeItWasFencedDoesNotCountAfterItIsBack(t *testing.T) {
	aMemberThatIsBackBetweenTwoAssignments(newWorld(t))
}

func TestMembersWithAnEpochCommitInVersionNineOnly(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	w.pulse("a", 0, nil)
	if got := w.commitsIn("a", 2, 8); got[0] != kerr.UnsupportedVersion.Code {
		t.Fatal(got)
	}
	if got := w.commitsIn("a", 3, 9); got[0] != kerr.StaleMemberEpoch.Code {
		t.Fatal(got)
	}
	if got := w.commitsIn("", -1, 9); got[0] != kerr.UnknownMemberID.Code {
		t.Fatal(got)
	}
}

func TestOffsetsOfAMemberAreFetchedInItsEpoch(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	w.pulse("a", 0, nil)
	a := "a"
	for _, c := range []struct {
		member *string
		epoch  int32
		want   int16
	}{{&a, 2, 0}, {&a, 1, kerr.StaleMemberEpoch.Code}, {nil, -1, 0}, {nil, 2, kerr.UnknownMemberID.Code}} {
		req := kmsg.NewPtrOffsetFetchRequest()
		req.Version = 9
		req.Groups = []kmsg.OffsetFetchRequestGroup{{Group: theGroup, MemberID: c.member, MemberEpoch: c.epoch}}
		if got := ask[*kmsg.OffsetFetchResponse](w, req).Groups[0].ErrorCode; got != c.want {
			t.Errorf("epoch %d: %v", c.epoch, kerr.ErrorForCode(got))
		}
	}
}

func TestAConsumerGroupIsDeletedWhenItIsEmpty(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	w.pulse("a", 0, nil)
	w.commitsIn("a", 2, 9)
	remove := kmsg.NewPtrDeleteGroupsRequest()
	remove.Groups = []string{theGroup}
	if got := ask[*kmsg.DeleteGroupsResponse](w, remove).Groups[0].ErrorCode; got != kerr.NonEmptyGroup.Code {
		t.Fatal(got)
	}
	w.pulse("a", epochLeave, nil)
	if got := ask[*kmsg.DeleteGroupsResponse](w, remove).Groups[0].ErrorCode; got != 0 {
		t.Fatal(got)
	}
	if err := w.wouldReload(); err != nil || len(w.c.groups) > 0 || len(w.c.offsets.of) > 0 {
		t.Fatal(err, w.c.groups, w.c.offsets.of)
	}
}

func TestAnEmptyConsumerGroupGoesWithItsLastOffset(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	w.pulse("a", 0, nil)
	w.commitsIn("a", 2, 9)
	for range 8 * 24 * 120 {
		w.pulse("a", 2, nil)
		w.pass(30 * time.Second)
	}
	if _, there := w.c.offsets.get(theGroup, place{"t", 0}); !there {
		t.Fatal("an offset that is in use expired")
	}
	w.pulse("a", epochLeave, nil)
	w.pass(time.Hour)
	if len(w.c.groups) > 0 || len(w.c.offsets.of) > 0 {
		t.Fatal(w.c.groups, w.c.offsets.of)
	}
}

func TestAGroupMayHaveTimesOfItsOwn(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	w.config.TimesOf = func(group string) Times {
		if group != theGroup {
			return w.times
		}
		return Times{Session: 10 * time.Second, Heartbeat: time.Second, Assignment: 4 * time.Second}
	}
	if got := w.pulse("a", 0, nil); got.HeartbeatIntervalMillis != 1000 {
		t.Fatal(got.HeartbeatIntervalMillis)
	}
	w.pulse("b", 0, nil)
	w.pass(3 * time.Second)
	if got := w.pulse("a", 2, nil); got.MemberEpoch != 2 || got.Assignment != nil {
		t.Fatalf("the next assignment comes too early: %v", got)
	}
	w.pass(time.Second)
	if got := w.pulse("a", 2, nil); got.Assignment == nil || len(got.Assignment.Topics[0].Partitions) != 1 {
		t.Fatalf("the next assignment does not come: %v", got)
	}
	w.pass(10 * time.Second)
	if got := w.pulse("a", 2, nil); got.ErrorCode != kerr.UnknownMemberID.Code {
		t.Fatal(got)
	}
}

func TestWhatDoesNotFitIntoABatchChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	w.pulse("a", 0, nil)
	w.config.MaxBatchBytes = 500
	before := len(w.log)
	got := w.pulse("b", 0, func(req *kmsg.ConsumerGroupHeartbeatRequest) {
		req.SubscribedTopicNames = []string{strings.Repeat("x", 500)}
	})
	if got.ErrorCode != kerr.UnknownServerError.Code || len(w.log) != before || w.c.groups[theGroup].size() != 1 {
		t.Fatal(got, len(w.log), before)
	}
}

func TestARecordOfBeforeKafka41IsBuried(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	w.pulse("a", 0, nil)
	old := Record{consumerKey(keyConsumerTopics, theGroup), []byte{0, 0, 1, 0}}
	w.log = append(w.log, old)
	w.load()
	w.pulse("a", 2, nil)
	last := slices.IndexFunc(w.log, func(r Record) bool { return string(r.Key) == string(old.Key) && r.Value == nil })
	if last < 0 || w.c.groups[theGroup].(*consumerGroup).oldTopics {
		t.Fatal("it is still there")
	}
}

func TestAMemberOfAStateThatIsNotKnownBeginsAnew(t *testing.T) {
	w := newWorld(t)
	id := w.make("t", 2)
	w.pulse("a", 0, nil)
	w.log = append(w.log, (&memberHas{epoch: 2, previous: 1, phase: 9}).record(theGroup, "a"))
	w.load()
	if got := w.pulse("a", 2, owns(id, 0)); got.ErrorCode != kerr.FencedMemberEpoch.Code {
		t.Fatal(got)
	}
	if got := w.pulse("a", 0, nil); got.ErrorCode != 0 || got.MemberEpoch != 2 || len(got.Assignment.Topics) != 1 {
		t.Fatal(got)
	}
}

func TestManyMembersThatComeAtOnceMakeOneAssignment(t *testing.T) {
	w := newWorld(t)
	w.make("t", 4)
	for _, id := range []string{"a", "b", "c", "d"} {
		w.pulse(id, 0, nil)
	}
	if g := w.c.groups[theGroup].(*consumerGroup); g.now.epoch != 5 || g.target.epoch != 2 {
		t.Fatalf("epochs %d, %d", g.now.epoch, g.target.epoch)
	}
	w.pass(time.Second)
	if got := w.pulse("d", 2, nil); got.MemberEpoch != 5 {
		t.Fatalf("epoch %d", got.MemberEpoch)
	}
}

// classicGroup is a stable classic group of members of the same topic.
func (w *world) classicGroup(assigned ...[]byte) *classic {
	g := newClassic(w.c, theGroup)
	says := kmsg.NewConsumerMemberMetadata()
	says.Version, says.Topics = 1, []string{"t"}
	for i, a := range assigned {
		g.add(&member{id: string(rune('a' + i)), typ: consumerType, session: 30_000, rebalance: 30_000, assigned: a,
			protocols: []kmsg.JoinGroupRequestProtocol{{Name: "range", Metadata: says.AppendTo(nil)}}})
	}
	protocol := "range"
	g.phase, g.generation, g.protocol = stable, 3, &protocol
	w.log = append(w.log, g.record())
	w.load()
	return g
}

func TestPartitionsThatALeaderGaveTwiceHaveOneOwnerAfterTheUpgrade(t *testing.T) {
	w := newWorld(t)
	id := w.make("t", 2)
	both := w.c.assignmentFor(nil, assign.Assignment{{ID: id, Partitions: []int32{0, 1}}})
	w.classicGroup(both, both)
	if got := w.pulse("z", 0, nil); got.ErrorCode != 0 || got.MemberEpoch != 4 {
		t.Fatal(got)
	}
	if err := w.c.groups[theGroup].(*consumerGroup).sound(); err != nil {
		t.Fatal(err)
	}
}

func TestAGroupWithAnAssignorOfItsOwnStaysClassic(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	v := kmsg.ConsumerMemberAssignment{Version: 1, UserData: []byte{1}}
	w.classicGroup(v.AppendTo(nil))
	if got := w.pulse("z", 0, nil); got.ErrorCode != kerr.GroupIDNotFound.Code {
		t.Fatal(got)
	}
	if w.c.groups[theGroup].kind() != classicKind || w.c.groups[theGroup].size() != 1 {
		t.Fatal(w.c.groups[theGroup])
	}
}

// The last static member of the new protocol comes back with the old one: the
// group is classic again, and the others notice nothing.
func TestAStaticMemberThatComesBackClassicEndsTheConsumerGroup(t *testing.T) {
	w := newWorld(t)
	id := w.make("t", 2)
	w.classicGroup(w.c.assignmentFor(nil, assign.Assignment{{ID: id, Partitions: []int32{0, 1}}}))
	i := "i"
	w.pulse("s", 0, func(req *kmsg.ConsumerGroupHeartbeatRequest) { req.InstanceID = &i })
	says := kmsg.NewConsumerMemberMetadata()
	says.Version, says.Topics = 1, []string{"t"}
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.InstanceID, req.ProtocolType = 9, theGroup, &i, consumerType
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = 30_000, 30_000
	req.Protocols = []kmsg.JoinGroupRequestProtocol{{Name: "range", Metadata: says.AppendTo(nil)}}
	got := ask[*kmsg.JoinGroupResponse](w, req)
	g, ok := w.c.groups[theGroup].(*classic)
	if !ok || got.ErrorCode != 0 || got.Generation != 4 || g.phase != stable || len(g.members) != 2 {
		t.Fatalf("%+v, %+v", got, g)
	}
	if err := w.wouldReload(); err != nil {
		t.Fatal(err)
	}
}

func TestAnEmptyConsumerGroupOutlivesAStrangerThatCannotJoinIt(t *testing.T) {
	w := newWorld(t)
	w.make("t", 2)
	w.pulse("a", 0, nil)
	w.commitsIn("a", 2, 9)
	w.pulse("a", epochLeave, nil)
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.MemberID, req.ProtocolType = 9, theGroup, "stranger", consumerType
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = 30_000, 30_000
	if got := ask[*kmsg.JoinGroupResponse](w, req); got.ErrorCode != kerr.UnknownMemberID.Code {
		t.Fatal(got)
	}
	if err := w.wouldReload(); err != nil || w.c.groups[theGroup] == nil {
		t.Fatal(err)
	}
}
