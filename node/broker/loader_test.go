package broker

import (
	"fmt"
	"slices"
	"testing"

	"odradek/node/env"
	"odradek/node/partition"
)

// newcomer is a replica of a shard whose log is not open.
func newcomer(s *shard, index int32, replicas ...int32) *replica {
	r := &replica{s: s, key: partitionKey{Index: index}, topic: &topic{name: "t"}, part: partition.New(1)}
	r.part.Apply(s.now, partition.State{Replicas: replicas, Leader: 1, Brokers: s.broker}, env.NewOutbox(1))
	return r
}

func indices(list []*replica) string {
	var all []int32
	for _, r := range list {
		all = append(all, r.key.Index)
	}
	return fmt.Sprint(all)
}

func TestWhatNobodyAsksForIsOpenedByAndBy(t *testing.T) {
	s := &shard{homes: map[string]*logDir{}, stopping: true} // so that none is opened under our hands
	s.out = env.NewOutbox(1)
	l := &s.loader
	l.s, l.warm = s, 2
	for index := range int32(20) {
		s.homes[dirName("t", index)] = &logDir{}
	}
	l.add(newcomer(s, 0, 1, 2, 3))
	l.add(newcomer(s, 77, 1))
	for index := range int32(19) {
		l.add(newcomer(s, 1+index, 1))
	}
	if got := indices(l.queue); got != "[0 77 1 2]" {
		t.Errorf("at once: %s", got)
	}
	if len(l.cold) != 17 || l.idling {
		t.Errorf("cold: %s", indices(l.cold))
	}
	s.stopping = false
	l.active = loadsAtOnce
	l.idle()
	for round, want := range []int{14, 21, 21} {
		s.now.Mono += leisure
		s.fire()
		if len(l.queue) != want {
			t.Errorf("after round %d: %s", round, indices(l.queue))
		}
	}
	if !slices.IsSortedFunc(l.queue[4:], func(a, b *replica) int { return a.key.compare(b.key) }) || l.idling {
		t.Errorf("in the end: %s", indices(l.queue))
	}
}
