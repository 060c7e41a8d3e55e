package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/faults"
	"odradek/node/config"
	"odradek/node/record"
	"odradek/node/wire"
)

func TestCommittedOffsetsSurviveKillsPowerCutsAndChangesOfLeader(t *testing.T) {
	g := newGroupsWorld(t, 3)
	for i, strike := range []func(){
		func() { g.w.Nodes()[g.coordinator("g")].Kill() },
		func() { g.w.Nodes()[g.coordinator("g")].PowerCut() },
		func() {
			for _, n := range g.w.Nodes() {
				n.PowerCut()
			}
		},
	} {
		g.commit("g", int64(i+1), "")
		before := g.coordinator("g")
		strike()
		if g.w.Nodes()[(before+1)%3].Up() {
			g.until("another coordinator", func() bool { return g.coordinator("g") != before })
		} else {
			g.startAll()
		}
		if got := g.committed("g"); got != int64(i+1) {
			t.Fatalf("after strike %d the committed offset is %d", i, got)
		}
		g.startAll()
		g.pass(3 * time.Second)
	}
	if got := g.committed("another"); got != -1 {
		t.Errorf("a group that never committed has %d", got)
	}
}

func (g *groupsWorld) startAll() {
	for _, n := range g.w.Nodes() {
		if n.Down() {
			n.Start()
		}
	}
}

func TestALoadReadsBatchesOfAnySizeAndServesNothingBeforeItsEnd(t *testing.T) {
	if wrong := loadsWhole(t); wrong != "" {
		t.Error(wrong)
	}
}

// small makes loads read batch by batch.
var small = config.Setting{Key: "offsets.load.buffer.size", Value: "1000"}

// loadsWhole restarts a node with a slow disk that has to load batches of all
// sizes; it tells what went wrong.
func loadsWhole(t *testing.T) (wrong string) {
	g := newGroupsWorld(t, 1, small)
	for i := range 40 {
		g.commit("g", int64(i), strings.Repeat("x", i*100))
	}
	g.w.Nodes()[0].Kill()
	g.slow(10*time.Millisecond, 20*time.Second)
	g.startAll()
	refused := 0
	for until := g.w.Now() + time.Minute; g.w.Now() < until; g.pass(20 * time.Millisecond) {
		resp, ok := g.ask(0, fetchOf("g")).(*kmsg.OffsetFetchResponse)
		if !ok {
			continue
		}
		switch x := resp.Groups[0]; {
		case x.ErrorCode == kerr.CoordinatorLoadInProgress.Code:
			refused++
		case x.ErrorCode == kerr.NotCoordinator.Code:
		case x.ErrorCode != 0 || len(x.Topics) == 0 || x.Topics[0].Partitions[0].Offset != 39:
			return fmt.Sprintf("half a state: %+v", x)
		case refused == 0:
			return "it was never seen to load"
		default:
			return ""
		}
	}
	return "the load never ends"
}

func (g *groupsWorld) slow(by, length time.Duration) {
	at := g.w.Now()
	g.w.Apply(faults.Plan{{Kind: faults.DiskSlow, On: 0, At: at, Until: at + length, Delay: by}})
}

func TestAPartitionThatGoesOfflineInMidLoadHasNoCoordinator(t *testing.T) {
	if wrong := servedOffline(t); wrong != "" {
		t.Error(wrong)
	}
}

// servedOffline lets the directory of a partition fail while its groups are
// loaded, and tells whether they are served after that.
func servedOffline(t *testing.T) (wrong string) {
	reached := 0
	for partition := range int32(4) {
		g := newGroupsWorld(t, 1, small, config.Setting{Key: "log.dirs", Value: "/data,/more"})
		for i := range 150 {
			g.commit("g", int64(i), strings.Repeat("x", 900))
		}
		g.w.Nodes()[0].Kill()
		g.slow(10*time.Millisecond, 20*time.Second)
		g.startAll()
		code := func() int16 {
			if resp, ok := g.ask(0, fetchOf("g")).(*kmsg.OffsetFetchResponse); ok {
				return resp.Groups[0].ErrorCode
			}
			return kerr.NetworkException.Code
		}
		g.until("a load", func() bool { return code() == kerr.CoordinatorLoadInProgress.Code })
		g.pass(3 * time.Second) // all logs are open, and it goes on
		g.w.Apply(faults.Plan{{Kind: faults.EIOWrite, On: 0, At: g.w.Now()}})
		g.produce(partition)
		loading := code() == kerr.CoordinatorLoadInProgress.Code || code() == kerr.NotCoordinator.Code
		g.pass(time.Minute)
		find := kmsg.NewPtrFindCoordinatorRequest()
		find.Version, find.CoordinatorKeys = 4, []string{"g"}
		found := g.ask(0, find).(*kmsg.FindCoordinatorResponse).Coordinators[0].ErrorCode
		if loading && found == kerr.CoordinatorNotAvailable.Code {
			reached++
			if code() == 0 {
				wrong = "groups are served of which nobody is the coordinator"
			}
		}
	}
	if reached == 0 {
		t.Error("no load was interrupted")
	}
	return wrong
}

// produce sends a record to a partition of t, whatever comes of it.
func (g *groupsWorld) produce(partition int32) {
	b := record.NewBuilder(record.NewCompressor())
	b.Append(record.Record{Timestamp: 1_700_000_000_000, Value: []byte("x")})
	batch, err := b.Build()
	if err != nil {
		g.t.Fatal(err)
	}
	req := kmsg.NewPtrProduceRequest()
	req.Version, req.Acks, req.TimeoutMillis = 9, -1, 1000
	t := kmsg.NewProduceRequestTopic()
	t.Topic = "t"
	p := kmsg.NewProduceRequestTopicPartition()
	p.Partition, p.Records = partition, batch
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	g.ask(0, req)
}

func TestGroupsAreCoordinatedWhereTheirPartitionMoves(t *testing.T) {
	g := newGroupsWorld(t, 3, config.Setting{Key: "offsets.topic.replication.factor", Value: "1"},
		config.Setting{Key: "offsets.topic.num.partitions", Value: "1"})
	g.commit("g", 7, "")
	from := g.coordinator("g")
	to := (from + 1) % 3
	req := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	req.TimeoutMillis = 10_000
	x := kmsg.NewAlterPartitionAssignmentsRequestTopic()
	x.Topic = "__consumer_offsets"
	p := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
	p.Replicas = []int32{int32(to + 1)}
	x.Partitions = append(x.Partitions, p)
	req.Topics = append(req.Topics, x)
	if resp := g.ask(from, req).(*kmsg.AlterPartitionAssignmentsResponse); resp.ErrorCode != 0 || resp.Topics[0].Partitions[0].ErrorCode != 0 {
		t.Fatalf("%+v", resp)
	}
	g.until("the partition moves", func() bool { return g.coordinator("g") == to })
	if got := g.committed("g"); got != 7 {
		t.Errorf("%d is committed", got)
	}
	g.until("the old one knows", func() bool {
		resp, ok := g.ask(from, commitOf("g", 8, "")).(*kmsg.OffsetCommitResponse)
		return ok && resp.Topics[0].Partitions[0].ErrorCode == kerr.NotCoordinator.Code
	})
}

func TestCommitsGoOnWhileOtherPartitionsAreLoaded(t *testing.T) {
	g := newGroupsWorld(t, 3)
	acked := map[string]int64{}
	for i := range 60 {
		if i%15 == 14 {
			n := g.w.Nodes()[i/15%3]
			n.Kill()
			g.w.After(time.Second, func() { n.Start() })
		}
		id := fmt.Sprintf("g%d", i%7)
		g.commit(id, int64(i), "")
		acked[id] = int64(i)
		for j := range 7 {
			id := fmt.Sprintf("g%d", j)
			if want, some := acked[id]; some && i%5 == 4 {
				if got := g.committed(id); got != want {
					t.Fatalf("%s: %d is committed, not %d", id, got, want)
				}
			}
		}
	}
}

func joinOf(group, member string) *kmsg.JoinGroupRequest {
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.MemberID = 5, group, member
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis, req.ProtocolType = 10_000, 60_000, "consumer"
	p := kmsg.NewJoinGroupRequestProtocol()
	p.Name = "range"
	req.Protocols = append(req.Protocols, p)
	return req
}

// member joins a group; the generation is what it comes to.
func (g *groupsWorld) member(group string) *kmsg.JoinGroupResponse {
	g.t.Helper()
	var joined *kmsg.JoinGroupResponse
	id := ""
	g.until("join", func() bool {
		resp, ok := g.ask(g.coordinator(group), joinOf(group, id)).(*kmsg.JoinGroupResponse)
		if ok && resp.ErrorCode == kerr.MemberIDRequired.Code {
			id = resp.MemberID
		}
		joined = resp
		return ok && resp.ErrorCode == 0
	})
	return joined
}

// TestAMemberThatWaitsToJoinIsToldWhenItsCoordinatorResigns lets a second member
// wait for the first one's rebalance, and takes the partition away.
func TestAMemberThatWaitsToJoinIsToldWhenItsCoordinatorResigns(t *testing.T) {
	g := newGroupsWorld(t, 3)
	first := g.member("g")
	at := g.coordinator("g")
	var frame []byte
	conn := g.w.Dial(g.w.Nodes()[at], func(b []byte) { frame = b }, func() {})
	second := joinOf("g", "")
	second.Version = 3 // which needs no member id
	conn.Send(wire.AppendRequest(nil, 1, "test", second))
	g.pass(time.Second)
	if frame != nil {
		t.Fatal("it did not wait for the others")
	}
	beat := kmsg.NewPtrHeartbeatRequest()
	beat.Version, beat.Group, beat.Generation, beat.MemberID = 3, "g", first.Generation, first.MemberID
	if resp := g.ask(at, beat).(*kmsg.HeartbeatResponse); resp.ErrorCode != kerr.RebalanceInProgress.Code {
		t.Fatalf("the first one is told %d", resp.ErrorCode)
	}
	g.electAnother("g")
	g.until("it is told", func() bool { return frame != nil })
	resp, _, err := wire.ParseResponse(frame, second)
	if err != nil || resp.(*kmsg.JoinGroupResponse).ErrorCode != kerr.NotCoordinator.Code {
		t.Errorf("%+v, %v", resp, err)
	}
}

// electAnother moves a group's partition to another leader, both being up.
func (g *groupsWorld) electAnother(group string) {
	g.t.Helper()
	at := g.coordinator(group)
	req := kmsg.NewPtrMetadataRequest()
	req.Version = 7
	x := kmsg.NewMetadataRequestTopic()
	x.Topic = kmsg.StringPtr("__consumer_offsets")
	req.Topics = append(req.Topics, x)
	parts := g.ask(at, req).(*kmsg.MetadataResponse).Topics[0].Partitions
	move := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	move.TimeoutMillis = 10_000
	m := kmsg.NewAlterPartitionAssignmentsRequestTopic()
	m.Topic = "__consumer_offsets"
	for _, p := range parts {
		to := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
		to.Partition = p.Partition
		for _, id := range p.Replicas {
			if int(id)-1 != at {
				to.Replicas = append(to.Replicas, id)
			}
		}
		m.Partitions = append(m.Partitions, to)
	}
	move.Topics = append(move.Topics, m)
	if resp := g.ask(at, move).(*kmsg.AlterPartitionAssignmentsResponse); resp.ErrorCode != 0 {
		g.t.Fatalf("%+v", resp)
	}
	g.until("another leader", func() bool { return g.coordinator(group) != at })
}
