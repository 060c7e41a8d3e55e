package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/console"
)

// topicDescribeCmd prints topics with their partitions; without a name, all.
type topicDescribeCmd struct {
	cluster.Flags
	topicNames
}

// Run prints them.
func (c *topicDescribeCmd) Run() error {
	ctx, cancel := c.Context()
	defer cancel()
	cl, err := c.Dial(ctx)
	if err != nil {
		return err
	}
	defer cl.Close()
	topics, err := describe(ctx, cl, c.Topic)
	if err != nil {
		return err
	}
	var failed []error
	for _, t := range topics {
		var configs []string
		if t.ErrorCode == 0 {
			configs, err = ownConfigs(ctx, cl, *t.Topic)
			failed = append(failed, err)
		}
		failed = append(failed, console.DescribeTopic(os.Stdout, t, configs))
	}
	return errors.Join(failed...)
}

// describe asks page by page; a topic may go on on the next page.
func describe(ctx context.Context, cl *kgo.Client, names []string) (all []kmsg.DescribeTopicPartitionsResponseTopic, err error) {
	req := kmsg.NewPtrDescribeTopicPartitionsRequest()
	req.ResponsePartitionLimit = 2000
	for _, n := range names {
		req.Topics = append(req.Topics, kmsg.DescribeTopicPartitionsRequestTopic{Topic: n})
	}
	for {
		resp, err := req.RequestWith(ctx, cl)
		if err != nil {
			return nil, fmt.Errorf("describe topics: %w", err)
		}
		for _, t := range resp.Topics {
			if n := len(all); n > 0 && all[n-1].TopicID == t.TopicID && t.ErrorCode == 0 {
				all[n-1].Partitions = append(all[n-1].Partitions, t.Partitions...)
				continue
			}
			all = append(all, t)
		}
		if resp.NextCursor == nil {
			return all, nil
		}
		req.Cursor = &kmsg.DescribeTopicPartitionsRequestCursor{Topic: resp.NextCursor.Topic, Partition: resp.NextCursor.Partition}
	}
}

// ownConfigs are those that were set on the topic itself.
func ownConfigs(ctx context.Context, cl *kgo.Client, topic string) ([]string, error) {
	resp, err := kadm.NewClient(cl).DescribeTopicConfigs(ctx, topic)
	if err != nil {
		return nil, fmt.Errorf("configs of %s: %w", topic, err)
	}
	own := map[string]string{}
	for _, r := range resp {
		if r.Err != nil {
			return nil, fmt.Errorf("configs of %s: %w", topic, r.Err)
		}
		for _, c := range r.Configs {
			if c.Source == kmsg.ConfigSourceDynamicTopicConfig {
				own[c.Key] = c.MaybeValue()
			}
		}
	}
	return sortedPairs(own), nil
}
