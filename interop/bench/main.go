// Command bench measures the broker of this tree, beside another one if asked:
// both run at the same time on this machine, take turns in each measurement, and
// the ratio of their medians is what counts.
//
//	go run ./interop/bench [-nodes 3] [-peer kafka [-fsync]] [-rounds 5] [-length 4s] [-json FILE]
//	go run ./interop/bench -broker HOST:PORT      only measures that one
//
//	main.go    flags and the order of things
//	broker.go  starts what is measured: bin/odradek, or Apache Kafka from its jars
//	plan.go    the measurements, each a run of `odradek bench`
//	memory.go  resident bytes, and how many an idle partition takes
//	table.go   medians, ratios
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

type options struct {
	odradek string // the binary, which also is the load generator
	address string // of a broker that runs already
	peer    string
	dir     string
	rounds  int
	length  time.Duration
	json    string
	idle    int
	nodes   int
	fsync   bool
}

func main() {
	var o options
	flag.StringVar(&o.odradek, "odradek", "bin/odradek", "the binary to measure, and to measure with")
	flag.StringVar(&o.address, "broker", "", "measure the broker at this address instead of starting one")
	flag.StringVar(&o.peer, "peer", "", "kafka: also measure Apache Kafka 4.4.0, started from its jars")
	flag.StringVar(&o.dir, "dir", os.TempDir(), "where the brokers' data go")
	flag.IntVar(&o.rounds, "rounds", 0, "times that each measurement is made; 0: 5 beside a peer, else 1")
	flag.DurationVar(&o.length, "length", 4*time.Second, "time of each measurement")
	flag.StringVar(&o.json, "json", "", "a file for all figures as JSON")
	flag.IntVar(&o.idle, "idle", 1000, "partitions that are made to see what an idle one takes; 0: none")
	flag.IntVar(&o.nodes, "nodes", 1, "nodes of each cluster; from 3 on records are on three of them, min.insync.replicas=2")
	flag.BoolVar(&o.fsync, "fsync", false, "let Apache Kafka sync, too (log.flush.interval.messages=1)")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := o.run(ctx)
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(o.dir, "odradek-bench.")
	if err != nil {
		return fmt.Errorf("folder for data: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	brokers, err := o.start(ctx, dir)
	defer func() {
		for _, b := range brokers {
			err = errors.Join(err, b.stop())
		}
	}()
	if err != nil {
		return err
	}
	all, err := o.measureAll(ctx, brokers)
	if err != nil {
		return err
	}
	printTable(os.Stdout, brokers, all)
	if o.json == "" {
		return nil
	}
	text, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(o.json, append(text, '\n'), 0o644)
}

// measureAll lets the brokers take turns, so that what else this machine does
// hits them alike.
func (o *options) measureAll(ctx context.Context, brokers []*broker) ([]*row, error) {
	if o.rounds == 0 {
		o.rounds = 1
		if len(brokers) > 1 {
			o.rounds = 5
		}
	}
	all, err := o.idlePartitions(ctx, brokers)
	if err != nil {
		return nil, err
	}
	for _, m := range plan {
		rows := m.rows(len(brokers))
		for round := range o.rounds {
			for i := range brokers {
				at := (i + round) % len(brokers)
				fmt.Fprintf(os.Stderr, "%s, round %d of %d: %s\n", m.name, round+1, o.rounds, brokers[at].name)
				if err := o.measure(ctx, m, brokers[at], rows, at); err != nil {
					return all, fmt.Errorf("%s: %s: %w", brokers[at].name, m.name, err)
				}
			}
		}
		all = append(all, rows...)
	}
	return append(all, resident(brokers)...), nil
}
