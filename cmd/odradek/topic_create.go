package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/cmd/odradek/internal/cluster"
)

// topicCreateCmd creates a topic.
type topicCreateCmd struct {
	cluster.Flags
	topicName
	Partitions        int32             `help:"How many partitions; -1 for the cluster's default." default:"-1"`
	ReplicationFactor int16             `help:"How many replicas of each; -1 for the cluster's default." default:"-1"`
	Config            map[string]string `help:"A config of the topic, key=value. Repeatable." mapsep:"none"`
	IfNotExists       bool              `help:"A topic that exists is no error."`
}

// Run creates it.
func (c *topicCreateCmd) Run() error {
	return c.Ask(c.create)
}

func (c *topicCreateCmd) create(ctx context.Context, cl *kgo.Client) error {
	configs := map[string]*string{}
	for k, v := range c.Config {
		configs[k] = &v
	}
	resp, err := kadm.NewClient(cl).CreateTopic(ctx, c.Partitions, c.ReplicationFactor, configs, c.Topic)
	if c.IfNotExists && errors.Is(err, kerr.TopicAlreadyExists) {
		return nil
	}
	if err != nil {
		return broken(c.Topic, err, resp.ErrMessage)
	}
	fmt.Printf("Created topic %s.\n", c.Topic)
	return nil
}
