package main

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"

	"odradek/cmd/odradek/internal/cluster"
)

// topicListCmd prints the names of topics, in order.
type topicListCmd struct {
	cluster.Flags
	ExcludeInternal bool `help:"Leave out the cluster's own topics."`
}

// Run prints them.
func (c *topicListCmd) Run() error {
	ctx, cancel := c.Context()
	defer cancel()
	cl, err := c.Dial(ctx)
	if err != nil {
		return err
	}
	defer cl.Close()
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
