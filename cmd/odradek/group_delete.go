package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/groups"
)

// groupDeleteCmd deletes groups, or some of their offsets.
type groupDeleteCmd struct {
	cluster.Flags
	Group []string `arg:"" help:"The groups."`
	Topic []string `help:"Only the offsets of a topic, or topic:0,1. Repeatable." placeholder:"TOPIC[:P,P]" sep:"none"`
}

// Run deletes them.
func (c *groupDeleteCmd) Run() error {
	return c.Ask(c.delete)
}

func (c *groupDeleteCmd) delete(ctx context.Context, cl *kgo.Client) error {
	adm := kadm.NewClient(cl)
	var failed []error
	if len(c.Topic) > 0 {
		set, err := groups.Targets(ctx, adm, c.Topic)
		if err != nil {
			return err
		}
		for _, name := range c.Group {
			resp, err := adm.DeleteOffsets(ctx, name, set)
			if err == nil {
				err = resp.Error()
			}
			failed = append(failed, ofGroup(name, err))
		}
		return errors.Join(failed...)
	}
	for _, name := range c.Group {
		_, err := adm.DeleteGroup(ctx, name)
		failed = append(failed, ofGroup(name, err))
	}
	return errors.Join(failed...)
}

func ofGroup(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("group %s: %w", name, err)
}
