package group

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"

	"odradek/node/env"
	"odradek/node/group/assign"
)

func drawHolding(t *rapid.T) holding {
	return rapid.Custom(func(t *rapid.T) holding {
		var h holding
		for range rapid.IntRange(0, 6).Draw(t, "partitions") {
			at := spot{env.UUID{15: rapid.Byte().Draw(t, "topic")}, rapid.Int32Range(0, 3).Draw(t, "partition")}
			h = h.with(holding{{at, rapid.Int32().Draw(t, "since")}})
		}
		return h
	}).Draw(t, "holding")
}

func drawText(t *rapid.T) *string {
	return rapid.Ptr(rapid.String(), true).Draw(t, "text")
}

func drawSays(t *rapid.T) memberSays {
	v := memberSays{instance: drawText(t), rack: drawText(t), assignor: drawText(t),
		from: Caller{rapid.String().Draw(t, "client"), rapid.String().Draw(t, "host")}, regex: rapid.String().Draw(t, "regex"),
		rebalance: rapid.Int32().Draw(t, "ms"), topics: sortedOnce(rapid.SliceOf(rapid.String()).Draw(t, "topics"))}
	if rapid.Bool().Draw(t, "classic") {
		v.classic = &classicSays{session: rapid.Int32().Draw(t, "ms")}
		for range rapid.IntRange(0, 2).Draw(t, "protocols") {
			v.classic.protocols = append(v.classic.protocols, kmsg.JoinGroupRequestProtocol{
				Name: rapid.String().Draw(t, "name"), Metadata: rapid.SliceOf(rapid.Byte()).Draw(t, "metadata")})
		}
	}
	return v
}

func TestWhatIsWrittenOfConsumerGroupsIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		epoch := consumerEpoch{rapid.Int32().Draw(t, "epoch"), rapid.Int64().Draw(t, "hash")}
		target := targetEpoch{rapid.Int32().Draw(t, "epoch"), rapid.Int64().Draw(t, "made")}
		says := drawSays(t)
		has := memberHas{rapid.Int32().Draw(t, "epoch"), rapid.Int32().Draw(t, "epoch"), memberPhase(rapid.Int8Range(0, 3).Draw(t, "phase")),
			drawHolding(t), drawHolding(t)}
		match := regexMatch{sortedOnce(rapid.SliceOf(rapid.String()).Draw(t, "topics")), rapid.Int64().Draw(t, "at")}
		wanted := drawHolding(t).assignment()
		w := newWorld(t)
		for _, r := range []Record{epoch.record("g"), target.record("g"), says.record("g", "m"), has.record("g", "m"),
			match.record("g", "r"), targetRecord("g", "m", wanted)} {
			if err := w.c.Replay(r, 0); err != nil {
				t.Fatalf("%x: %v", r, err)
			}
		}
		g := w.c.groups["g"].(*consumerGroup)
		m := g.members["m"]
		got := []any{g.now, g.target, m.says, m.has, g.regexes["r"], g.targets["m"]}
		if want := []any{epoch, target, says, has, match, wanted}; !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v became %+v", want, got)
		}
	})
}

func TestRecordsAreThoseOfKafka(t *testing.T) {
	text := func(s string) *string { return &s }
	topic := env.UUID{0: 1, 15: 2}
	says := memberSays{instance: text("i"), from: Caller{"c", "/h"}, topics: []string{"a", "b"}, regex: "r.*", rebalance: 5, assignor: text("range"),
		classic: &classicSays{session: 7, protocols: []kmsg.JoinGroupRequestProtocol{{Name: "p", Metadata: []byte{1, 2}}}}}
	has := memberHas{3, 2, unrevoked, holding{{spot{topic, 0}, 1}, {spot{topic, 4}, 3}}, holding{{spot{topic, 1}, 2}}}
	for name, r := range map[string]Record{
		"epoch": consumerEpoch{3, 9}.record("g"), "target": targetEpoch{3, 9}.record("g"), "member": says.record("g", "m"),
		"current": has.record("g", "m"), "regex": regexMatch{[]string{"a"}, 9}.record("g", "r"),
		"target of a member": targetRecord("g", "m", assign.Assignment{{ID: topic, Partitions: []int32{0, 4}}}),
	} {
		if want := kafkaRecords[name]; !bytes.Equal(r.Key, unhex(want[0])) || !bytes.Equal(r.Value, unhex(want[1])) {
			t.Errorf("%s is {\"%x\", \"%x\"}, and Kafka's is %q", name, r.Key, r.Value, want)
		}
	}
}

// A record of before Kafka 4.1 and 4.3, without tagged fields, is read.
func TestAPartitionWithoutAnEpochIsOfTheMembers(t *testing.T) {
	v := memberHas{epoch: 5, assigned: holding{{spot{env.UUID{1}, 2}, 5}}}
	r := v.record("g", "m")
	tag := []byte{1, 0, 5, 2, 0, 0, 0, 5}
	old := bytes.Replace(r.Value, tag, []byte{0}, 1)
	if got, err := readMemberHas(old); err != nil || len(old) == len(r.Value) || !got.equal(v) {
		t.Fatalf("%+v became %+v, %v", v, got, err)
	}
}

func FuzzAnyRecordIsReadOrRefused(f *testing.F) {
	for _, r := range kafkaRecords {
		f.Add(unhex(r[0]), unhex(r[1]))
	}
	f.Add([]byte{0, 4, 0, 1, 'g'}, []byte{0, 0, 1, 0})
	f.Fuzz(func(t *testing.T, key, value []byte) {
		w := newWorld(t)
		if err := w.c.Replay(Record{key, value}, 0); err != nil {
			return
		}
		if err := w.c.Replay(Record{key, nil}, 0); err != nil {
			t.Fatal(err)
		}
	})
}
