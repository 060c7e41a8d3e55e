package broker

import (
	"testing"

	"odradek/node/env"
)

func TestAReplicaIsListedOnceHoweverOftenItStirs(t *testing.T) {
	s := &shard{}
	var all []*replica
	for _, index := range []int32{3, 1, 2} {
		all = append(all, &replica{s: s, key: partitionKey{Index: index}})
	}
	for range 2 {
		for _, r := range all {
			r.stir()
		}
	}
	for range s.stirring() {
		t.Fatal("one without a log works")
	}
	for i, r := range s.astir.list {
		if r.key.Index != int32(i+1) {
			t.Fatalf("place %d has partition %d", i, r.key.Index)
		}
	}
	s.calm()
	if len(s.astir.list) > 0 {
		t.Fatalf("%d are astir", len(s.astir.list))
	}
}

func TestWhatIsWeighedGoesWithItsReplica(t *testing.T) {
	s := &shard{}
	r := &replica{s: s, unsaved: 500}
	s.unsaved = 700
	r.stir()
	r.gone = env.ErrNoFile
	s.calm()
	if s.unsaved != 200 {
		t.Fatalf("%d bytes are left", s.unsaved)
	}
}
