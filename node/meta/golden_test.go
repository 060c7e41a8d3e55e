package meta

import (
	"encoding/hex"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"odradek/node/env"
)

var (
	goldenTopic = env.UUID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	dirA        = env.UUID{7: 7, 15: 9}
	dirB        = env.UUID{7: 7, 15: 10}
)

func text(s string) *string { return &s }

// golden are the records of testdata/kafka-records.txt in their newest version.
func golden() map[string]Record {
	return map[string]Record{
		"RegisterBroker": &RegisterBrokerRecord{
			BrokerID: 3, IncarnationID: goldenTopic, BrokerEpoch: 11, EndPoints: []EndPoint{{"PLAINTEXT", "h", 50000, 2}},
			Features: []FeatureRange{{"f", 1, 7}}, Rack: text("r"), InControlledShutdown: true,
			LogDirs: []env.UUID{dirA, dirB}, CordonedLogDirs: []env.UUID{},
		},
		"RegisterBrokerBare": &RegisterBrokerRecord{BrokerID: 3, Rack: text(""), Fenced: true},
		"UnregisterBroker":   &UnregisterBrokerRecord{3, 11},
		"Topic":              &TopicRecord{"orders", goldenTopic},
		"Partition": &PartitionRecord{
			PartitionID: 4, TopicID: goldenTopic, Replicas: []int32{1, 2, 3}, ISR: []int32{1, 2}, Removing: []int32{3},
			Leader: 2, LeaderRecoveryState: 1, LeaderEpoch: 5, PartitionEpoch: 6,
			Directories: []env.UUID{dirA, dirB, dirB}, ELR: []int32{3}, LastKnownELR: []int32{},
		},
		"Config":     &ConfigRecord{ResourceTopic, "orders", "retention.ms", text("1")},
		"ConfigNull": &ConfigRecord{ResourceBroker, "", "x", nil},
		"PartitionChangeBare": &PartitionChangeRecord{
			PartitionID: 4, TopicID: goldenTopic, Leader: LeaderUnchanged, LeaderRecoveryState: -1,
		},
		"PartitionChange": &PartitionChangeRecord{
			PartitionID: 4, TopicID: goldenTopic, ISR: []int32{}, Leader: NoLeader, Replicas: []int32{1}, Removing: []int32{},
			Adding: []int32{2}, ELR: []int32{3, 4}, LastKnownELR: []int32{5}, Directories: []env.UUID{dirA},
		},
		"RemoveTopic":  &RemoveTopicRecord{goldenTopic},
		"FeatureLevel": &FeatureLevelRecord{"metadata.version", 33},
		"ProducerIds":  &ProducerIdsRecord{3, 11, 2000},
		"BrokerRegistrationChange": &BrokerRegistrationChangeRecord{
			BrokerID: 3, BrokerEpoch: 11, Fenced: -1, InControlledShutdown: 1,
			LogDirs: []env.UUID{dirA}, CordonedLogDirs: []env.UUID{dirB},
		},
		"NoOp":     &NoOpRecord{},
		"ClearElr": &ClearELRRecord{"orders"},
	}
}

// older takes from a record what its version lacks.
func older(r Record, version string) Record {
	v := version[1] - '0'
	switch r := r.(type) {
	case *RegisterBrokerRecord:
		if v < 1 {
			r.InControlledShutdown = false
		}
		if v < 3 {
			r.LogDirs = nil
		}
		if v < 4 {
			r.CordonedLogDirs = nil
		}
	case *PartitionRecord:
		if v < 1 {
			r.Directories = nil
		}
		if v < 2 {
			r.ELR, r.LastKnownELR = nil, nil
		}
	case *PartitionChangeRecord:
		if v < 1 {
			r.Directories = nil
		}
		if v < 2 {
			r.ELR, r.LastKnownELR = nil, nil
		}
	case *BrokerRegistrationChangeRecord:
		if v < 1 {
			r.InControlledShutdown = 0
		}
		if v < 2 {
			r.LogDirs = nil
		}
		if v < 3 {
			r.CordonedLogDirs = nil
		}
	}
	return r
}

func TestRecordsThatKafkaWroteAreReadInEveryVersion(t *testing.T) {
	all := kafkaRecords(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, version := range slices.Sorted(maps.Keys(all[name])) {
			got, err := Decode(all[name][version])
			if err != nil {
				t.Errorf("%s %s: %v", name, version, err)
				continue
			}
			if diff := cmp.Diff(older(golden()[name], version), got); diff != "" {
				t.Errorf("%s %s:\n%s", name, version, diff)
			}
		}
	}
}

func TestRecordsAreWrittenAsKafkaWritesTheirNewestVersion(t *testing.T) {
	lines := kafkaRecords(t)
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		r := golden()[name]
		newest := "v" + string(rune('0'+r.kind().version))
		if name == "PartitionChangeBare" {
			continue // recorded in version 0 alone
		}
		if got := Encode([]byte("before"), r); string(got) != "before"+string(lines[name][newest]) {
			t.Errorf("%s:\ngot  %x\nwant %x", name, got[6:], lines[name][newest])
		}
	}
}

// kafkaRecords is the recorded bytes by name and version.
func kafkaRecords(t *testing.T) map[string]map[string][]byte {
	t.Helper()
	file, err := os.ReadFile("testdata/kafka-records.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string][]byte{}
	for line := range strings.Lines(string(file)) {
		word := strings.Fields(line)
		if word[0] == "#" {
			continue
		}
		b, err := hex.DecodeString(word[2])
		if err != nil {
			t.Fatal(err)
		}
		if all[word[0]] == nil {
			all[word[0]] = map[string][]byte{}
		}
		all[word[0]][word[1]] = b
	}
	if len(all) != len(golden()) {
		t.Fatalf("%d records in the file, %d in the table", len(all), len(golden()))
	}
	return all
}
