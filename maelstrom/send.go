package maelstrom

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/record"
)

// senders appends records by idempotent producers, each of which has one record on its way
// at a time, so that one of whose fate nothing is known can be sent again:
//
//	Produce(id 7, sequence 3) --> no answer --> Produce(id 7, sequence 3) --> offset 12
//	                                   `--> the time is over: Timeout, and producer 7 is not
//	                                        used again, since 3 may be taken or not
//
// There are as many for a topic as requests at one time.
type senders struct {
	*topics
	mu   sync.Mutex
	free map[string][]*sender // by topic
}

// sender is one producer, for one topic.
type sender struct {
	*topics
	topic    string
	id       int64 // -1: none yet
	epoch    int16
	sequence int32
}

// take takes a producer that nobody uses, or a new one.
func (s *senders) take(topic string) *sender {
	s.mu.Lock()
	defer s.mu.Unlock()
	free := s.free[topic]
	if len(free) == 0 {
		return &sender{topics: s.topics, topic: topic, id: -1}
	}
	s.free[topic] = free[:len(free)-1]
	return free[len(free)-1]
}

// put gives a producer back that can be used on.
func (s *senders) put(one *sender) {
	s.mu.Lock()
	s.free[one.topic] = append(s.free[one.topic], one)
	s.mu.Unlock()
}

// append appends a record to a topic, which it makes if there is none, and returns its
// offset. The error is an *Error, definite if the record is in no log and never will be.
func (s *senders) append(ctx context.Context, topic string, key, value []byte) (int64, error) {
	r := record.Record{Timestamp: time.Now().UnixMilli(), Key: key, Value: value}
	sent := sending{sender: s.take(topic), record: r}
	err := again(ctx, sent.try)
	switch {
	case sent.done:
		sent.sequence = record.NextSequence(sent.sequence, 1)
		s.put(sent.sender)
		return sent.offset, nil
	case sent.doubt:
		return 0, failure(Timeout, "nobody knows whether it was appended: %v", err)
	case sent.refused:
		return 0, failure(Abort, "%v", err)
	}
	return 0, failure(TemporarilyUnavailable, "%v", err)
}

// sending is one record on its way.
type sending struct {
	*sender
	record  record.Record
	offset  int64
	done    bool
	doubt   bool // an attempt may have appended it, or may yet
	refused bool // it is good for nothing
}

func (s *sending) try(ctx context.Context) (bool, error) {
	addr, err := s.madeLeader(ctx, s.topic)
	if err != nil {
		return false, err
	}
	if s.id < 0 {
		if err := s.identify(ctx); err != nil {
			return false, err
		}
	}
	req, err := s.request()
	if err != nil {
		s.refused = true
		return true, err
	}
	resp, err := s.ask(ctx, addr, req)
	if err == nil {
		err = s.answered(resp.(*kmsg.ProduceResponse))
	} else {
		s.doubt = s.doubt || !errors.Is(err, errUnsent)
	}
	if err != nil {
		s.topics.doubt(s.topic)
	}
	return s.done || s.refused, err
}

// identify asks for a producer id.
func (s *sender) identify(ctx context.Context) error {
	req := kmsg.NewPtrInitProducerIDRequest()
	req.Version = 3
	got, err := s.ask(ctx, s.local, req)
	if err != nil {
		return err
	}
	resp := got.(*kmsg.InitProducerIDResponse)
	if resp.ErrorCode != 0 {
		return kerr.ErrorForCode(resp.ErrorCode)
	}
	s.id, s.epoch, s.sequence = resp.ProducerID, resp.ProducerEpoch, 0
	return nil
}

func (s *sending) request() (*kmsg.ProduceRequest, error) {
	b := record.NewBuilder(nil)
	b.ProducerID, b.ProducerEpoch, b.BaseSequence = s.id, s.epoch, s.sequence
	b.Append(s.record)
	batch, err := b.Build()
	if err != nil {
		return nil, err
	}
	req := kmsg.NewPtrProduceRequest()
	req.Version, req.Acks, req.TimeoutMillis = 9, -1, int32(attemptTime/time.Millisecond)
	part := kmsg.NewProduceRequestTopicPartition()
	part.Records = batch
	t := kmsg.NewProduceRequestTopic()
	t.Topic, t.Partitions = s.topic, append(t.Partitions, part)
	req.Topics = append(req.Topics, t)
	return req, nil
}

// answered takes what the leader says; nil if the record lies in the log.
func (s *sending) answered(resp *kmsg.ProduceResponse) error {
	if len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		s.doubt = true
		return fmt.Errorf("an answer about something else")
	}
	part := resp.Topics[0].Partitions[0]
	err := kerr.ErrorForCode(part.ErrorCode)
	switch fateOf(err) {
	case appended:
		s.offset, s.done = part.BaseOffset, true
	case unknown:
		s.doubt = true
	case never:
		s.refused = !s.doubt
	}
	return err
}
