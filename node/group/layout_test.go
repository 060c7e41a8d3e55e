package group

import (
	"encoding/hex"
	"reflect"
	"testing"

	"odradek/node/env"
)

// The bytes are what Kafka 4.4.0's generated classes write for the same values.
func TestRecordsAreBytesOfKafka(t *testing.T) {
	c := New(&Config{}, topics{}, env.Stream(1, 1, "x"))
	id, instance, protocol := "id-1", "i", "range"
	g := newClassic(c, "g")
	g.typ, g.generation, g.protocol, g.leader, g.since = "consumer", 1, &protocol, id, 1_700_000_000_000
	m := &member{id: id, instance: &instance, from: Caller{"c", "/127.0.0.1"}, typ: "consumer", rebalance: 20_000, session: 10_000,
		assigned: []byte{2, 3}}
	m.protocols = append(m.protocols, protocolOf(protocol, 1))
	g.add(m)
	g.phase = stable
	g.subscribe()
	o := offset{at: 5, leaderEpoch: 2, metadata: "m", committed: 1_700_000_000_000, expires: noExpiry, topicID: env.UUID{15: 0x66}}
	old := offset{at: 5, leaderEpoch: -1, metadata: "m", committed: 1_700_000_000_000, expires: 1_700_000_100_000}
	for _, one := range []struct {
		what, key, value string
		is               Record
	}{
		{"an offset", "000100016700017400000003",
			"0004000000000000000500000002026d0000018bcfe5680001001000000000000000000000000000000066", o.record("g", place{"t", 3})},
		{"an offset with an expiry", "000100016700017400000003",
			"0001000000000000000500016d0000018bcfe568000000018bcfe6eea0", old.record("g", place{"t", 3})},
		{"a classic group", "0002000167",
			"00030008636f6e73756d657200000001000572616e6765000469642d310000018bcfe5680000000001000469642d31000169000163000a2f" +
				"3132372e302e302e3100004e20000027100000000101000000020203", g.record()},
	} {
		if k, v := hex.EncodeToString(one.is.Key), hex.EncodeToString(one.is.Value); k != one.key || v != one.value {
			t.Errorf("%s is\n%s %s, and in Kafka\n%s %s", one.what, k, v, one.key, one.value)
		}
	}
	for _, want := range []offset{o, old} {
		if got, err := readOffset(want.record("g", place{"t", 3}).Value); err != nil || got != want {
			t.Errorf("%+v is read as %+v, %v", want, got, err)
		}
	}
	if err := c.Replay(g.record(), 0); err != nil || !reflect.DeepEqual(picture(g), picture(c.groups["g"].(*classic))) {
		t.Errorf("the group is read as %+v, %v", c.groups["g"], err)
	}
}

func TestRecordsOfUnknownKindsArePassedOver(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"0009", "000f0001", "7fff", "ffff00"} {
		b, _ := hex.DecodeString(key)
		if err := w.c.Replay(Record{b, []byte("what a later version says")}, 0); err != nil {
			t.Error(err)
		}
	}
	if len(w.c.groups) != 0 {
		t.Error("they made groups")
	}
}

func TestARecordThatCannotBeReadChangesNothing(t *testing.T) {
	w := newWorld(t)
	for _, r := range []Record{{}, {Key: []byte{0}}, {Key: []byte{0, 1, 0, 1}}, {Key: offsetKey("g", place{"t", 0}), Value: []byte{0}},
		{Key: classicKey("g"), Value: []byte{0, 3, 0}}, {Key: []byte{0, 2, 0}}} {
		if w.c.Replay(r, 0) == nil {
			t.Errorf("%x %x is read", r.Key, r.Value)
		}
	}
	if len(w.c.groups) != 0 || len(w.c.offsets.of) != 0 {
		t.Error("something is there now")
	}
}

func FuzzReplayNeverPanics(f *testing.F) {
	f.Add(offsetKey("g", place{"t", 0}), offset{expires: noExpiry}.record("g", place{"t", 0}).Value)
	f.Add(classicKey("g"), []byte{0, 3, 0, 0, 0, 0, 0, 1})
	f.Add(classicKey("g"), []byte(nil))
	f.Fuzz(func(t *testing.T, key, value []byte) {
		w := newWorld(t)
		w.c = New(&w.config, w.topics, env.Stream(1, 1, "fuzz"))
		if w.c.Replay(Record{key, value}, 0) != nil {
			return
		}
		w.step(func(out *Outcome) { w.c.Loaded(w.now, out) })
		w.pass(w.config.OffsetsRetention + w.config.OffsetsRetentionTick)
	})
}
