package main

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/cmd/odradek/internal/cluster"
)

// topicListCmd prints the names of topics, in order.
type topicListCmd struct {
	cluster.Flags
	ExcludeInternal bool `help:"Leave out the cluster's own topics."`
}

// Run prints them.
func (c *topicListCmd) Run() error {
	return c.Ask(c.list)
}

func (c *topicListCmd) list(ctx context.Context, cl *kgo.Client) error {
	all, err := kadm.NewClient(cl).ListTopicsWithInternal(ctx)
	if err != nil {
		return fmt.Errorf("list topics: %w", err)
	}
	for _, t := range all.Sorted() {
		if !c.ExcludeInternal || !t.IsInternal {
			fmt.Println(t.Topic)
		}
	}
	return nil
}
