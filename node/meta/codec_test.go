package meta

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"odradek/node/env"
)

func TestWhatIsEncodedIsDecoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRecord(t)
		back, err := Decode(Encode(nil, r))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestACutRecordIsRefused(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(golden())) {
		whole := Encode(nil, golden()[name])
		for cut := range whole {
			if _, err := Decode(whole[:cut]); !errors.Is(err, ErrRecord) {
				t.Fatalf("%s cut at %d of %d: %v", name, cut, len(whole), err)
			}
		}
		if _, err := Decode(append(whole, 0)); !errors.Is(err, ErrRecord) {
			t.Fatalf("%s with a byte more: %v", name, err)
		}
	}
}

func TestDamagedRecordsAreRefused(t *testing.T) {
	damaged := map[string][]byte{
		"frame version 2":               {2, 20, 0, 0},
		"unknown type":                  {1, 99, 0, 0},
		"type beyond int16":             {1, 0x94, 0x80, 4, 0, 0},
		"unknown version":               {1, 20, 1, 0},
		"null name":                     {1, 28, 0, 0, 0},
		"null array":                    append(append([]byte{1, 3, 0}, make([]byte, 20)...), 0),
		"array longer than the record":  append(append([]byte{1, 3, 0}, make([]byte, 20)...), 0xff, 0xff, 0xff, 0xff, 0x0f),
		"string longer than the record": {1, 28, 0, 0xff, 0xff, 0xff, 0xff, 0x0f},
		"endless number":                {1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"tags in the wrong order":       {1, 20, 0, 2, 7, 0, 6, 0},
	}
	for _, what := range slices.Sorted(maps.Keys(damaged)) {
		if r, err := Decode(damaged[what]); !errors.Is(err, ErrRecord) {
			t.Errorf("%s: %v, %v", what, r, err)
		}
	}
}

func TestUnknownTaggedFieldsAreSkipped(t *testing.T) {
	r, err := Decode([]byte{1, 20, 0, 1, 7, 2, 0xaa, 0xbb})
	if _, ok := r.(*NoOpRecord); !ok || err != nil {
		t.Fatalf("%v, %v", r, err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range slices.Sorted(maps.Keys(golden())) {
		f.Add(Encode(nil, golden()[name]))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Decode(b)
		if err != nil {
			if !errors.Is(err, ErrRecord) {
				t.Fatal(err)
			}
			return
		}
		again := Encode(nil, r)
		back, err := Decode(again)
		if err != nil {
			t.Fatalf("%v of what was decoded: %x", err, again)
		}
		if !bytes.Equal(again, Encode(nil, back)) {
			t.Fatalf("two encodings: %v and %v", r, back)
		}
	})
}

// anyRecord draws a record of any type. Where null is not allowed an empty
// slice is nil, as Decode makes it.
func anyRecord(t *rapid.T) Record {
	id := func(label string) int32 { return rapid.Int32().Draw(t, label) }
	long := func(label string) int64 { return rapid.Int64().Draw(t, label) }
	short := func(label string) int16 { return rapid.Int16().Draw(t, label) }
	tiny := func(label string) int8 { return rapid.Int8().Draw(t, label) }
	word := func(label string) string { return rapid.StringN(0, 9, 40).Draw(t, label) }
	flag := func(label string) bool { return rapid.Bool().Draw(t, label) }
	switch rapid.IntRange(0, 11).Draw(t, "type") {
	case 0:
		r := &RegisterBrokerRecord{
			BrokerID: id("broker"), MigratingZk: flag("zk"), IncarnationID: anyUUID(t), BrokerEpoch: long("epoch"),
			Rack: rapid.Ptr(rapid.String(), true).Draw(t, "rack"), Fenced: flag("fenced"),
			InControlledShutdown: flag("leaving"), LogDirs: filled(anyUUIDs(t)), CordonedLogDirs: anyUUIDs(t),
		}
		for range rapid.IntRange(0, 2).Draw(t, "endpoints") {
			r.EndPoints = append(r.EndPoints, EndPoint{word("name"), word("host"), rapid.Uint16().Draw(t, "port"), short("protocol")})
			r.Features = append(r.Features, FeatureRange{word("feature"), short("min"), short("max")})
		}
		return r
	case 1:
		return &UnregisterBrokerRecord{id("broker"), long("epoch")}
	case 2:
		return &TopicRecord{word("name"), anyUUID(t)}
	case 3:
		return &PartitionRecord{
			PartitionID: id("partition"), TopicID: anyUUID(t), Replicas: filled(anyIDs(t)), ISR: filled(anyIDs(t)),
			Removing: filled(anyIDs(t)), Adding: filled(anyIDs(t)), Leader: id("leader"), LeaderRecoveryState: tiny("state"),
			LeaderEpoch: id("leader epoch"), PartitionEpoch: id("epoch"), Directories: filled(anyUUIDs(t)),
			ELR: anyIDs(t), LastKnownELR: anyIDs(t),
		}
	case 4:
		return &ConfigRecord{tiny("kind"), word("resource"), word("name"), rapid.Ptr(rapid.String(), true).Draw(t, "value")}
	case 5:
		return &PartitionChangeRecord{
			PartitionID: id("partition"), TopicID: anyUUID(t), ISR: anyIDs(t), Leader: id("leader"), Replicas: anyIDs(t),
			Removing: anyIDs(t), Adding: anyIDs(t), LeaderRecoveryState: tiny("state"), ELR: anyIDs(t),
			LastKnownELR: anyIDs(t), Directories: anyUUIDs(t),
		}
	case 6:
		return &RemoveTopicRecord{anyUUID(t)}
	case 7:
		return &FeatureLevelRecord{word("name"), short("level")}
	case 8:
		return &ProducerIdsRecord{id("broker"), long("epoch"), long("next")}
	case 9:
		return &BrokerRegistrationChangeRecord{
			id("broker"), long("epoch"), tiny("fenced"), tiny("leaving"), filled(anyUUIDs(t)), anyUUIDs(t),
		}
	case 10:
		return &NoOpRecord{}
	}
	return &ClearELRRecord{word("topic")}
}

func filled[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func anyIDs(t *rapid.T) []int32 {
	if rapid.Bool().Draw(t, "null") {
		return nil
	}
	return rapid.SliceOfN(rapid.Int32(), 0, 4).Draw(t, "ids")
}

func anyUUID(t *rapid.T) env.UUID {
	return env.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
}

func anyUUIDs(t *rapid.T) []env.UUID {
	if rapid.Bool().Draw(t, "null") {
		return nil
	}
	list := make([]env.UUID, rapid.IntRange(0, 3).Draw(t, "uuids"))
	for i := range list {
		list[i] = anyUUID(t)
	}
	return list
}
