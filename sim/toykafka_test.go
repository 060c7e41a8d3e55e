package sim

import (
	"bytes"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/wire"
)

// toyKafka is a broker of one partition, topic-0-0, in one file: it writes, it
// syncs, it replies. The hasty one replies before it syncs.
type toyKafka struct {
	hasty    bool
	file     env.FileID
	log      []byte // all batches
	next     int64  // offset
	durable  int    // bytes of log that a power cut leaves
	syncing  int    // bytes of log that the sync under way covers
	waiting  []ack
	down     bool
	loading  bool
	shutdown bool
}

// ack is a produce that waits until so many bytes are durable.
type ack struct {
	at    int
	reply *env.Reply
}

const toyPath = "/data/log"

func (k *toyKafka) Discard() {}

func (k *toyKafka) Step(_ env.Time, ev env.Event, out *env.Outbox) {
	switch ev := ev.(type) {
	case env.Started:
		k.open(out)
	case *env.DiskDone:
		k.done(ev, out)
	case env.Request:
		k.request(ev, out)
	case env.Drained:
		k.sync(out)
	case env.Shutdown:
		k.shutdown = true
	}
	if k.shutdown && !k.down && k.durable == len(k.log) {
		k.stop(nil, out)
	}
}

func (k *toyKafka) stop(err error, out *env.Outbox) {
	k.down = true
	out.Emit(env.Stopped{Err: err})
}

func (k *toyKafka) open(out *env.Outbox) {
	k.loading, k.file = true, out.NewFile()
	out.Disk(env.Disk{Kind: env.Open, File: k.file, Path: toyPath, Flags: env.Create})
	out.Disk(env.Disk{Kind: env.SyncDir, Path: "/data"})
	out.Disk(env.Disk{Kind: env.Read, File: k.file, Len: 1 << 30})
}

func (k *toyKafka) done(d *env.DiskDone, out *env.Outbox) {
	switch {
	case k.down:
	case d.Err != nil:
		k.stop(d.Err, out) // recovery makes the best of it
	case d.Kind == env.Read:
		k.recover(d.Data, out)
	case d.Kind == env.Sync && k.loading:
		k.loading = false
		k.durable = len(k.log)
		out.Emit(env.Ready{})
	case d.Kind == env.Sync:
		k.durable, k.syncing = k.syncing, 0
		for len(k.waiting) > 0 && k.waiting[0].at <= k.durable {
			out.Emit(k.waiting[0].reply)
			k.waiting = k.waiting[1:]
		}
	}
}

// recover keeps the batches up to the first that is torn. It writes them again:
// a sync of the process before may have failed, and no later one would save them.
func (k *toyKafka) recover(stored []byte, out *env.Outbox) {
	for b, err := range record.Batches(stored) {
		if err != nil || record.Check(b) != nil || b.BaseOffset() != k.next {
			break
		}
		k.log, k.next = append(k.log, b...), b.NextOffset()
	}
	out.Disk(env.Disk{Kind: env.Truncate, File: k.file, Off: int64(len(k.log))})
	out.Disk(env.Disk{Kind: env.Write, File: k.file, Data: bytes.Clone(k.log)})
	out.Disk(env.Disk{Kind: env.Sync, File: k.file})
}

func (k *toyKafka) sync(out *env.Outbox) {
	if !k.loading && !k.down && k.syncing == 0 && k.durable < len(k.log) {
		k.syncing = len(k.log)
		out.Disk(env.Disk{Kind: env.Sync, File: k.file})
	}
}

func (k *toyKafka) request(r env.Request, out *env.Outbox) {
	req, err := wire.ParseRequest(r.Frame, wire.DefaultLimits)
	if err != nil || k.down {
		out.Emit(env.CloseConn{Conn: r.Conn, Reason: "refused"})
		return
	}
	resp := req.Response()
	switch body := req.Body.(type) {
	case *kmsg.ProduceRequest:
		k.produce(body, resp.(*kmsg.ProduceResponse), out)
	case *kmsg.FetchRequest:
		k.fetch(body, resp.(*kmsg.FetchResponse))
	case *kmsg.ListOffsetsRequest:
		k.list(body, resp.(*kmsg.ListOffsetsResponse))
	case *kmsg.MetadataRequest:
		t := kmsg.NewMetadataResponseTopic()
		t.Topic, t.TopicID = body.Topics[0].Topic, toyID
		t.Partitions = append(t.Partitions, kmsg.NewMetadataResponseTopicPartition())
		resp.(*kmsg.MetadataResponse).Topics = append(resp.(*kmsg.MetadataResponse).Topics, t)
	case *kmsg.CreateTopicsRequest:
		t := kmsg.NewCreateTopicsResponseTopic()
		t.Topic, t.TopicID = body.Topics[0].Topic, toyID
		resp.(*kmsg.CreateTopicsResponse).Topics = append(resp.(*kmsg.CreateTopicsResponse).Topics, t)
	}
	reply := &env.Reply{Conn: r.Conn, Parts: []env.Part{{Bytes: wire.AppendResponse(nil, req.CorrelationID, resp)}}}
	p, isProduce := req.Body.(*kmsg.ProduceRequest)
	switch {
	case isProduce && p.Acks == 0:
	case isProduce && !k.hasty:
		k.waiting = append(k.waiting, ack{len(k.log), reply})
	default:
		out.Emit(reply)
	}
}

var toyID = [16]byte{1}

func (k *toyKafka) produce(req *kmsg.ProduceRequest, resp *kmsg.ProduceResponse, out *env.Outbox) {
	b := record.Batch(req.Topics[0].Partitions[0].Records)
	record.Assign(b, k.next, 0)
	out.Disk(env.Disk{Kind: env.Write, File: k.file, Off: int64(len(k.log)), Data: b})
	t, p := kmsg.NewProduceResponseTopic(), kmsg.NewProduceResponseTopicPartition()
	t.Topic, t.TopicID, p.BaseOffset = req.Topics[0].Topic, toyID, k.next
	t.Partitions = append(t.Partitions, p)
	resp.Topics = append(resp.Topics, t)
	k.log, k.next = append(k.log, b...), b.NextOffset()
}

// visible is what clients may see.
func (k *toyKafka) visible() []byte {
	if k.hasty {
		return k.log
	}
	return k.log[:k.durable]
}

func (k *toyKafka) highWatermark() (next int64) {
	for b := range record.Batches(k.visible()) {
		next = b.NextOffset()
	}
	return next
}

func (k *toyKafka) fetch(req *kmsg.FetchRequest, resp *kmsg.FetchResponse) {
	asked := req.Topics[0].Partitions[0]
	t, p := kmsg.NewFetchResponseTopic(), kmsg.NewFetchResponseTopicPartition()
	t.Topic, t.TopicID = req.Topics[0].Topic, toyID
	p.HighWatermark, p.LogStartOffset = k.highWatermark(), 0
	if asked.FetchOffset > p.HighWatermark {
		p.ErrorCode = kerr.OffsetOutOfRange.Code
	}
	for b := range record.Batches(k.visible()) {
		if b.LastOffset() >= asked.FetchOffset && (p.RecordBatches == nil || len(p.RecordBatches) < int(asked.PartitionMaxBytes)) {
			p.RecordBatches = append(p.RecordBatches, bytes.Clone(b)...)
		}
	}
	t.Partitions = append(t.Partitions, p)
	resp.Topics = append(resp.Topics, t)
}

func (k *toyKafka) list(req *kmsg.ListOffsetsRequest, resp *kmsg.ListOffsetsResponse) {
	asked := req.Topics[0].Partitions[0].Timestamp
	t, p := kmsg.NewListOffsetsResponseTopic(), kmsg.NewListOffsetsResponseTopicPartition()
	t.Topic, p.Offset, p.Timestamp = req.Topics[0].Topic, -1, -1
	switch asked {
	case -1:
		p.Offset = k.highWatermark()
	case -2:
		p.Offset = 0
	default:
		p.Offset, p.Timestamp = k.byTime(asked)
	}
	t.Partitions = append(t.Partitions, p)
	resp.Topics = append(resp.Topics, t)
}

// byTime finds the first record at or after a time, or (-3) the latest.
func (k *toyKafka) byTime(asked int64) (offset, timestamp int64) {
	offset, timestamp = -1, -1
	codecs := record.NewCompressor()
	for b := range record.Batches(k.visible()) {
		for r := range record.Records(b, codecs, 0) {
			switch {
			case asked >= 0 && r.Timestamp >= asked:
				return r.Offset, r.Timestamp
			case asked == -3 && r.Timestamp > timestamp:
				offset, timestamp = r.Offset, r.Timestamp
			}
		}
	}
	return offset, timestamp
}
