package bench

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"odradek/cmd/odradek/internal/cluster"
)

func TestEveryPartitionIsOnALaneToItsLeader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaders := rapid.SliceOfN(rapid.SampledFrom([]string{"a:1", "b:1", "c:1"}), 1, 12).Draw(t, "leaders")
		l := &Load{Topic: &cluster.Topic{Leaders: leaders}, Connections: rapid.IntRange(1, 15).Draw(t, "connections")}
		seen := map[int32]int{}
		for _, lane := range l.lanes() {
			if len(lane.partitions) == 0 {
				t.Fatal("a connection has nothing to do")
			}
			for _, p := range lane.partitions {
				seen[p]++
				if leaders[p] != lane.addr {
					t.Fatalf("partition %d of %s is sent to %s", p, leaders[p], lane.addr)
				}
			}
		}
		if len(seen) != len(leaders) {
			t.Fatalf("%d of %d partitions are on a lane", len(seen), len(leaders))
		}
		brokers := len(slices.Compact(slices.Sorted(slices.Values(leaders))))
		if n := len(l.lanes()); n != max(brokers, l.Connections) {
			t.Fatalf("%d lanes, %d brokers, %d connections", n, brokers, l.Connections)
		}
	})
}

func TestAPartitionIsFetchedOnOneLaneOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaders := rapid.SliceOfN(rapid.SampledFrom([]string{"a:1", "b:1", "c:1"}), 1, 12).Draw(t, "leaders")
		l := &Load{Topic: &cluster.Topic{Leaders: leaders}, Connections: rapid.IntRange(1, 15).Draw(t, "connections")}
		seen := map[int32]int{}
		for _, lane := range l.fetchLanes() {
			for _, p := range lane.partitions {
				seen[p]++
			}
		}
		for p := range leaders {
			if seen[int32(p)] != 1 {
				t.Fatalf("partition %d of %v is on %d lanes", p, leaders, seen[int32(p)])
			}
		}
	})
}

func TestALoadThatCannotBeDoneIsRefused(t *testing.T) {
	good := Load{Connections: 1, InFlight: 1, RecordSize: 8, Duration: time.Second}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Load){
		"no connection": func(l *Load) { l.Connections = 0 },
		"no request":    func(l *Load) { l.InFlight = 0 },
		"tiny records":  func(l *Load) { l.RecordSize = 7 },
		"no end":        func(l *Load) { l.Duration = 0 },
		"negative rate": func(l *Load) { l.Rate = -1 },
	} {
		bad := good
		spoil(&bad)
		if bad.Check() == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
