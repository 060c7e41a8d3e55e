package cluster

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestWhenNobodyListensTheErrorComesAtOnce(t *testing.T) {
	nobody := freeAddr(t)
	begun := time.Now()
	_, err := Flags{BootstrapServer: []string{nobody}, RequestTimeout: time.Minute}.Dial(t.Context())
	if err == nil || !strings.Contains(err.Error(), "refused") || !strings.Contains(err.Error(), nobody) {
		t.Errorf("the error is %v", err)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestOneBrokerThatListensIsEnough(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	addrs, err := Flags{BootstrapServer: []string{freeAddr(t), l.Addr().String()}}.reach(t.Context())
	if err != nil || len(addrs) != 2 {
		t.Errorf("%v, %v", addrs, err)
	}
}

func TestAHostWithoutPortHasKafkas(t *testing.T) {
	for in, want := range map[string]string{"a": "a:9092", "a:1": "a:1", "::1": "[::1]:9092"} {
		if got := withPort(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}

func TestAPauseEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if pause(ctx, time.Hour) == nil {
		t.Error("it lasted")
	}
}

func TestAPartitionWithoutLeaderIsNotPlaced(t *testing.T) {
	answer := &kmsg.MetadataResponse{
		Brokers: []kmsg.MetadataResponseBroker{{NodeID: 1, Host: "h", Port: 2}},
		Topics: []kmsg.MetadataResponseTopic{{Partitions: []kmsg.MetadataResponseTopicPartition{
			{Partition: 1, Leader: 1}, {Partition: 0, Leader: 1},
		}}},
	}
	got, err := place("t", answer)
	if err != nil || len(got.Leaders) != 2 || got.Leaders[1] != "h:2" {
		t.Errorf("%v, %v", got, err)
	}
	answer.Topics[0].Partitions[1].Leader = -1
	if _, err := place("t", answer); err == nil || !strings.Contains(err.Error(), "LEADER_NOT_AVAILABLE") {
		t.Errorf("the error is %v", err)
	}
}

// freeAddr is an address at which nobody listens.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
