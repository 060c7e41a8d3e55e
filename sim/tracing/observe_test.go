package tracing

import (
	"testing"

	"odradek/node/broker"
	"odradek/node/partition"
	"odradek/sim"
)

func TestWhatIsAppliedWhileALogIsCutComesAfterTheCut(t *testing.T) {
	x := &replica{up: true, loaded: true, end: 7, acked: 7, high: 5, joins: -1}
	p := &part{brokers: []int32{1}, metas: []int{1, 2}, replicas: []*replica{x}}
	s := broker.ReplicaState{Loaded: true, End: 5, Acked: 5, Written: 5, High: 5, Cutting: true, State: partition.State{PartitionEpoch: 1, Leader: -1}}
	p.observe(0, &sim.Node{}, &s)
	if len(p.lines) > 0 {
		t.Fatalf("it is looked at while it is cut: %+v", p.lines[0])
	}
	s.Cutting = false
	p.observe(1, &sim.Node{}, &s)
	if len(p.lines) != 1 || len(p.lines[0].acts) != 2 || p.lines[0].acts[0].name != "Truncate" || p.lines[0].acts[1].name != "Apply" {
		t.Errorf("%+v", p.lines)
	}
}

func TestALogThatIsNotOpenedYetIsNotAnEmptyOne(t *testing.T) {
	x := &replica{end: 3, acked: 3, high: 2, joins: -1, opening: &opening{acked: 3, end: 3}}
	p := &part{brokers: []int32{1}, metas: []int{1}, replicas: []*replica{x}}
	p.observe(0, &sim.Node{}, &broker.ReplicaState{})
	if x.end != 3 || x.acked != 3 || x.high != 2 {
		t.Errorf("%+v", x)
	}
}
