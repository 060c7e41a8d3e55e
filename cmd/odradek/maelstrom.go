package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"odradek/cmd/odradek/internal/memory"
	"odradek/maelstrom"
	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/host"
)

// maelstromCmd is one node behind Maelstrom's network, on the standard input and output.
type maelstromCmd struct {
	Data     string        `help:"Folder of the data, one below it for each node; in memory if not given." placeholder:"DIR"`
	Patience time.Duration `help:"How long a node that does not acknowledge is waited for." default:"${patience}"`
	Settle   time.Duration `help:"How long after init nothing is sent to other nodes: they may not be in the network yet, which Maelstrom does not forgive." default:"300ms"`
	Shards   int           `help:"Shards of the node." default:"2"`
	Override []string      `help:"A property over those that the cluster is given, key=value. Repeatable." placeholder:"KEY=VALUE" sep:"none"`
	Verbose  bool          `help:"Write what the node logs to the standard error, down to debugging."`
}

// Ports of each node on Maelstrom's network.
const (
	brokerPort     = 9092
	controllerPort = 9093
)

// Run serves until the input ends.
func (c *maelstromCmd) Run() error {
	node, err := maelstrom.Join(os.Stdin, os.Stdout, c.Patience, func(text string) { logLine(env.Warn, text) })
	if errors.Is(err, io.EOF) {
		return nil // nobody wants a node
	}
	if err != nil {
		return err
	}
	settings, err := c.settings(node)
	if err != nil {
		return err
	}
	machines, err := broker.New(settings, seeded())
	if err != nil {
		return err
	}
	return c.serve(node, c.host(settings, node), machines)
}

// serve ends when the input does, or the broker by itself.
func (c *maelstromCmd) serve(node *maelstrom.Node, cfg host.Config, machines []env.Machine) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		settled := time.NewTimer(c.Settle)
		defer settled.Stop()
		select {
		case <-settled.C:
			ended <- host.Run(ctx, cfg, machines)
		case <-ctx.Done():
			ended <- nil
		}
	}()
	service := maelstrom.NewService(node, brokerPort)
	served := make(chan error, 1)
	go func() { served <- node.Serve(ctx, service.Handlers()) }()
	select {
	case err := <-ended:
		return fmt.Errorf("the broker has ended: %w", err)
	case err := <-served:
		service.Close()
		cancel()
		if late := <-ended; late != nil { // the others, of whom it takes leave, are gone with the input
			logLine(env.Warn, late.Error())
		}
		return err
	}
}

func (c *maelstromCmd) settings(n *maelstrom.Node) (*config.Broker, error) {
	var voters []string
	for i, id := range n.All {
		voters = append(voters, fmt.Sprintf("%d@%s:%d", i+1, id, controllerPort))
	}
	replicas := maelstrom.Replicas(len(n.All))
	given := []config.Setting{
		{Key: "node.id", Value: fmt.Sprint(slices.Index(n.All, n.ID) + 1)},
		{Key: "process.roles", Value: "broker,controller"},
		{Key: "controller.quorum.voters", Value: strings.Join(voters, ",")},
		{Key: "controller.listener.names", Value: "CONTROLLER"},
		{Key: "listeners", Value: fmt.Sprintf("PLAINTEXT://%s:%d,CONTROLLER://%s:%d", n.ID, brokerPort, n.ID, controllerPort)},
		{Key: "log.dirs", Value: filepath.Join(c.Data, n.ID)},
		{Key: "num.shards", Value: fmt.Sprint(c.Shards)},
		{Key: "min.insync.replicas", Value: fmt.Sprint(replicas/2 + 1)},
		{Key: "offsets.topic.replication.factor", Value: fmt.Sprint(replicas)},
		{Key: "offsets.topic.num.partitions", Value: "3"},
		{Key: "offsets.commit.timeout.ms", Value: "2000"},
		{Key: "broker.heartbeat.interval.ms", Value: "500"},
		{Key: "broker.session.timeout.ms", Value: "3000"},
		{Key: "replica.lag.time.max.ms", Value: "3000"},
	}
	var over []config.Setting
	for _, text := range c.Override {
		key, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("override %q is not of the form key=value", text)
		}
		over = append(over, config.Setting{Key: key, Value: value})
	}
	b, _, err := config.Load(given, over)
	return b, err
}

// host is the node's surroundings: the clock is real, the network Maelstrom's.
func (c *maelstromCmd) host(b *config.Broker, n *maelstrom.Node) host.Config {
	cfg := hostConfig(b)
	cfg.Network, cfg.Grace = n.Network, time.Second
	if c.Data == "" {
		cfg.Layer = memory.New()
	}
	least := env.Warn
	if c.Verbose {
		least = env.Debug
	}
	cfg.Log = func(level env.Level, text string) {
		if level >= least {
			logLine(level, text)
		}
	}
	return cfg
}
