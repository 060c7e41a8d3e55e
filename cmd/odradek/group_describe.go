package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/groups"
)

// groupDescribeCmd prints groups; without a name, all.
type groupDescribeCmd struct {
	cluster.Flags
	Group   []string `arg:"" optional:"" help:"The groups; all if none is named."`
	Members bool     `xor:"what" help:"Show the members."`
	State   bool     `xor:"what" help:"Show the state."`
	Verbose bool     `help:"With --members: also epochs, and the partitions of each."`
}

// Run prints them.
func (c *groupDescribeCmd) Run() error {
	return c.Ask(c.show)
}

func (c *groupDescribeCmd) show(ctx context.Context, cl *kgo.Client) error {
	adm := kadm.NewClient(cl)
	names := c.Group
	if len(names) == 0 {
		all, err := groups.List(ctx, cl)
		if err != nil {
			return err
		}
		for _, g := range all {
			names = append(names, g.Group)
		}
	}
	var failed []error
	for i, name := range names {
		if i > 0 {
			fmt.Println()
		}
		failed = append(failed, c.one(ctx, adm, name))
	}
	return errors.Join(failed...)
}

func (c *groupDescribeCmd) one(ctx context.Context, adm *kadm.Client, name string) error {
	g, err := groups.Describe(ctx, adm, name)
	if err != nil {
		return err
	}
	if len(g.Members) == 0 && !c.State {
		fmt.Fprintf(os.Stderr, "Consumer group '%s' has no active members.\n", name)
	}
	switch {
	case c.State:
		return groups.ShowState(os.Stdout, g)
	case c.Members:
		return groups.ShowMembers(os.Stdout, g, c.Verbose)
	}
	all, err := groups.Positions(ctx, adm, g)
	if err != nil {
		return err
	}
	return groups.ShowPositions(os.Stdout, g, all)
}
