package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/console"
)

// Short names for what is described.
type (
	topicPart  = kmsg.DescribeTopicPartitionsResponseTopicPartition
	topicParts = kmsg.DescribeTopicPartitionsResponseTopic
)

// liveBrokers are those that clients are told of.
func liveBrokers(ctx context.Context, cl *kgo.Client) ([]int32, error) {
	found, err := kadm.NewClient(cl).ListBrokers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list brokers: %w", err)
	}
	return found.NodeIDs(), nil
}

// minISR is min.insync.replicas of each topic.
func minISR(ctx context.Context, cl *kgo.Client, topics []topicParts) (map[string]int, error) {
	var names []string
	for i := range topics {
		if topics[i].ErrorCode == 0 {
			names = append(names, *topics[i].Topic)
		}
	}
	least := map[string]int{}
	if len(names) == 0 {
		return least, nil
	}
	found, err := kadm.NewClient(cl).DescribeTopicConfigs(ctx, names...)
	if err != nil {
		return nil, fmt.Errorf("configs of topics: %w", err)
	}
	for _, r := range found {
		for _, c := range r.Configs {
			if c.Key == "min.insync.replicas" {
				least[r.Name], _ = strconv.Atoi(c.MaybeValue()) // 0 where a broker hides it
			}
		}
	}
	return least, nil
}

// lagColumns shows the leader epoch and how far each replica is behind.
func lagColumns(ends cluster.Ends, topic string) console.Columns {
	return func(p *topicPart) string {
		return fmt.Sprintf("\tLeaderEpoch: %d\tLag: %s", p.LeaderEpoch, lags(ends, topic, p))
	}
}

// lags are replica:records, of all but the leader.
func lags(ends cluster.Ends, topic string, p *topicPart) string {
	var all []string
	for _, r := range p.Replicas {
		if r == p.LeaderID {
			continue
		}
		lag, known := ends.Lag(topic, p, r)
		if !known {
			all = append(all, fmt.Sprintf("%d:?", r))
			continue
		}
		all = append(all, fmt.Sprintf("%d:%d", r, lag))
	}
	return strings.Join(all, ",")
}
