package wire

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

var (
	someID   = [16]byte{0xa0, 15: 0xaf}
	aPull    = &MetadataPullRequest{ClusterID: "c1", NodeID: 3, DirectoryID: someID, FromOffset: 258, MaxBytes: 1 << 20, WaitMillis: 500}
	aPulled  = &MetadataPullResponse{ErrorCode: 6, LeaderID: 2, LeaderEpoch: 7, HighWatermark: 260, Snapshot: true, SnapshotEnd: 256, SnapshotEpoch: 5, Payload: []byte{1, 2, 3}}
	aLoss    = &ReplicaLostRequest{BrokerID: 3, BrokerEpoch: 99, TopicID: someID, Partition: 4}
	aRaft    = &RaftRequest{Frame: []byte{1, 0, 9}}
	ownBytes = []struct {
		message interface{ AppendTo([]byte) []byte }
		hex     string
	}{
		{aRaft, "00000003 010009"},
		{aPull, "0002 6331 00000003 a00000000000000000000000000000af 0000000000000102 00100000 000001f4"},
		{aPulled, "0006 00000002 00000007 0000000000000104 01 0000000000000100 00000005 00000003 010203"},
		{aLoss, "00000003 0000000000000063 a00000000000000000000000000000af 00000004"},
		{&ReplicaLostResponse{ErrorCode: 77}, "004d"},
	}
)

func TestOurOwnMessagesLieOnTheWireAsWritten(t *testing.T) {
	for _, c := range ownBytes {
		want, err := hex.DecodeString(string(bytes.ReplaceAll([]byte(c.hex), []byte(" "), nil)))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.message.AppendTo([]byte("x")); !bytes.Equal(got[1:], want) || got[0] != 'x' {
			t.Errorf("%T: % x", c.message, got)
		}
	}
}

func TestARequestOfOurOwnIsFramedLikeKafkas(t *testing.T) {
	frame := AppendRequest(nil, 5, "", aRaft)
	want := []byte{0, 0, 0, 17, 0x4e, 0x20, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 3, 1, 0, 9}
	if !bytes.Equal(frame, want) {
		t.Fatalf("% x", frame)
	}
}

func TestOurOwnRequestsComeThroughAControllersListener(t *testing.T) {
	for _, want := range []kmsg.Request{aRaft, aPull, aLoss} {
		err := NewSplitter(ControllerCaps).Feed(AppendRequest(nil, 5, "", want), func(frame []byte) {
			got, err := ParseControllerRequest(frame, DefaultLimits)
			if err != nil || !reflect.DeepEqual(got.Body, want) || got.Header != (Header{want.Key(), 0, 5, ""}) {
				t.Errorf("%+v %v", got, err)
			}
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestOurOwnResponsesComeBack(t *testing.T) {
	for req, want := range map[kmsg.Request]kmsg.Response{aPull: aPulled, aLoss: &ReplicaLostResponse{ErrorCode: 77}} {
		frame := AppendResponse(nil, 5, want)[sizeLen:]
		got, corr, err := ParseResponse(frame, req)
		if err != nil || corr != 5 || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v %d %v", got, corr, err)
		}
		for n := range frame {
			if _, _, err := ParseResponse(frame[:n:n], req); !errors.Is(err, ErrMalformed) {
				t.Errorf("%T cut at %d: %v", want, n, err)
			}
		}
		if reflect.TypeOf(want.RequestKind()) != reflect.TypeOf(req) {
			t.Errorf("%T answers %T", want, want.RequestKind())
		}
	}
}

func TestARaftFrameHasNoAnswer(t *testing.T) {
	req := Request{Body: aRaft}
	if resp := req.Response(); resp != nil {
		t.Errorf("%v", resp)
	}
	if _, _, err := ParseResponse([]byte{0, 0, 0, 5}, aRaft); !errors.Is(err, ErrMalformed) {
		t.Errorf("%v", err)
	}
}

func TestPayloadsAliasTheFrame(t *testing.T) {
	frame := AppendRequest(nil, 5, "", aRaft)[sizeLen:]
	got, err := ParseControllerRequest(frame, DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	frame[len(frame)-1] = 42
	if f := got.Body.(*RaftRequest).Frame; f[2] != 42 || cap(f) != 3 {
		t.Errorf("% x with room for %d", f, cap(f))
	}
}

func TestANullFrameOfTheQuorumIsMalformed(t *testing.T) {
	frame := append(AppendRequest(nil, 5, "", &RaftRequest{})[sizeLen:], 0)
	copy(frame[10:], []byte{0xff, 0xff, 0xff, 0xff})
	if _, err := ParseControllerRequest(frame, DefaultLimits); !errors.Is(err, ErrMalformed) {
		t.Errorf("%v", err)
	}
}

func TestOnlyTheQuorumsFramesMayBeLargeAtAController(t *testing.T) {
	size := DefaultCaps.Control + 1
	one := 0
	for _, c := range []struct {
		key  int16
		caps Caps
		ok   bool
	}{{Raft, ControllerCaps, true}, {MetadataPull, ControllerCaps, false}, {Produce, ControllerCaps, false}, {Raft, DefaultCaps, false}} {
		err := NewSplitter(c.caps).Feed(frameOf(c.key, size), func([]byte) { one++ })
		if (err == nil) != c.ok {
			t.Errorf("key %d: %v", c.key, err)
		}
	}
	if one != 1 {
		t.Errorf("%d frames", one)
	}
}

func FuzzOwnMessages(f *testing.F) {
	for _, c := range ownBytes {
		f.Add(c.message.AppendTo(nil))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, m := range []interface {
			AppendTo([]byte) []byte
			ReadFrom([]byte) error
		}{new(RaftRequest), new(MetadataPullRequest), new(MetadataPullResponse), new(ReplicaLostRequest), new(ReplicaLostResponse)} {
			if m.ReadFrom(body) != nil {
				continue
			}
			// What was read is written so that it reads the same again.
			again := reflect.New(reflect.TypeOf(m).Elem()).Interface().(interface{ ReadFrom([]byte) error })
			if err := again.ReadFrom(m.AppendTo(nil)); err != nil || !reflect.DeepEqual(again, m) {
				t.Fatalf("%+v\n%+v\n%v", m, again, err)
			}
		}
	})
}
