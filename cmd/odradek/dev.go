package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"odradek/cmd/odradek/internal/dev"
)

// devCmd runs a whole cluster on this machine, for development.
type devCmd struct {
	Nodes    int      `help:"How many nodes, each broker and controller." default:"3"`
	Data     string   `help:"Folder of the data; node i has a folder of its own in it." default:"data-dev" placeholder:"DIR"`
	Port     int      `help:"Port of node 1; the others follow it. Controllers are 100 above." default:"9092"`
	Restart  bool     `help:"Start a node again that has ended by itself."`
	Override []string `help:"A property of all nodes, key=value. Repeatable." placeholder:"KEY=VALUE" sep:"none"`
}

// Run runs it until it is told to end.
func (c *devCmd) Run() error {
	binary, err := os.Executable()
	if err != nil {
		return fmt.Errorf("where this binary is: %w", err)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	plan := dev.Plan{Nodes: c.Nodes, Data: c.Data, Port: c.Port, Overrides: c.Override}
	if err := plan.Check(); err != nil {
		return err
	}
	fmt.Printf("%d nodes in %s: clients go to %s\n", c.Nodes, c.Data, plan.Seeds())
	all := dev.Cluster{Plan: plan, Binary: binary, Restart: c.Restart, Out: os.Stdout}
	return all.Run(ctx)
}
