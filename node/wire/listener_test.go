package wire

import (
	"errors"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestBothListenersListByAscendingKey(t *testing.T) {
	for _, listed := range [][]Range{Versions, ControllerVersions} {
		if !slices.IsSortedFunc(listed, byKey) || len(slices.CompactFunc(slices.Clone(listed), func(a, b Range) bool { return a.Key == b.Key })) != len(listed) {
			t.Errorf("out of order, or twice: %v", listed)
		}
	}
}

// As in the "listeners" and "validVersions" of Kafka 4.4.0's message definitions.
func TestAControllerListsWhatKafkasDoes(t *testing.T) {
	want := []Range{
		{18, 0, 5}, {19, 2, 7}, {20, 1, 6}, {32, 1, 4}, {33, 0, 2}, {37, 0, 3}, {43, 0, 2}, {44, 0, 1}, {45, 0, 1}, {46, 0, 0},
		{55, 0, 2}, {56, 2, 3}, {57, 0, 2}, {60, 0, 2}, {62, 0, 4}, {63, 0, 2}, {64, 0, 0}, {67, 0, 0}, {73, 0, 0}, {80, 0, 1}, {81, 0, 0},
	}
	if !slices.Equal(ControllerVersions, want) {
		t.Errorf("%v", ControllerVersions)
	}
}

func TestAListenerRefusesWhatIsTheOthers(t *testing.T) {
	for _, c := range []struct {
		parse func([]byte, Limits) (Request, error)
		req   kmsg.Request
	}{
		{ParseRequest, kmsg.NewPtrBrokerHeartbeatRequest()},
		{ParseRequest, kmsg.NewPtrAllocateProducerIDsRequest()},
		{ParseRequest, &RaftRequest{}},
		{ParseRequest, &MetadataPullRequest{}},
		{ParseRequest, &ReplicaLostRequest{}},
		{ParseControllerRequest, &kmsg.ProduceRequest{Version: 9}},
		{ParseControllerRequest, &kmsg.MetadataRequest{Version: 9}},
	} {
		frame := AppendRequest(nil, 9, "me", c.req)[sizeLen:]
		if req, err := c.parse(frame, DefaultLimits); !errors.Is(err, ErrUnknownKey) || req.CorrelationID != 9 || req.Body != nil {
			t.Errorf("%s: %+v %v", KeyName(c.req.Key()), req, err)
		}
	}
}

func TestVersionsThatAControllerNoLongerTakesAreRefused(t *testing.T) {
	frame := AppendRequest(nil, 9, "", &kmsg.AlterPartitionRequest{Version: 1})[sizeLen:]
	if _, err := ParseControllerRequest(frame, DefaultLimits); !errors.Is(err, ErrUnsupportedVersion) {
		t.Errorf("%v", err)
	}
	frame[3] = 0
	if _, err := ParseControllerRequest(append([]byte{0x4e, 0x20, 0, 1}, frame[4:]...), DefaultLimits); !errors.Is(err, ErrUnsupportedVersion) {
		t.Errorf("Raft v1: %v", err)
	}
}

func TestWhatBothListenersTakeIsReadAlike(t *testing.T) {
	for _, r := range ControllerVersions {
		if !ofBroker.knows(r.Key) {
			continue
		}
		frame := AppendRequest(nil, 1, "c", drawnRequest(7, r.Key, r.Max))[sizeLen:]
		a, errA := ParseRequest(frame, DefaultLimits)
		b, errB := ParseControllerRequest(frame, DefaultLimits)
		if errA != nil || errB != nil || a.Header != b.Header || string(a.Body.AppendTo(nil)) != string(b.Body.AppendTo(nil)) {
			t.Errorf("%s: %v %v", KeyName(r.Key), errA, errB)
		}
	}
}

func TestDirectoriesInATagCountAgainstTheBudget(t *testing.T) {
	for _, req := range []*kmsg.BrokerHeartbeatRequest{
		{Version: 2, OfflineLogDirs: make([][16]byte, 10_000)},
		{Version: 2, CordonedLogDirs: make([][16]byte, 10_000)},
	} {
		frame := AppendRequest(nil, 1, "", req)[sizeLen:]
		if _, err := ParseControllerRequest(frame, DefaultLimits); err != nil {
			t.Error(err)
		}
		if _, err := ParseControllerRequest(frame, Limits{Base: 100_000, Most: 100_000}); !errors.Is(err, ErrBudget) {
			t.Errorf("160000 bytes of directories within 100000: %v", err)
		}
	}
}
