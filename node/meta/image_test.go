package meta

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"odradek/node/env"
)

// dump is all that an image holds, ready to be compared.
func dump(im *Image) []Record {
	var all []Record
	for r := range im.Records() {
		all = append(all, r)
	}
	return all
}

// replay takes records after what the image has, and fails the test on errors.
func replay(t interface{ Fatal(...any) }, im *Image, records ...Record) {
	for _, r := range records {
		if err := im.Replay(im.Version()+1, r); err != nil {
			t.Fatal(err)
		}
	}
}

func topicID(n int) env.UUID { return env.UUID{6: 0x40, 8: 0x80, 14: byte(n >> 8), 15: byte(n)} }

// change draws a record that fits the image.
func change(t *rapid.T, im *Image) Record {
	topics := slices.Collect(im.Topics())
	some := func() *Topic { return rapid.SampledFrom(topics).Draw(t, "topic") }
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if len(topics) == 0 && kind > 5 {
		kind = 0
	}
	switch kind {
	case 0, 1:
		n := rapid.IntRange(1, 400).Draw(t, "id")
		name := rapid.SampledFrom([]string{"a", "b.c", "b_c", "b-c", "d.e_f", "d_e.f", "z"}).Draw(t, "name")
		if im.TopicByID(topicID(n)) != nil || im.Topic(name) != nil {
			return &NoOpRecord{}
		}
		return &TopicRecord{name, topicID(n)}
	case 2:
		return &RegisterBrokerRecord{BrokerID: rapid.Int32Range(1, 4).Draw(t, "broker"), BrokerEpoch: im.Version() + 1, Fenced: true}
	case 3:
		return &FeatureLevelRecord{rapid.SampledFrom([]string{"f", metadataVersion}).Draw(t, "feature"), rapid.Int16Range(0, 3).Draw(t, "level")}
	case 4:
		return &ProducerIdsRecord{1, 1, im.NextProducerID() + rapid.Int64Range(1, 5).Draw(t, "ids")}
	case 5:
		return brokerChange(t, im)
	case 6:
		return &RemoveTopicRecord{some().ID}
	case 7:
		value := rapid.Ptr(rapid.SampledFrom([]string{"1", "2"}), true).Draw(t, "value")
		return &ConfigRecord{ResourceTopic, some().Name, rapid.SampledFrom([]string{"x", "y"}).Draw(t, "config"), value}
	case 8:
		return &PartitionRecord{
			PartitionID: rapid.Int32Range(0, 3).Draw(t, "partition"), TopicID: some().ID, Replicas: []int32{1, 2},
			ISR: []int32{1}, Leader: 1, ELR: []int32{2},
		}
	}
	topic := some()
	if len(topic.Partitions) == 0 {
		return &ClearELRRecord{topic.Name}
	}
	return &PartitionChangeRecord{
		PartitionID: rapid.SampledFrom(topic.Partitions).Draw(t, "partition").Index, TopicID: topic.ID, ISR: anyIDs(t),
		Leader: rapid.Int32Range(-2, 3).Draw(t, "leader"), ELR: anyIDs(t), LastKnownELR: anyIDs(t), LeaderRecoveryState: -1,
	}
}

func brokerChange(t *rapid.T, im *Image) Record {
	for b := range im.Brokers() {
		if rapid.Bool().Draw(t, "gone") {
			return &UnregisterBrokerRecord{b.ID, b.Epoch}
		}
		return &BrokerRegistrationChangeRecord{
			BrokerID: b.ID, BrokerEpoch: b.Epoch, Fenced: rapid.Int8Range(-1, 1).Draw(t, "fenced"), CordonedLogDirs: anyUUIDs(t),
		}
	}
	return &ClearELRRecord{}
}

func TestTheRecordsOfAnImageRebuildIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		im := NewImage()
		for range rapid.IntRange(0, 60).Draw(t, "changes") {
			replay(t, im, change(t, im))
		}
		again := NewImage()
		for _, r := range dump(im) {
			read, err := Decode(Encode(nil, r))
			if err != nil {
				t.Fatal(err)
			}
			replay(t, again, read)
		}
		if diff := cmp.Diff(dump(im), dump(again)); diff != "" {
			t.Fatal(diff)
		}
		if im.TopicCount() != again.TopicCount() || im.PartitionCount() != again.PartitionCount() {
			t.Fatal("the counts differ")
		}
		if diff := cmp.Diff(im.lookalikes, again.lookalikes, sortedStrings); diff != "" {
			t.Fatal(diff)
		}
	})
}

var sortedStrings = cmp.Transformer("sorted", func(list []string) map[string]bool {
	set := map[string]bool{}
	for _, s := range list {
		set[s] = true
	}
	return set
})

func TestTopicsAreListedByNameWhateverCameAndWent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		im, model := NewImage(), map[string]env.UUID{}
		for i := range rapid.IntRange(0, 200).Draw(t, "changes") {
			name := fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "name"))
			if id, ok := model[name]; ok {
				replay(t, im, &RemoveTopicRecord{id})
				delete(model, name)
			} else {
				model[name] = topicID(i)
				replay(t, im, &TopicRecord{name, topicID(i)})
			}
			if rapid.IntRange(0, 9).Draw(t, "look") > 0 {
				continue
			}
			first := fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "first"))
			want := slices.DeleteFunc(slices.Sorted(maps.Keys(model)), func(name string) bool { return name < first })
			var got []string
			for topic := range im.TopicsFrom(first) {
				got = append(got, topic.Name)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
		if len(im.names.list)+len(im.names.fresh) > 2*len(model)+300 {
			t.Fatal("the list of names grows without end")
		}
	})
}

func TestARecordThatDoesNotFitIsRefusedAndChangesNothing(t *testing.T) {
	im := NewImage()
	replay(t, im, &TopicRecord{"a", topicID(1)}, &RegisterBrokerRecord{BrokerID: 1, BrokerEpoch: 5}, &ProducerIdsRecord{1, 5, 1000})
	before, version := dump(im), im.Version()
	for _, r := range []Record{
		&TopicRecord{"a", topicID(2)},
		&TopicRecord{"b", topicID(1)},
		&RemoveTopicRecord{topicID(2)},
		&PartitionRecord{TopicID: topicID(2)},
		&PartitionChangeRecord{TopicID: topicID(2)},
		&PartitionChangeRecord{TopicID: topicID(1), PartitionID: 0},
		&ClearELRRecord{"b"},
		&UnregisterBrokerRecord{2, 5},
		&UnregisterBrokerRecord{1, 4},
		&BrokerRegistrationChangeRecord{BrokerID: 1, BrokerEpoch: 6},
		&ProducerIdsRecord{1, 5, 1000},
	} {
		if err := im.Replay(version+1, r); !errors.Is(err, ErrReplay) {
			t.Errorf("%T %+v: %v", r, r, err)
		}
	}
	if err := im.Replay(version, &NoOpRecord{}); !errors.Is(err, ErrReplay) {
		t.Errorf("an offset a second time: %v", err)
	}
	if diff := cmp.Diff(before, dump(im)); diff != "" || im.Version() != version {
		t.Error(diff)
	}
}

func TestOnlyALeaderCountsTheLeaderEpochUp(t *testing.T) {
	im := NewImage()
	replay(t, im, &TopicRecord{"a", topicID(1)}, &PartitionRecord{TopicID: topicID(1), Leader: 1, ISR: []int32{1, 2}})
	epochs := func() [2]int32 {
		p := im.Topic("a").Partition(0)
		return [2]int32{p.LeaderEpoch, p.PartitionEpoch}
	}
	for _, step := range []struct {
		leader int32
		want   [2]int32
	}{{LeaderUnchanged, [2]int32{0, 1}}, {2, [2]int32{1, 2}}, {2, [2]int32{2, 3}}, {NoLeader, [2]int32{3, 4}}} {
		replay(t, im, &PartitionChangeRecord{TopicID: topicID(1), Leader: step.leader, LeaderRecoveryState: -1, ISR: []int32{2}})
		if epochs() != step.want {
			t.Fatalf("leader %d: epochs %v, want %v", step.leader, epochs(), step.want)
		}
	}
}

func TestTheConfigsOfATopicGoWithIt(t *testing.T) {
	im := NewImage()
	replay(t, im, &TopicRecord{"a", topicID(1)}, configRecord(resource{ResourceTopic, "a"}, "x", "1"),
		&RemoveTopicRecord{topicID(1)}, &TopicRecord{"a", topicID(2)})
	if got := im.Configs(ResourceTopic, "a"); len(got) != 0 {
		t.Fatalf("the new topic has %v", got)
	}
}

func TestReplayCostsTheSameInALargeImage(t *testing.T) {
	cost := func(topics int) float64 {
		im := NewImage()
		for i := range topics {
			replay(t, im, &TopicRecord{fmt.Sprint("t", i), topicID(i)}, &PartitionRecord{TopicID: topicID(i)})
		}
		r := &PartitionChangeRecord{TopicID: topicID(0), Leader: 1, LeaderRecoveryState: -1, ISR: []int32{1}}
		value := "1"
		config := &ConfigRecord{ResourceTopic, "t0", "x", &value}
		return testing.AllocsPerRun(20, func() { replay(t, im, r, config) })
	}
	if small, large := cost(10), cost(10000); large > small+1 {
		t.Fatalf("%v allocations in a small image, %v in a large one", small, large)
	}
}
