package meta

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/env"
)

// brokers makes an image with a broker for each rack given, from id 1 on; a '!'
// before the rack's name stands for a fenced broker, "" for none.
func brokers(t interface{ Fatal(...any) }, racks ...string) *Image {
	im := NewImage()
	for i, rack := range racks {
		r := &RegisterBrokerRecord{BrokerID: int32(i + 1), BrokerEpoch: int64(i)}
		if rack != "" && rack[0] == '!' {
			r.Fenced, rack = true, rack[1:]
		}
		if rack != "" {
			r.Rack = &rack
		}
		replay(t, im, r)
	}
	return im
}

func TestPlacementSpreadsOverRacksAndLeadsFromUnfencedBrokers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		racks := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "c", "!a", "!d"}), 1, 9).Draw(t, "racks")
		if !slices.ContainsFunc(racks, func(r string) bool { return r == "" || r[0] != '!' }) {
			racks = append(racks, "a")
		}
		im := brokers(t, racks...)
		rackOf := func(id int32) string {
			if r := im.Broker(id).Rack; r != nil {
				return *r
			}
			return ""
		}
		distinct := map[string]bool{}
		for b := range im.Brokers() {
			distinct[rackOf(b.ID)] = true
		}
		rf := rapid.IntRange(1, len(racks)).Draw(t, "rf")
		lists, err := place(im, env.Stream(rapid.Uint64().Draw(t, "seed"), 1, "place"), rapid.IntRange(1, 40).Draw(t, "partitions"), int16(rf))
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range lists {
			ids, used := map[int32]bool{}, map[string]bool{}
			for _, id := range list {
				ids[id], used[rackOf(id)] = true, true
			}
			if len(list) != rf || len(ids) != rf {
				t.Fatalf("%v is not %d different brokers", list, rf)
			}
			if im.Broker(list[0]).Fenced {
				t.Fatalf("%v is led by a fenced broker", list)
			}
			if len(used) != min(rf, len(distinct)) {
				t.Fatalf("%v is in %d of %d racks", list, len(used), len(distinct))
			}
		}
	})
}

func TestLeadersGoRoundTheBrokers(t *testing.T) {
	im := brokers(t, "a", "b", "c", "a", "b", "c")
	lists, err := place(im, env.Stream(1, 1, "place"), 60, 3)
	if err != nil {
		t.Fatal(err)
	}
	led, held := map[int32]int{}, map[int32]int{}
	for _, list := range lists {
		led[list[0]]++
		for _, id := range list {
			held[id]++
		}
	}
	for id := int32(1); id <= 6; id++ {
		if led[id] != 10 || held[id] != 30 {
			t.Fatalf("broker %d leads %d of 60 and holds %d", id, led[id], held[id])
		}
	}
}

func TestTheSameSeedGivesTheSamePlacement(t *testing.T) {
	im := brokers(t, "a", "b", "a")
	one, _ := place(im, env.Stream(1, 1, "place"), 9, 2)
	two, _ := place(im, env.Stream(1, 1, "place"), 9, 2)
	if fmt.Sprint(one) != fmt.Sprint(two) {
		t.Fatalf("%v, %v", one, two)
	}
}

func TestThereIsNoPlacementWithoutEnoughBrokers(t *testing.T) {
	leaving := brokers(t, "", "")
	replay(t, leaving, &BrokerRegistrationChangeRecord{BrokerID: 2, BrokerEpoch: 1, InControlledShutdown: 1})
	cordoned := NewImage()
	replay(t, cordoned, &RegisterBrokerRecord{BrokerID: 1, LogDirs: []env.UUID{dirA}, CordonedLogDirs: []env.UUID{dirA}})
	for _, c := range []struct {
		what string
		im   *Image
		rf   int16
	}{
		{"no brokers", NewImage(), 1},
		{"all fenced", brokers(t, "!a", "!b"), 1},
		{"zero replicas", brokers(t, "a"), 0},
		{"more replicas than brokers", brokers(t, "a"), 2},
		{"one broker is leaving", leaving, 2},
		{"all directories cordoned", cordoned, 1},
	} {
		if lists, err := place(c.im, env.Stream(1, 1, "place"), 1, c.rf); err == nil {
			t.Errorf("%s: %v", c.what, lists)
		}
	}
}
