package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/console"
)

// consumeCmd prints records.
type consumeCmd struct {
	cluster.Flags
	topicName
	Group          string   `short:"G" help:"Read as a member of this consumer group, from what it has committed."`
	Partition      []int32  `short:"p" help:"Only these partitions."`
	FromBeginning  bool     `help:"Begin with the first record; the same as --offset earliest."`
	Offset         string   `short:"o" help:"Begin with earliest, latest, an offset, -N before the end, or @MILLISECONDS." default:"latest"`
	MaxMessages    int      `short:"c" help:"End after so many records."`
	ExitAtEnd      bool     `short:"e" help:"End at what is the end now."`
	TimeoutMs      int      `help:"End when nothing comes for so long."`
	JSON           bool     `short:"J" name:"json" help:"Print a line of JSON for each record."`
	KeySeparator   string   `short:"K" help:"Print keys, and this behind them (\\t for a tab)."`
	IsolationLevel string   `help:"read_uncommitted or read_committed." enum:"read_uncommitted,read_committed" default:"read_uncommitted"`
	Property       []string `aliases:"formatter-property" sep:"none" help:"A property of the printer, as of kafka-console-consumer. Repeatable." placeholder:"KEY=VALUE"`
}

// exitCorrupt is what the process ends with when a record was damaged.
const exitCorrupt = 3

// Run prints until an end that was asked for, or a signal.
func (c *consumeCmd) Run() error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	printer, err := c.printer()
	if err != nil {
		return err
	}
	if c.Group != "" {
		return c.join(ctx, printer)
	}
	cl, err := c.Dial(ctx, c.options()...)
	if err != nil {
		return err
	}
	defer cl.Close()
	take, err := c.take(ctx, cl)
	if err != nil {
		return err
	}
	take.Print = printer
	n, err := take.Run(ctx, os.Stdout)
	fmt.Fprintf(os.Stderr, "Processed a total of %d messages\n", n)
	return c.verdict(err)
}

// join prints what the group gives to this member.
func (c *consumeCmd) join(ctx context.Context, printer console.Printer) error {
	if len(c.Partition) > 0 || c.ExitAtEnd {
		return errors.New("with --group neither --partition nor --exit-at-end has a meaning")
	}
	opts := console.MemberOptions(c.Group, c.Topic, c.FromBeginning || c.Offset == "earliest")
	if c.committed() {
		opts = append(opts, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	}
	cl, err := c.Dial(ctx, opts...)
	if err != nil {
		return err
	}
	defer cl.Close()
	m := console.Member{Client: cl, Print: printer, Max: c.MaxMessages, Idle: c.idle()}
	n, err := m.Run(ctx, os.Stdout)
	fmt.Fprintf(os.Stderr, "Processed a total of %d messages\n", n)
	return c.verdict(err)
}

// verdict is what an end means to whoever called the command.
func (c *consumeCmd) verdict(err error) error {
	var corrupt *console.CorruptError
	switch {
	case errors.As(err, &corrupt):
		return exitCode{exitCorrupt, err.Error()}
	case errors.Is(err, context.Canceled):
		return nil // a signal: the person has seen enough
	case errors.Is(err, console.ErrIdle) && c.TimeoutMs > 0 && !c.ExitAtEnd:
		return nil
	}
	return err
}

func (c *consumeCmd) options() []kgo.Opt {
	opts := console.Options()
	if c.committed() {
		opts = append(opts, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	}
	return opts
}

func (c *consumeCmd) committed() bool { return c.IsolationLevel == "read_committed" }

func (c *consumeCmd) take(ctx context.Context, cl *kgo.Client) (*console.Take, error) {
	patience, cancel := context.WithTimeout(ctx, c.RequestTimeout)
	defer cancel()
	topic, err := cluster.FindTopic(patience, cl, c.Topic, false)
	if err != nil {
		return nil, err
	}
	partitions, err := chosen(topic, c.Partition)
	if err != nil {
		return nil, err
	}
	from := console.Where(c.Offset)
	if c.FromBeginning {
		from = "earliest"
	}
	spans, err := console.Spans(patience, cl, c.Topic, partitions, from, c.committed())
	if err != nil {
		return nil, err
	}
	return &console.Take{Client: cl, Topic: c.Topic, Spans: spans, Max: c.MaxMessages, AtEnd: c.ExitAtEnd, Idle: c.idle()}, nil
}

// idle is how long to wait for a record: one that is known to exist must come.
func (c *consumeCmd) idle() time.Duration {
	if c.TimeoutMs == 0 && c.ExitAtEnd {
		return c.RequestTimeout
	}
	return time.Duration(c.TimeoutMs) * time.Millisecond
}

// chosen are all partitions, or those asked for, which must exist.
func chosen(topic *cluster.Topic, asked []int32) ([]int32, error) {
	for _, p := range asked {
		if p < 0 || int(p) >= len(topic.Leaders) {
			return nil, fmt.Errorf("topic %s has %d partitions, there is none with number %d", topic.Name, len(topic.Leaders), p)
		}
	}
	if len(asked) > 0 {
		return asked, nil
	}
	for p := range topic.Leaders {
		asked = append(asked, int32(p))
	}
	return asked, nil
}

func (c *consumeCmd) printer() (console.Printer, error) {
	if c.JSON {
		return console.JSON{}, nil
	}
	props, err := console.ParseProperties(c.Property)
	if err != nil {
		return nil, err
	}
	if c.KeySeparator != "" {
		props["print.key"], props["key.separator"] = "true", c.KeySeparator
	}
	return console.NewText(props)
}
