package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker/oracle"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/wire"
	"odradek/sim"
	"odradek/sim/production"
)

// racks is a cluster of three nodes, each in a rack of its own, of which leaders
// send consumers to the replicas of their racks.
type racks struct {
	t     *testing.T
	w     *sim.World
	conns []oracle.Conn
	last  int32
	topic env.UUID
	lead  int // by place
}

func newRacks(t *testing.T, more ...config.Setting) *racks {
	c := &racks{t: t, w: sim.NewWorld(3)}
	k := sim.Knobs{Nodes: 3, Cluster: sim.Cluster{Shards: []int{1, 2, 3}, Replicas: 3, MinISR: 1, Session: 9 * time.Second,
		Lag: 30 * time.Second, Wait: 10 * time.Second, Backoff: 50 * time.Millisecond}}
	for range k.Nodes {
		c.w.AddNode(func(b sim.Boot) []env.Machine {
			settings := append(k.Settings(b.Node), config.Setting{Key: "broker.rack", Value: fmt.Sprintf("rack-%d", b.Node)},
				config.Setting{Key: "replica.selector.class", Value: "org.apache.kafka.common.replica.RackAwareReplicaSelector"})
			return production.With(append(settings, more...), nil, b)
		}, "/data")
	}
	t.Cleanup(c.w.End)
	for _, n := range c.w.Nodes() {
		conn, err := sim.OracleTransport{World: c.w, Node: n}.Dial()
		if err != nil {
			t.Fatal(err)
		}
		c.conns = append(c.conns, conn)
	}
	return c
}

func (c *racks) ask(node int, req kmsg.Request) kmsg.Response {
	c.t.Helper()
	c.last++
	frame, _, err := c.conns[node].RoundTrip(wire.AppendRequest(nil, c.last, "test", req)[4:], true)
	if err != nil || frame == nil {
		c.t.Fatalf("%T: %v", req, err)
	}
	resp, _, err := wire.ParseResponse(frame, req)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp
}

func (c *racks) pass(d time.Duration) {
	c.w.Run(c.w.Now()+d, 1_000_000, func() bool { return false })
}

// create makes the topic, and waits until all replicas are in sync.
func (c *racks) create() {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version, req.TimeoutMillis = 7, 10_000
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = "t", 1, 3
	req.Topics = append(req.Topics, t)
	for range 20 {
		resp := c.ask(0, req).(*kmsg.CreateTopicsResponse)
		if c.topic = resp.Topics[0].TopicID; resp.Topics[0].ErrorCode == 0 {
			break
		}
		c.pass(time.Second)
	}
	c.pass(3 * time.Second)
	meta := kmsg.NewPtrMetadataRequest()
	meta.Version = 12
	c.lead = int(c.ask(0, meta).(*kmsg.MetadataResponse).Topics[0].Partitions[0].Leader) - 1
}

func (c *racks) produce(value string) {
	c.t.Helper()
	b := record.NewBuilder(record.NewCompressor())
	b.Append(record.Record{Timestamp: 1_700_000_000_000, Value: []byte(value)})
	batch, err := b.Build()
	if err != nil {
		c.t.Fatal(err)
	}
	req := kmsg.NewPtrProduceRequest()
	req.Version, req.Acks, req.TimeoutMillis = 9, -1, 5000
	t := kmsg.NewProduceRequestTopic()
	t.Topic = "t"
	p := kmsg.NewProduceRequestTopicPartition()
	p.Records = batch
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	if code := c.ask(c.lead, req).(*kmsg.ProduceResponse).Topics[0].Partitions[0].ErrorCode; code != 0 {
		c.t.Fatal(kerr.ErrorForCode(code))
	}
}

// fetch reads from a node as a consumer of another one's rack does.
func (c *racks) fetch(node, rack int, version int16, offset int64, epoch int32, wait time.Duration) kmsg.FetchResponseTopicPartition {
	c.t.Helper()
	return c.ask(node, c.fetchRequest(rack, version, offset, epoch, wait)).(*kmsg.FetchResponse).Topics[0].Partitions[0]
}

func (c *racks) fetchRequest(rack int, version int16, offset int64, epoch int32, wait time.Duration) *kmsg.FetchRequest {
	req := kmsg.NewPtrFetchRequest()
	req.Version, req.ReplicaID, req.MinBytes, req.MaxBytes = version, -1, 1, 1<<20
	req.SessionEpoch, req.Rack, req.MaxWaitMillis = -1, fmt.Sprintf("rack-%d", rack), int32(wait/time.Millisecond)
	t := kmsg.NewFetchRequestTopic()
	t.Topic, t.TopicID = "t", c.topic
	p := kmsg.NewFetchRequestTopicPartition()
	p.FetchOffset, p.PartitionMaxBytes, p.CurrentLeaderEpoch = offset, 1<<20, epoch
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	return req
}

func TestAConsumerReadsFromTheFollowerOfItsRack(t *testing.T) {
	c := newRacks(t)
	c.create()
	c.produce("first")
	c.pass(time.Second)
	near := (c.lead + 1) % 3
	if p := c.fetch(c.lead, near, 11, 0, -1, 0); p.ErrorCode != 0 || p.PreferredReadReplica != int32(near+1) || len(p.RecordBatches) != 0 {
		t.Errorf("the leader sends it to %d with %d bytes, error %d", p.PreferredReadReplica, len(p.RecordBatches), p.ErrorCode)
	}
	if p := c.fetch(c.lead, c.lead, 11, 0, -1, 0); p.PreferredReadReplica != -1 || len(p.RecordBatches) == 0 {
		t.Errorf("in the leader's rack: %+v", p)
	}
	if p := c.fetch(c.lead, 7, 11, 0, -1, 0); p.PreferredReadReplica != -1 || len(p.RecordBatches) == 0 {
		t.Errorf("in a rack of nobody: %+v", p)
	}
	if p := c.fetch(near, near, 11, 0, -1, 0); p.ErrorCode != 0 || p.HighWatermark != 1 || len(p.RecordBatches) == 0 {
		t.Errorf("the follower: %+v", p)
	}
	if p := c.fetch(c.lead, near, 11, 9, -1, 0); p.ErrorCode != kerr.OffsetOutOfRange.Code {
		t.Errorf("of what no replica has: %+v", p)
	}
}

func TestAFollowerRefusesWhomItCannotServe(t *testing.T) {
	c := newRacks(t)
	c.create()
	c.produce("first")
	c.pass(time.Second)
	near := (c.lead + 1) % 3
	for _, x := range []struct {
		version int16
		offset  int64
		epoch   int32
		want    *kerr.Error
	}{
		{10, 0, -1, kerr.NotLeaderForPartition}, // it does not know of this
		{11, 0, 7, kerr.UnknownLeaderEpoch},
		{11, 9, -1, kerr.OffsetOutOfRange},
	} {
		if p := c.fetch(near, near, x.version, x.offset, x.epoch, 0); p.ErrorCode != x.want.Code {
			t.Errorf("%+v: %v", x, kerr.ErrorForCode(p.ErrorCode))
		}
	}
}

func TestALongPollAtAFollowerEndsSoonAfterTheRecordIsCommitted(t *testing.T) {
	c := newRacks(t)
	c.create()
	c.produce("first")
	c.pass(time.Second)
	near := (c.lead + 1) % 3
	req := c.fetchRequest(near, 12, 1, -1, 5*time.Second)
	var frame []byte
	conn := c.w.Dial(c.w.Nodes()[near], func(b []byte) { frame = b }, func() {})
	conn.Send(wire.AppendRequest(nil, 1, "test", req))
	c.pass(100 * time.Millisecond)
	if frame != nil {
		t.Fatal("it did not wait")
	}
	c.produce("second")
	c.pass(50 * time.Millisecond) // followers wait 10 s for records
	if frame == nil {
		t.Fatal("it waits on")
	}
	resp, _, err := wire.ParseResponse(frame, req)
	if err != nil || len(resp.(*kmsg.FetchResponse).Topics[0].Partitions[0].RecordBatches) == 0 {
		t.Fatalf("%v %+v", err, resp)
	}
}
