package maelstrom

import (
	"context"
	"errors"
	"net"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// groupName is the group whose committed offsets Maelstrom's are.
const groupName = "maelstrom"

// offsets commits and looks up offsets at the group's coordinator. They are Kafka's:
// of the next record to read.
type offsets struct{ *topics }

// coordinator is the address of the group's.
func (o *offsets) coordinator(ctx context.Context) (string, error) {
	req := kmsg.NewPtrFindCoordinatorRequest()
	req.Version, req.CoordinatorKey = 3, groupName
	got, err := o.ask(ctx, o.local, req)
	if err != nil {
		return "", err
	}
	resp := got.(*kmsg.FindCoordinatorResponse)
	return net.JoinHostPort(resp.Host, strconv.Itoa(int(resp.Port))), kerr.ErrorForCode(resp.ErrorCode)
}

// commit commits one offset for each topic. What may have been committed is not tried again: a
// second commit could set an offset back that somebody else has moved on meanwhile. The error is an
// *Error, definite if none was committed and none will be.
func (o *offsets) commit(ctx context.Context, next map[string]int64) error {
	c := committing{offsets: o, left: next}
	err := again(ctx, c.try)
	switch {
	case len(c.left) == 0:
		return nil
	case c.doubt:
		return failure(Timeout, "nobody knows whether they are committed: %v", err)
	case c.some:
		return failure(Crash, "some are committed, others are not: %v", err)
	}
	return failure(TemporarilyUnavailable, "%v", err)
}

// committing is one commit on its way.
type committing struct {
	*offsets
	left  map[string]int64 // not committed yet
	some  bool             // are committed
	doubt bool             // some may be
}

func (c *committing) try(ctx context.Context) (bool, error) {
	addr, err := c.coordinator(ctx)
	if err != nil {
		return false, err
	}
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Version, req.Group, req.Generation = 7, groupName, -1
	for topic, next := range c.left {
		part := kmsg.NewOffsetCommitRequestTopicPartition()
		part.Offset = next
		t := kmsg.NewOffsetCommitRequestTopic()
		t.Topic, t.Partitions = topic, append(t.Partitions, part)
		req.Topics = append(req.Topics, t)
	}
	got, err := c.ask(ctx, addr, req)
	if err != nil {
		c.doubt = !errors.Is(err, errUnsent)
		return c.doubt, err
	}
	for _, t := range got.(*kmsg.OffsetCommitResponse).Topics {
		for _, part := range t.Partitions {
			err = errors.Join(err, c.take(t.Topic, kerr.ErrorForCode(part.ErrorCode)))
		}
	}
	return len(c.left) == 0 || c.doubt, err
}

// take notes what became of one topic's offset. NOT_COORDINATOR also comes when a
// coordinator is deposed while a commit waits for its replicas.
func (c *committing) take(topic string, err error) error {
	switch {
	case err == nil:
		c.some = true
		delete(c.left, topic)
	case one(err, kerr.CoordinatorLoadInProgress, kerr.UnknownTopicOrPartition):
	default:
		c.doubt = true
	}
	return err
}

// committed looks up the offsets committed for some topics; those without one are left out.
func (o *offsets) committed(ctx context.Context, topics []string) (next map[string]int64, err error) {
	err = again(ctx, func(ctx context.Context) (bool, error) {
		addr, err := o.coordinator(ctx)
		if err == nil {
			next, err = o.committedAt(ctx, addr, topics)
		}
		return err == nil, err
	})
	return next, err
}

func (o *offsets) committedAt(ctx context.Context, addr string, topics []string) (map[string]int64, error) {
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Version, req.Group = 6, groupName
	for _, topic := range topics {
		t := kmsg.NewOffsetFetchRequestTopic()
		t.Topic, t.Partitions = topic, []int32{0}
		req.Topics = append(req.Topics, t)
	}
	got, err := o.ask(ctx, addr, req)
	if err != nil {
		return nil, err
	}
	resp := got.(*kmsg.OffsetFetchResponse)
	if resp.ErrorCode != 0 {
		return nil, kerr.ErrorForCode(resp.ErrorCode)
	}
	next := map[string]int64{}
	for _, t := range resp.Topics {
		for _, part := range t.Partitions {
			if part.ErrorCode != 0 && part.ErrorCode != kerr.UnknownTopicOrPartition.Code {
				return nil, kerr.ErrorForCode(part.ErrorCode)
			}
			if part.Offset >= 0 {
				next[t.Topic] = part.Offset
			}
		}
	}
	return next, nil
}
