package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker/oracle"
	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/wire"
	"odradek/sim"
	"odradek/sim/production"
)

// alone are the knobs of one node with one shard.
var alone = sim.Knobs{Nodes: 1, Cluster: sim.Cluster{Shards: []int{1}, Replicas: 1, MinISR: 1, Session: 9 * time.Second, Lag: 30 * time.Second,
	Wait: 10 * time.Second, Backoff: 50 * time.Millisecond}}

// wide is one node with one topic of many partitions, and one connection.
type wide struct {
	b     testing.TB
	world *sim.World
	conn  oracle.Conn
	last  int32
	topic [16]byte
	batch []byte
	id    int32 // of the session
}

func (w *wide) pass(d time.Duration) {
	w.world.Run(w.world.Now()+d, 1_000_000, func() bool { return false })
}

func newWide(b testing.TB, partitions int32) *wide {
	world := sim.NewWorld(3)
	n := world.AddNode(func(boot sim.Boot) []env.Machine { return production.New(alone, boot) }, sim.DataDir)
	b.Cleanup(world.End)
	conn, err := sim.OracleTransport{World: world, Node: n}.Dial()
	if err != nil {
		b.Fatal(err)
	}
	w := &wide{b: b, world: world, conn: conn}
	batch := record.NewBuilder(record.NewCompressor())
	batch.Append(record.Record{Timestamp: 1_700_000_000_000, Value: make([]byte, 100)})
	if w.batch, err = batch.Build(); err != nil {
		b.Fatal(err)
	}
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version, req.TimeoutMillis = 7, 10_000
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = "t", partitions, 1
	req.Topics = append(req.Topics, t)
	w.topic = w.ask(req).(*kmsg.CreateTopicsResponse).Topics[0].TopicID
	w.pass(time.Second)
	return w
}

func (w *wide) ask(req kmsg.Request) kmsg.Response {
	w.last++
	frame, _, err := w.conn.RoundTrip(wire.AppendRequest(nil, w.last, "bench", req)[4:], true)
	if err != nil || frame == nil {
		w.b.Fatalf("%T: %v", req, err)
	}
	resp, _, err := wire.ParseResponse(frame, req)
	if err != nil {
		w.b.Fatal(err)
	}
	return resp
}

// produce appends a batch to each of the first n partitions.
func (w *wide) produce(n int32) {
	req := kmsg.NewPtrProduceRequest()
	req.Version, req.Acks, req.TimeoutMillis = 13, -1, 5000
	t := kmsg.NewProduceRequestTopic()
	t.TopicID = w.topic
	for index := range n {
		p := kmsg.NewProduceRequestTopicPartition()
		p.Partition, p.Records = index, w.batch
		t.Partitions = append(t.Partitions, p)
	}
	req.Topics = append(req.Topics, t)
	for _, p := range w.ask(req).(*kmsg.ProduceResponse).Topics[0].Partitions {
		if p.ErrorCode != 0 {
			w.b.Fatalf("partition %d: error %d", p.Partition, p.ErrorCode)
		}
	}
}

// pollOf is a fetch in a session, of what it has.
func pollOf(session, epoch int32, wait time.Duration) *kmsg.FetchRequest {
	req := kmsg.NewPtrFetchRequest()
	req.Version, req.ReplicaID, req.MinBytes, req.MaxBytes = 13, -1, 1, 1<<20
	req.SessionID, req.SessionEpoch, req.MaxWaitMillis = session, epoch, int32(wait.Milliseconds())
	return req
}

// session begins a fetch session of all partitions; poll goes on with it, and tells
// how many partitions the answer has.
func (w *wide) session(partitions int32) (poll func(wait time.Duration, moved map[int32]int64) int) {
	w.id = 0
	epoch := int32(0)
	all := map[int32]int64{}
	for index := range partitions {
		all[index] = 0
	}
	poll = func(wait time.Duration, moved map[int32]int64) int {
		req := pollOf(w.id, epoch, wait)
		t := kmsg.NewFetchRequestTopic()
		t.TopicID = w.topic
		for index := range partitions {
			if at, ok := moved[index]; ok {
				p := kmsg.NewFetchRequestTopicPartition()
				p.Partition, p.FetchOffset, p.PartitionMaxBytes = index, at, 1<<20
				t.Partitions = append(t.Partitions, p)
			}
		}
		if len(moved) > 0 {
			req.Topics = append(req.Topics, t)
		}
		resp := w.ask(req).(*kmsg.FetchResponse)
		if resp.ErrorCode != 0 {
			w.b.Fatalf("error %d", resp.ErrorCode)
		}
		w.id, epoch = resp.SessionID, epoch+1
		n := 0
		for _, t := range resp.Topics {
			n += len(t.Partitions)
		}
		return n
	}
	if n := poll(0, all); n != int(partitions) {
		w.b.Fatalf("%d partitions of %d", n, partitions)
	}
	return poll
}

// BenchmarkSession is a fetch session in which nothing, or one partition, has
// changed: what it costs should not depend on how many it has.
func BenchmarkSession(b *testing.B) {
	for _, partitions := range []int32{1, 100, 1000} {
		b.Run(fmt.Sprint("idle/", partitions), func(b *testing.B) {
			poll := newWide(b, partitions).session(partitions)
			b.ReportAllocs()
			for b.Loop() {
				if n := poll(0, nil); n != 0 {
					b.Fatalf("%d partitions", n)
				}
			}
		})
		b.Run(fmt.Sprint("one active/", partitions), func(b *testing.B) {
			w := newWide(b, partitions)
			poll := w.session(partitions)
			b.ReportAllocs()
			at := int64(0)
			for b.Loop() {
				w.produce(1)
				moved := map[int32]int64{0: at}
				if n := poll(time.Second, moved); n != 1 {
					b.Fatalf("%d partitions", n)
				}
				at++
			}
		})
	}
}

// BenchmarkWideProduce is one request for so many partitions.
func BenchmarkWideProduce(b *testing.B) {
	for _, partitions := range []int32{1, 100, 1000} {
		b.Run(fmt.Sprint(partitions), func(b *testing.B) {
			w := newWide(b, partitions)
			w.produce(partitions) // makes their directories
			b.ReportAllocs()
			for b.Loop() {
				w.produce(partitions)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(partitions), "ns/partition")
		})
	}
}
