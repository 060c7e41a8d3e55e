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
	Protocol []string      `help:"classic, consumer." enum:"classic,consumer" default:"classic,consumer"`
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
	var results []*bench.Result
	for _, protocol := range c.Protocol {
		crowd := &bench.Crowd{Dial: c.Dial, Group: fmt.Sprintf("bench-%s-%d", protocol, time.Now().UnixMilli()), Topic: topic.Name,
			Partitions: len(topic.Leaders), Members: c.Members, Consumer: protocol == "consumer"}
		patience, cancel := context.WithTimeout(ctx, c.Patience)
		all, one, err := crowd.Settle(patience)
		cancel()
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", protocol, err), c.print(results))
		}
		results = append(results, stable(protocol+", one more", one), stable(protocol+", all at once", all))
	}
	return c.print(results)
}

// stable is a result with one time.
func stable(name string, took time.Duration) *bench.Result {
	r := &bench.Result{Name: name, Elapsed: took, Requests: 1}
	r.Latency.Add(took)
	return r
}
