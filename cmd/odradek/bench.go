package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/cmd/odradek/internal/bench"
	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/console"
	"odradek/node/record"
)

// benchCmd are the commands that measure a broker, any broker.
type benchCmd struct {
	Produce benchProduceCmd `cmd:"" help:"Send batches for a time."`
	Fetch   benchFetchCmd   `cmd:"" help:"Read all there is, as a consumer that catches up."`
	Latency benchLatencyCmd `cmd:"" help:"Measure from sender to consumer at fixed rates."`
	Groups  benchGroupsCmd  `cmd:"" help:"Measure how soon a large consumer group is stable."`
}

// benchFlags are common to all of them.
type benchFlags struct {
	cluster.Flags
	Client            string            `help:"raw: batches built once, own connections; franz: franz-go." enum:"raw,franz" default:"raw"`
	Topic             string            `short:"t" help:"The topic; it is created if missing." default:"bench"`
	Partitions        int32             `help:"Partitions of a topic that is created." default:"1"`
	ReplicationFactor int16             `help:"Replicas of a topic that is created; -1 for the cluster's default." default:"-1"`
	Config            map[string]string `help:"A config of a topic that is created, key=value. Repeatable." mapsep:"none"`
	Connections       int               `help:"Connections (raw) or clients (franz)." default:"1"`
	JSON              string            `name:"json" help:"A file for the results as JSON, one a line; - for the standard output." placeholder:"FILE"`
}

// setting is what a measurement runs with.
type setting struct {
	ctx  context.Context
	load *bench.Load
	dial bench.NewClient
	cl   *kgo.Client
}

// on runs measure against the topic and prints its results.
func (b *benchFlags) on(load bench.Load, measure func(setting) ([]*bench.Result, error)) error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	cl, err := b.Dial(ctx)
	if err != nil {
		return err
	}
	defer cl.Close()
	load.Connections, load.Patience = b.Connections, b.RequestTimeout
	if load.Topic, err = b.topic(ctx, cl); err != nil {
		return err
	}
	if err := load.Check(); err != nil {
		return err
	}
	results, err := measure(setting{ctx, &load, b.Dial, cl})
	if err != nil {
		results = slices.DeleteFunc(results, func(r *bench.Result) bool { return r.Requests == 0 })
	}
	return errors.Join(err, b.print(results))
}

// topic finds the topic, or creates it.
func (b *benchFlags) topic(ctx context.Context, cl *kgo.Client) (*cluster.Topic, error) {
	ctx, cancel := context.WithTimeout(ctx, b.RequestTimeout)
	defer cancel()
	configs := map[string]*string{}
	for k, v := range b.Config {
		configs[k] = &v
	}
	resp, err := kadm.NewClient(cl).CreateTopic(ctx, b.Partitions, b.ReplicationFactor, configs, b.Topic)
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return nil, broken(b.Topic, err, resp.ErrMessage)
	}
	return cluster.FindTopic(ctx, cl, b.Topic, true) // true: it may take a moment to appear
}

func (b *benchFlags) print(results []*bench.Result) error {
	if len(results) == 0 {
		return nil
	}
	if b.JSON == "-" {
		return bench.JSON(os.Stdout, results)
	}
	err := bench.Table(os.Stdout, results)
	if b.JSON == "" {
		return err
	}
	f, ferr := os.Create(b.JSON)
	if ferr != nil {
		return errors.Join(err, fmt.Errorf("results: %w", ferr))
	}
	return errors.Join(err, bench.JSON(f, results), f.Close())
}

// ranges are all partitions from their first offsets to their ends.
func (s setting) ranges() (map[int32]bench.Range, error) {
	ctx, cancel := context.WithTimeout(s.ctx, s.load.Patience)
	defer cancel()
	all, err := chosen(s.load.Topic, nil)
	if err != nil {
		return nil, err
	}
	spans, err := console.Spans(ctx, s.cl, s.load.Topic.Name, all, "earliest", false)
	ranges := map[int32]bench.Range{}
	for p, s := range spans {
		ranges[p] = bench.Range{Start: s.Start, End: s.End}
	}
	return ranges, err
}

func recordCodec(name string) (record.Codec, error) {
	for c := record.None; c.Known(); c++ {
		if c.String() == name {
			return c, nil
		}
	}
	return 0, fmt.Errorf("no codec is named %q", name)
}
