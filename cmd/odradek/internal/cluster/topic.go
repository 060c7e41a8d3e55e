package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Topic is where a topic's partitions are.
type Topic struct {
	Name    string
	ID      [16]byte
	Leaders []string // by partition: host:port
}

// createLimit is how long a topic may take to appear after it was asked for; a
// broker that creates none by itself gives the same answer as one that is about
// to.
const createLimit = 2 * time.Second

// FindTopic asks for a topic until all its partitions have leaders. With create
// the broker may make it (auto.create.topics.enable).
func FindTopic(ctx context.Context, cl *kgo.Client, name string, create bool) (*Topic, error) {
	for begun := time.Now(); ; {
		t, err := askTopic(ctx, cl, name, create)
		waits := errors.Is(err, kerr.LeaderNotAvailable) || create && errors.Is(err, kerr.UnknownTopicOrPartition)
		if !waits || time.Since(begun) > createLimit {
			return t, err
		}
		if err := pause(ctx, retryAfter); err != nil {
			return nil, fmt.Errorf("topic %s: %w", name, err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func askTopic(ctx context.Context, cl *kgo.Client, name string, create bool) (*Topic, error) {
	req := kmsg.NewPtrMetadataRequest()
	asked := kmsg.NewMetadataRequestTopic()
	asked.Topic = &name
	req.Topics = append(req.Topics, asked)
	req.AllowAutoTopicCreation = create
	resp, err := req.RequestWith(ctx, cl)
	if err != nil {
		return nil, fmt.Errorf("topic %s: %w", name, err)
	}
	if len(resp.Topics) != 1 {
		return nil, fmt.Errorf("topic %s: the broker answered about %d topics", name, len(resp.Topics))
	}
	return place(name, resp)
}

// place finds the address of each partition's leader.
func place(name string, resp *kmsg.MetadataResponse) (*Topic, error) {
	brokers := map[int32]string{}
	for _, b := range resp.Brokers {
		brokers[b.NodeID] = fmt.Sprintf("%s:%d", b.Host, b.Port)
	}
	got := resp.Topics[0]
	if err := kerr.ErrorForCode(got.ErrorCode); err != nil {
		return nil, fmt.Errorf("topic %s: %w", name, err)
	}
	t := &Topic{Name: name, ID: got.TopicID, Leaders: make([]string, len(got.Partitions))}
	for _, p := range got.Partitions {
		addr, ok := brokers[p.Leader]
		if !ok || p.Partition < 0 || int(p.Partition) >= len(t.Leaders) {
			return nil, fmt.Errorf("topic %s: partition %d: %w", name, p.Partition, kerr.LeaderNotAvailable)
		}
		t.Leaders[p.Partition] = addr
	}
	return t, nil
}
