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

// topicDeleteCmd deletes topics.
type topicDeleteCmd struct {
	cluster.Flags
	topicNames
	IfExists bool `help:"A topic that does not exist is no error."`
}

// Run deletes them all, and says which it could not.
func (c *topicDeleteCmd) Run() error {
	if len(c.Topic) == 0 {
		return errors.New("missing argument: <topic>")
	}
	return c.Ask(c.delete)
}

func (c *topicDeleteCmd) delete(ctx context.Context, cl *kgo.Client) error {
	resp, err := kadm.NewClient(cl).DeleteTopics(ctx, c.Topic...)
	if err != nil {
		return fmt.Errorf("delete topics: %w", err)
	}
	var failed []error
	for _, r := range resp.Sorted() {
		if !c.IfExists || !errors.Is(r.Err, kerr.UnknownTopicOrPartition) {
			failed = append(failed, broken(r.Topic, r.Err, r.ErrMessage))
		}
	}
	return errors.Join(failed...)
}
