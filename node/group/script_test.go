package group

import (
	"encoding/binary"
	"errors"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker/oracle"
)

// alone is a broker that has nothing but one coordinator. Its clock moves on when
// somebody waits for an answer, and between two questions of the same.
type alone struct{ *world }

type line struct {
	a       alone
	pending []flight
}

// flight is a request that was sent and not taken back.
type flight struct {
	token Token
	frame []byte // the head of the answer
}

func (a alone) Dial() (oracle.Conn, error) { return &line{a: a}, nil }
func (a alone) Pause()                     { a.pass(50 * time.Millisecond) }
func (l *line) Close()                     {}

// A cluster of one: what ends begins again with what is in its log.
func (a alone) At(int) oracle.Transport { return a }
func (a alone) Stop(int) error          { return nil }
func (a alone) Kill(int) error          { return nil }
func (a alone) Start(int) error         { a.load(); return nil }

func (l *line) RoundTrip(frame []byte, wantReply bool) ([]byte, bool, error) {
	req, client, head, err := parse(frame)
	if err != nil {
		return nil, false, err
	}
	l.pending = append(l.pending, flight{l.a.handle(req, client), head})
	if !wantReply {
		return nil, false, nil
	}
	return l.Receive()
}

func (l *line) Receive() (reply []byte, closed bool, err error) {
	first := l.pending[0]
	l.pending = l.pending[1:]
	for range 10_000 {
		if resp := l.a.replies[first.token]; resp != nil {
			return resp.AppendTo(first.frame), false, nil
		}
		l.a.pass(10 * time.Millisecond)
	}
	return nil, false, errors.New("nobody answers")
}

func parse(frame []byte) (req kmsg.Request, client string, head []byte, err error) {
	req = kmsg.RequestForKey(int16(binary.BigEndian.Uint16(frame)))
	req.SetVersion(int16(binary.BigEndian.Uint16(frame[2:])))
	head = append(head, frame[4:8]...)
	end := 10 + int(binary.BigEndian.Uint16(frame[8:]))
	client, frame = string(frame[10:end]), frame[end:]
	if req.IsFlexible() {
		frame, head = frame[1:], append(head, 0)
	}
	return req, client, head, req.ReadFrom(frame)
}

// handle answers what is no coordinator's affair itself.
func (a alone) handle(req kmsg.Request, client string) Token {
	var resp kmsg.Response
	switch req := req.(type) {
	case *kmsg.FindCoordinatorRequest:
		resp = found(req)
	case *kmsg.CreateTopicsRequest:
		resp = a.created(req)
	case *kmsg.DeleteTopicsRequest:
		resp = a.deleted(req)
	case *kmsg.MetadataRequest:
		resp = a.metadata(req)
	case *kmsg.CreatePartitionsRequest:
		resp = a.grown(req)
	case *kmsg.InitProducerIDRequest:
		a.t.Skip("transactions are not there yet")
	}
	a.tokens++
	if resp != nil {
		a.replies[a.tokens] = resp
		return a.tokens
	}
	token := a.tokens
	a.step(func(out *Outcome) { a.c.Handle(a.now, token, Caller{client, "/127.0.0.1"}, req, out) })
	return token
}

func found(req *kmsg.FindCoordinatorRequest) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.FindCoordinatorResponse)
	for _, key := range req.CoordinatorKeys {
		none := ""
		resp.Coordinators = append(resp.Coordinators, kmsg.FindCoordinatorResponseCoordinator{
			Key: key, NodeID: 1, Host: "h", Port: 1, ErrorMessage: &none})
	}
	return resp
}

func (a alone) created(req *kmsg.CreateTopicsRequest) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.CreateTopicsResponse)
	for _, t := range req.Topics {
		id := a.make(t.Topic, t.NumPartitions)
		resp.Topics = append(resp.Topics, kmsg.CreateTopicsResponseTopic{Topic: t.Topic, TopicID: id,
			NumPartitions: t.NumPartitions, ReplicationFactor: t.ReplicationFactor})
	}
	return resp
}

func (a alone) deleted(req *kmsg.DeleteTopicsRequest) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.DeleteTopicsResponse)
	for _, t := range req.Topics {
		resp.Topics = append(resp.Topics, kmsg.DeleteTopicsResponseTopic{Topic: t.Topic, TopicID: a.topics[*t.Topic].id})
		delete(a.topics, *t.Topic)
	}
	a.moved()
	return resp
}

func (a alone) grown(req *kmsg.CreatePartitionsRequest) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.CreatePartitionsResponse)
	for _, t := range req.Topics {
		one := a.topics[t.Topic]
		one.partitions = t.Count
		a.topics[t.Topic] = one
		resp.Topics = append(resp.Topics, kmsg.CreatePartitionsResponseTopic{Topic: t.Topic})
	}
	a.moved()
	return resp
}

func (a alone) metadata(req *kmsg.MetadataRequest) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.MetadataResponse)
	cluster := "c"
	resp.ClusterID, resp.ControllerID = &cluster, 1
	resp.Brokers = []kmsg.MetadataResponseBroker{{NodeID: 1, Host: "h", Port: 1}}
	for _, t := range req.Topics {
		one := a.topics[*t.Topic]
		row := kmsg.NewMetadataResponseTopic()
		row.Topic, row.TopicID = t.Topic, one.id
		for p := range one.partitions {
			part := kmsg.NewMetadataResponseTopicPartition()
			part.Partition, part.Leader, part.LeaderEpoch = p, 1, 0
			part.Replicas, part.ISR, part.OfflineReplicas = []int32{1}, []int32{1}, []int32{}
			row.Partitions = append(row.Partitions, part)
		}
		resp.Topics = append(resp.Topics, row)
	}
	return resp
}

// configured takes over what a script says of groups.
func (w *world) configured(props map[string]string) {
	number := func(key string, to func(n int)) {
		if text, ok := props[key]; ok {
			n, err := strconv.Atoi(text)
			if err != nil {
				w.t.Fatal(err)
			}
			to(n)
		}
	}
	length := func(d *time.Duration) func(int) {
		return func(n int) { *d = time.Duration(n) * time.Millisecond }
	}
	w.config.InitialRebalanceDelay = 3 * time.Second
	number("group.initial.rebalance.delay.ms", length(&w.config.InitialRebalanceDelay))
	number("group.min.session.timeout.ms", length(&w.config.MinSessionTimeout))
	number("group.max.session.timeout.ms", length(&w.config.MaxSessionTimeout))
	number("group.consumer.heartbeat.interval.ms", length(&w.times.Heartbeat))
	number("group.consumer.session.timeout.ms", length(&w.times.Session))
	number("group.consumer.max.size", func(n int) { w.config.ConsumerMaxSize = n })
	if policy, ok := props["group.consumer.migration.policy"]; ok {
		w.config.MigrationPolicy = policy
	}
	w.config.ClassicOnly = props["group.coordinator.rebalance.protocols"] == "classic"
	number("group.max.size", func(n int) { w.config.MaxSize = n })
	number("message.max.bytes", func(n int) { w.config.MaxBatchBytes = n })
	number("offset.metadata.max.bytes", func(n int) { w.config.MaxMetadataBytes = n })
}

func TestAnswersAreThoseOfKafka(t *testing.T) {
	for _, api := range []string{"joingroup", "syncgroup", "heartbeat", "leavegroup", "offsetcommit", "offsetfetch",
		"offsetdelete", "listgroups", "describegroups", "deletegroups", "consumergroupheartbeat", "consumergroupdescribe"} {
		paths, err := filepath.Glob(filepath.Join("../../checker/oracle/testdata", api, "*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			t.Run(api+"/"+filepath.Base(path), func(t *testing.T) { playAlone(t, path) })
		}
	}
}

func playAlone(t *testing.T, path string) {
	script, err := oracle.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.configured(script.Config)
	diff, err := oracle.Play(script, alone{w})
	if err != nil {
		t.Error(err)
	}
	if diff != "" {
		t.Error(diff)
	}
}
