package sim_test

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/faults"
	"odradek/node/config"
	"odradek/node/wire"
)

// others lets all nodes but one stand still.
func (g *groupsWorld) others(than int, length time.Duration) {
	at := g.w.Now()
	for i := range g.w.Nodes() {
		if i != than {
			g.w.Apply(faults.Plan{{Kind: faults.Pause, On: i, At: at, Until: at + length}})
		}
	}
	g.pass(time.Millisecond)
}

func (g *groupsWorld) commitOnce(node int, group string, offset int64) *kerr.Error {
	g.t.Helper()
	resp, ok := g.ask(node, commitOf(group, offset, "")).(*kmsg.OffsetCommitResponse)
	if !ok {
		g.t.Fatal("it is not answered")
	}
	return kerr.TypedErrorForCode(resp.Topics[0].Partitions[0].ErrorCode)
}

func TestACommitThatTheReplicasDoNotTakeInTimeIsNotKnownToBeDone(t *testing.T) {
	g := newGroupsWorld(t, 3, config.Setting{Key: "broker.session.timeout.ms", Value: "60000"},
		config.Setting{Key: "offsets.commit.timeout.ms", Value: "700"})
	g.commit("g", 1, "")
	g.pass(3 * time.Second) // all replicas are in sync
	at := g.coordinator("g")
	g.others(at, 2*time.Second)
	began := g.w.Now()
	if err := g.commitOnce(at, "g", 2); err != kerr.CoordinatorNotAvailable {
		t.Fatalf("the answer is %v", err)
	}
	if took := g.w.Now() - began; took < 700*time.Millisecond || took > 800*time.Millisecond {
		t.Errorf("it took %v", took)
	}
	g.pass(5 * time.Second)
	if got := g.committed("g"); got != 2 {
		t.Errorf("%d is committed: nobody took it back", got)
	}
}

func TestACommitIsRefusedWhileThereAreTooFewReplicas(t *testing.T) {
	g := newGroupsWorld(t, 3, config.Setting{Key: "min.insync.replicas", Value: "3"})
	g.commit("g", 1, "")
	at := g.coordinator("g")
	down := g.w.Nodes()[(at+1)%3]
	down.Kill()
	g.until("refusal", func() bool {
		return g.coordinator("g") == at && g.commitOnce(at, "g", 2) == kerr.CoordinatorNotAvailable
	})
	down.Start()
	g.commit("g", 3, "")
	if got := g.committed("g"); got != 3 {
		t.Errorf("%d is committed, though there are enough again", got)
	}
}

func TestWhoWaitsIsToldWhenTheOffsetsTopicIsDeletedAndGroupsBeginAnew(t *testing.T) {
	g := newGroupsWorld(t, 1)
	g.member("g")
	g.commit("other", 5, "")
	var frame []byte
	second := joinOf("g", "")
	second.Version = 3
	conn := g.w.Dial(g.w.Nodes()[0], func(b []byte) { frame = b }, func() {})
	conn.Send(wire.AppendRequest(nil, 1, "test", second))
	g.pass(100 * time.Millisecond)
	del := kmsg.NewPtrDeleteTopicsRequest()
	del.Version, del.TopicNames, del.TimeoutMillis = 5, []string{"__consumer_offsets"}, 10_000
	if resp := g.ask(0, del).(*kmsg.DeleteTopicsResponse); resp.Topics[0].ErrorCode != 0 {
		t.Fatalf("%+v", resp)
	}
	if frame == nil {
		t.Fatal("it still waits")
	}
	resp, _, err := wire.ParseResponse(frame, second)
	if err != nil || resp.(*kmsg.JoinGroupResponse).ErrorCode != kerr.NotCoordinator.Code {
		t.Errorf("%+v, %v", resp, err)
	}
	if got := g.committed("other"); got != -1 {
		t.Errorf("%d is committed in a topic that was just made", got)
	}
}

func TestAMemberWhoseConnectionBreaksWhileItWaitsDisturbsNobody(t *testing.T) {
	g := newGroupsWorld(t, 1)
	first := g.member("g")
	second := joinOf("g", "")
	second.Version = 3
	conn := g.w.Dial(g.w.Nodes()[0], func([]byte) { t.Error("it is answered") }, func() {})
	conn.Send(wire.AppendRequest(nil, 1, "test", second))
	g.pass(100 * time.Millisecond)
	conn.Close()
	g.pass(100 * time.Millisecond)
	again := joinOf("g", first.MemberID)
	resp := g.ask(0, again).(*kmsg.JoinGroupResponse)
	if resp.ErrorCode != 0 || resp.Generation != first.Generation+1 {
		t.Errorf("%+v", resp)
	}
}
