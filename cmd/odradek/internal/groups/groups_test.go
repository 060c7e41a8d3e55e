package groups

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
)

func at(offset int64) kadm.OffsetResponse {
	return kadm.OffsetResponse{Offset: kadm.Offset{Topic: "t", At: offset}}
}

func TestAResetPutsOffsetsWhereItIsTold(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	none := kadm.OffsetResponse{}
	for name, x := range map[string]struct {
		spec Spec
		was  kadm.OffsetResponse
		want int64
	}{
		"earliest":                 {Spec{Earliest: true}, at(15), 10},
		"latest":                   {Spec{Latest: true}, at(15), 20},
		"current":                  {Spec{Current: true}, at(15), 15},
		"current, of nothing":      {Spec{Current: true}, none, 20},
		"an offset":                {Spec{Offset: n(12)}, none, 12},
		"an offset below the log":  {Spec{Offset: n(2)}, none, 10},
		"an offset beyond the log": {Spec{Offset: n(99)}, none, 20},
		"back":                     {Spec{Shift: n(-3)}, at(15), 12},
		"too far back":             {Spec{Shift: n(-30)}, at(15), 10},
		"forward":                  {Spec{Shift: n(3)}, at(15), 18},
	} {
		got, err := x.spec.next(10, 20, x.was, 0)
		if err != nil || got != x.want {
			t.Errorf("%s: %d, %v; want %d", name, got, err, x.want)
		}
	}
	if _, err := (Spec{Shift: n(1)}).next(10, 20, none, 0); err == nil {
		t.Error("what is not committed was shifted")
	}
}

func TestAGroupIsShownAsKafkaShowsIt(t *testing.T) {
	m := Member{ID: "m-1", Host: "/127.0.0.1", Client: "c", Epoch: 3,
		Assigned: kadm.TopicsSet{"t": {1: {}, 0: {}}, "s": {2: {}}}, Target: kadm.TopicsSet{}}
	g := &Group{Name: "g", State: "Stable", Strategy: "uniform", Epoch: 4, Target: 4, Members: []Member{m},
		Coordinator: kadm.BrokerDetail{NodeID: 2, Host: "h", Port: 9092}}
	all := []Position{{"t", 0, 3, 10, &g.Members[0]}, {"t", 1, -1, 5, nil}, {"gone", 0, 7, -1, nil}}
	var b strings.Builder
	if err := ShowPositions(&b, g, all); err != nil {
		t.Fatal(err)
	}
	if err := ShowMembers(&b, g, true); err != nil {
		t.Fatal(err)
	}
	if err := ShowState(&b, g); err != nil {
		t.Fatal(err)
	}
	want := `GROUP  TOPIC  PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CONSUMER-ID  HOST        CLIENT-ID
g      t      0          3               10              7    m-1          /127.0.0.1  c
g      t      1          -               5               -    -            -           -
g      gone   0          7               -               -    -            -           -
GROUP  CONSUMER-ID  GROUP-INSTANCE-ID  HOST        CLIENT-ID  #PARTITIONS  CURRENT-EPOCH  CURRENT-ASSIGNMENT  TARGET-EPOCH  TARGET-ASSIGNMENT
g      m-1          -                  /127.0.0.1  c          3            3              s:2;t:0,1           4             -
GROUP  COORDINATOR (ID)  ASSIGNMENT-STRATEGY  STATE   GROUP-EPOCH  TARGET-ASSIGNMENT-EPOCH  #MEMBERS
g      h:9092 (2)        uniform              Stable  4            4                        1
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
