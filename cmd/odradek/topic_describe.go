package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/console"
)

// topicDescribeCmd prints topics with their partitions; without a name, all.
type topicDescribeCmd struct {
	cluster.Flags
	topicNames
	UnderReplicated bool `name:"under-replicated-partitions" help:"Only partitions with replicas that are not in the ISR."`
	Unavailable     bool `name:"unavailable-partitions" help:"Only partitions without a leader that lives."`
	AtMinISR        bool `name:"at-min-isr-partitions" help:"Only partitions whose ISR is as small as min.insync.replicas allows."`
	UnderMinISR     bool `name:"under-min-isr-partitions" help:"Only partitions whose ISR is smaller."`
	Lag             bool `help:"Also show leader epochs, and by how many records each replica is behind."`
}

// Run prints them.
func (c *topicDescribeCmd) Run() error {
	return c.Ask(c.show)
}

func (c *topicDescribeCmd) show(ctx context.Context, cl *kgo.Client) error {
	topics, err := describe(ctx, cl, c.Topic)
	if err != nil {
		return err
	}
	var ends cluster.Ends
	if c.Lag {
		ends = cluster.LogEnds(ctx, cl, topics)
	}
	if only := (console.Health{UnderReplicated: c.UnderReplicated, Unavailable: c.Unavailable, AtMinISR: c.AtMinISR, UnderMinISR: c.UnderMinISR}); only != (console.Health{}) {
		return c.unhealthy(ctx, cl, topics, ends, only)
	}
	var failed []error
	for _, t := range topics {
		var configs []string
		if t.ErrorCode == 0 {
			configs, err = ownConfigs(ctx, cl, *t.Topic)
			failed = append(failed, err)
		}
		failed = append(failed, console.DescribeTopic(os.Stdout, t, configs, c.columns(ends, t)))
	}
	return errors.Join(failed...)
}

func (c *topicDescribeCmd) columns(ends cluster.Ends, t topicParts) console.Columns {
	if !c.Lag || t.ErrorCode != 0 {
		return nil
	}
	return lagColumns(ends, *t.Topic)
}

// unhealthy prints only partitions with one of these faults.
func (c *topicDescribeCmd) unhealthy(ctx context.Context, cl *kgo.Client, topics []topicParts, ends cluster.Ends, only console.Health) error {
	live, err := liveBrokers(ctx, cl)
	if err != nil {
		return err
	}
	least, err := minISR(ctx, cl, topics)
	if err != nil {
		return err
	}
	var failed []error
	for _, t := range topics {
		failed = append(failed, broken(nameOf(t), kerr.ErrorForCode(t.ErrorCode), ""))
		failed = append(failed, console.DescribePartitions(os.Stdout, t, c.columns(ends, t), func(p *topicPart) bool {
			return console.HealthOf(p, least[nameOf(t)], live).Any(only)
		}))
	}
	return errors.Join(failed...)
}

func nameOf(t topicParts) string {
	if t.Topic == nil {
		return "?"
	}
	return *t.Topic
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
