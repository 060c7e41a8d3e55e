package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"odradek/cmd/odradek/internal/bench"
)

// benchGroupsCmd measures how soon a large group is stable, in both protocols.
type benchGroupsCmd struct {
	benchFlags
	Members  int           `help:"Members of the group." default:"100"`
	Idle     int           `help:"Instead: make so many groups that only have an offset."`
	Patience time.Duration `help:"How long to wait for an assignment." default:"2m"`
}

// Run measures.
func (c *benchGroupsCmd) Run() error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	cl, err := c.Dial(ctx)
	if err != nil {
		return err
	}
	defer cl.Close()
	topic, err := c.topic(ctx, cl)
	if err != nil {
		return err
	}
	if c.Idle > 0 {
		took, err := bench.Idle(ctx, cl, "idle", topic.Name, c.Idle)
		fmt.Printf("%d groups committed an offset within %v\n", c.Idle, took.Round(time.Millisecond))
		return err
	}
	var failed []error
	for _, protocol := range []string{"classic", "consumer"} {
		crowd := &bench.Crowd{Dial: c.Dial, Group: fmt.Sprintf("bench-%s-%d", protocol, time.Now().UnixMilli()), Topic: topic.Name,
			Partitions: len(topic.Leaders), Members: c.Members, Consumer: protocol == "consumer"}
		patience, cancel := context.WithTimeout(ctx, c.Patience)
		all, one, err := crowd.Settle(patience)
		cancel()
		failed = append(failed, err)
		fmt.Printf("%-8s %d members, %d partitions: all at once %v, one more %v\n", protocol, c.Members, len(topic.Leaders),
			all.Round(time.Millisecond), one.Round(time.Millisecond))
	}
	return errors.Join(failed...)
}
