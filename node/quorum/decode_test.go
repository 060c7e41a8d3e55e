package quorum

import (
	"reflect"
	"slices"
	"testing"

	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"

	"odradek/node/env"
	"odradek/node/record"
)

var (
	one   = Voter{ID: 1, Dir: env.UUID{1}, Endpoints: []Endpoint{{"CONTROLLER", "a.example", 9093}}}
	two   = Voter{ID: 2, Dir: env.UUID{2}}
	three = Voter{ID: 1, Dir: env.UUID{3}}
)

func TestFramesSurviveTheWire(t *testing.T) {
	e := envelope{kind: helloKind, cluster: "c", from: Voter{ID: 1, Dir: one.Dir}, to: Voter{ID: 2}}
	h := hello{asks: true, empty: true, ids: []int32{1, 2}}
	e.payload = h.encode()
	back, err := decodeEnvelope(e.encode())
	if err != nil || !reflect.DeepEqual(back, e) {
		t.Fatalf("%+v became %+v (%v)", e, back, err)
	}
	if said, err := decodeHello(back.payload); err != nil || !reflect.DeepEqual(said, h) {
		t.Fatalf("%+v became %+v (%v)", h, said, err)
	}
}

func TestVotersSurviveTheirRecord(t *testing.T) {
	voters := []Voter{one, two}
	if back, err := decodeVoters(encodeVoters(voters)); err != nil || !reflect.DeepEqual(back, voters) {
		t.Fatalf("%+v became %+v (%v)", voters, back, err)
	}
	if _, err := decodeVoters(encodeVoters([]Voter{one, three})); err == nil {
		t.Fatal("two voters with one node id were taken")
	}
}

func TestAVoterWithAnotherDirectoryIsAnother(t *testing.T) {
	if one.raftID() == three.raftID() || one.raftID() == 0 {
		t.Fatalf("%x and %x", one.raftID(), three.raftID())
	}
}

func TestACheckpointIsHeaderVotersRecordsAndFooter(t *testing.T) {
	c := testCheckpoint(t)
	var kinds []int16
	for b, err := range record.Batches(c.file) {
		if err != nil {
			t.Fatal(err)
		}
		for r := range record.Records(b, nil, 0) {
			kind, _ := record.ParseControl(r.Key)
			if !b.IsControl() {
				kind = -1
			}
			kinds = append(kinds, int16(kind))
		}
	}
	if want := []int16{snapshotHeader, kraftVersion, kraftVoters, -1, -1, snapshotFooter}; !slices.Equal(kinds, want) {
		t.Fatalf("kinds %v", kinds)
	}
	if c.name() != "00000000000000000123-0000000004.checkpoint" {
		t.Fatal(c.name())
	}
	back, err := received(c.message())
	if err != nil || !reflect.DeepEqual(back, c) {
		t.Fatalf("%+v became %+v (%v)", c, back, err)
	}
	if _, err := parseCheckpoint(123, 4, c.file[:len(c.file)-1]); err == nil {
		t.Fatal("a torn checkpoint was taken")
	}
}

func testCheckpoint(t testing.TB) *checkpoint {
	t.Helper()
	c := &checkpoint{offset: 123, epoch: 4, index: 77, voters: []Voter{one, two}}
	if err := c.build(5, slices.Values([][]byte{[]byte("a"), []byte("b")})); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTermAndVoteSurviveTheirFile(t *testing.T) {
	q := newQuorum(Options{Me: one})
	q.voters = []Voter{one, two}
	b, err := q.stateOf(promises{7, two.raftID(), 9}, false)
	want := `{"leaderId":-1,"leaderEpoch":7,"votedId":2,"votedDirectoryId":"AgAAAAAAAAAAAAAAAAAAAA","data_version":1,"commitIndex":9}`
	if err != nil || string(b) != want {
		t.Fatalf("%s (%v)", b, err)
	}
	if p, voted, observes, err := parseState(b); err != nil || !voted.is(two) || observes || p != (promises{7, two.raftID(), 9}) {
		t.Fatalf("%+v (%v)", p, err)
	}
	if b, err = q.stateOf(promises{7, two.raftID(), 9}, true); err != nil {
		t.Fatal(err)
	}
	if p, voted, observes, err := parseState(b); err != nil || !voted.is(two) || !observes || p != (promises{7, two.raftID(), 9}) {
		t.Fatalf("who was removed forgets: %+v (%v)", p, err)
	}
}

func testMessage(t testing.TB) []byte {
	t.Helper()
	batch, err := dataBatch(place{5, 3}, 9, [][]byte{[]byte("x")})
	if err != nil {
		t.Fatal(err)
	}
	e, err := newEntry(8, batch)
	if err != nil {
		t.Fatal(err)
	}
	b, err := proto.Marshal(&pb.Message{Type: pb.MsgApp.Enum(), Term: new(uint64(3)), Index: new(uint64(7)), Entries: []*pb.Entry{e.raft}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestADamagedBatchIsNotTakenFromALeader(t *testing.T) {
	b := testMessage(t)
	if _, err := decodeMessage(b); err != nil {
		t.Fatal(err)
	}
	b[len(b)-1] ^= 1
	if _, err := decodeMessage(b); err == nil {
		t.Fatal("it was taken")
	}
}

func FuzzFramesAndFiles(f *testing.F) {
	h := hello{asks: true, ids: []int32{1}}
	e := envelope{kind: raftKind, cluster: "c", from: one, to: two, payload: testMessage(f)}
	f.Add(e.encode())
	f.Add(e.payload)
	f.Add(h.encode())
	f.Add(testCheckpoint(f).file)
	f.Add(encodeVoters([]Voter{one, two}))
	f.Add([]byte(`{"leaderEpoch":1,"votedId":2,"votedDirectoryId":"x","data_version":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := decodeEnvelope(b); err == nil {
			decodeMessage(e.payload)
			decodeHello(e.payload)
		}
		decodeMessage(b)
		decodeHello(b)
		parseState(b)
		if v, err := decodeVoters(b); err == nil && checkSet(v) != nil {
			t.Fatalf("voters %v", v)
		}
		if c, err := parseCheckpoint(1, 4, b); err == nil {
			for range c.records() {
			}
		}
	})
}
