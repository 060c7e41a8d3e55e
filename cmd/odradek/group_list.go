package main

import (
	"context"
	"fmt"
	"os"

	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/groups"
)

// groupListCmd prints the names of groups, in order.
type groupListCmd struct {
	cluster.Flags
	State bool `help:"Also show in which state each is."`
	Type  bool `help:"Also show of which type each is."`
}

// Run prints them.
func (c *groupListCmd) Run() error {
	return c.Ask(c.list)
}

func (c *groupListCmd) list(ctx context.Context, cl *kgo.Client) error {
	all, err := groups.List(ctx, cl)
	if err != nil {
		return err
	}
	if !c.State && !c.Type {
		for _, g := range all {
			fmt.Println(g.Group)
		}
		return nil
	}
	head := []string{"GROUP"}
	if c.Type {
		head = append(head, "TYPE")
	}
	if c.State {
		head = append(head, "STATE")
	}
	var rows [][]string
	for _, g := range all {
		row := []string{g.Group}
		if c.Type {
			row = append(row, g.Kind)
		}
		if c.State {
			row = append(row, g.State)
		}
		rows = append(rows, row)
	}
	return groups.Table(os.Stdout, head, rows)
}
