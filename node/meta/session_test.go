package meta

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// clusterOf is a controller over three brokers in service and topics of one
// partition on all of them.
func clusterOf(t testing.TB, topics int) (*Image, *Controller) {
	im := NewImage()
	c := NewController(im, settingsOfCluster(), env.Stream(1, 1, "controller"))
	replay(t, im, Bootstrap(1)...)
	for id := int32(1); id <= 3; id++ {
		records, _ := c.RegisterBroker(0, registrationOf(id, dirOf(id)), im.Version()+1, nil)
		replay(t, im, records...)
		records, _ = c.BrokerHeartbeat(0, heartbeatOf(im, id))
		replay(t, im, records...)
	}
	for i := range topics {
		replay(t, im, &TopicRecord{fmt.Sprint("t", i), topicID(i)}, &PartitionRecord{
			TopicID: topicID(i), Replicas: []int32{1, 2, 3}, ISR: []int32{1, 2, 3}, Leader: 1,
			Directories: []env.UUID{dirOf(1), dirOf(2), dirOf(3)},
		})
	}
	return im, c
}

func heartbeatOf(im *Image, id int32) *kmsg.BrokerHeartbeatRequest {
	req := kmsg.NewPtrBrokerHeartbeatRequest()
	req.Version, req.BrokerID, req.BrokerEpoch, req.CurrentMetadataOffset = 1, id, im.Broker(id).Epoch, im.Version()
	return req
}

func TestAHeartbeatThatChangesNothingCostsTheSameInALargeImage(t *testing.T) {
	cost := func(topics int) float64 {
		im, c := clusterOf(t, topics)
		req := heartbeatOf(im, 1)
		return testing.AllocsPerRun(20, func() {
			if records, resp := c.BrokerHeartbeat(time.Second, req); records != nil || resp.ErrorCode != 0 {
				t.Fatalf("%v, %+v", records, resp)
			}
		})
	}
	if small, large := cost(1), cost(5000); large > small {
		t.Fatalf("%v allocations in a small image, %v in a large one", small, large)
	}
}

func TestABrokerIsFencedWithOneRecordForEachOfItsPartitions(t *testing.T) {
	im, c := clusterOf(t, 3000)
	for _, id := range []int32{2, 3} {
		c.BrokerHeartbeat(9*time.Second-1, heartbeatOf(im, id))
	}
	if at, ok := c.NextExpiry(); !ok || at != 9*time.Second {
		t.Fatal(at, ok)
	}
	records := c.Expire(9 * time.Second)
	if replay(t, im, records...); len(records) != 3001 || !im.Broker(1).Fenced {
		t.Fatalf("%d records", len(records))
	}
	if at, ok := c.NextExpiry(); !ok || at != 18*time.Second-1 {
		t.Fatal(at, ok)
	}
}

func TestOneRoundMovesAThousandLeadersAndSaysThatThereAreMore(t *testing.T) {
	im, c := clusterOf(t, 1500)
	for i := range 1500 {
		replay(t, im, &PartitionChangeRecord{TopicID: topicID(i), Leader: 2, LeaderRecoveryState: -1})
	}
	for _, want := range []int{1000, 500, 0} {
		records, more := c.Balance()
		if replay(t, im, records...); len(records) != want || more != (want == 1000) {
			t.Fatalf("%d leaders moved, want %d; more: %v", len(records), want, more)
		}
	}
	for topic := range im.Topics() {
		if topic.Partitions[0].Leader != 1 {
			t.Fatalf("%+v", topic)
		}
	}
}

func TestALostReplicaIsReportedByItsBrokerAlone(t *testing.T) {
	im, c := clusterOf(t, 1)
	epoch := im.Broker(2).Epoch
	for _, bad := range []struct {
		what      string
		broker    int32
		epoch     int64
		topic     env.UUID
		partition int32
		want      *kerr.Error
	}{
		{"another process", 2, epoch - 1, topicID(0), 0, kerr.StaleBrokerEpoch},
		{"no broker", 9, epoch, topicID(0), 0, kerr.StaleBrokerEpoch},
		{"no topic", 2, epoch, topicID(7), 0, kerr.UnknownTopicID},
		{"no partition", 2, epoch, topicID(0), 1, kerr.UnknownTopicOrPartition},
	} {
		if records, why := c.ReplicaLost(bad.broker, bad.epoch, bad.topic, bad.partition); why != bad.want || records != nil {
			t.Errorf("%s: %v, %v", bad.what, records, why)
		}
	}
}
