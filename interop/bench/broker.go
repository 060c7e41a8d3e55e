package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"syscall"

	"odradek/checker/oracle"
	"odradek/interop/local"
)

// broker is what is measured: a broker, or a cluster of them.
type broker struct {
	name  string
	addr  string   // of all its nodes, separated by commas
	pids  []int    // none: not ours to look into
	debug []string // where its nodes show what they use; none: it does not
	stop  func() error
	kill  func() error                    // at once; nil: it is not ours
	start func(ctx context.Context) error // again, after kill; it may be reached elsewhere
}

// start starts what is to be measured with so many nodes; what it started is
// returned with an error, too.
func (o *options) start(ctx context.Context, dir string, nodes int) (all []*broker, err error) {
	if o.address != "" {
		return []*broker{{name: o.address, addr: o.address, stop: func() error { return nil }}}, nil
	}
	own, err := o.startOdradek(ctx, filepath.Join(dir, "odradek"), nodes)
	if err != nil {
		return nil, err
	}
	all = append(all, own)
	for _, name := range o.peers() {
		peer, err := o.startKafka(ctx, name, filepath.Join(dir, name), nodes)
		if err != nil {
			return all, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, peer)
	}
	return all, nil
}

// fsynced is Kafka when it, too, syncs what it acknowledges.
const fsynced = "kafka-fsync"

func (o *options) peers() []string {
	return strings.FieldsFunc(o.peer, func(r rune) bool { return r == ',' })
}

// replicated are the properties under which every record of several nodes is on
// three of them, and on two before it is acknowledged.
func replicated(nodes int) map[string]string {
	if nodes == 1 {
		return map[string]string{}
	}
	return map[string]string{"default.replication.factor": fmt.Sprint(min(nodes, 3)), "min.insync.replicas": "2"}
}

// startKafka starts Kafka with its defaults, and the heap that its start script
// gives it.
func (o *options) startKafka(ctx context.Context, name, dir string, nodes int) (*broker, error) {
	props := replicated(nodes)
	switch name {
	case "kafka":
	case fsynced:
		props["log.flush.interval.messages"] = "1"
	default:
		return nil, errors.New("there is no such peer: kafka and " + fsynced + " are")
	}
	s := oracle.Setup{Dir: dir, Overrides: props, JVM: []string{"-Xmx1g", "-Xms1g", "-XX:+UseG1GC"}}
	b := &broker{name: name}
	var running []*oracle.Kafka
	b.start = func(ctx context.Context) (err error) {
		running, err = startNodes(ctx, s, nodes)
		if b.addr, b.pids = "", nil; err != nil {
			return err
		}
		var addrs []string
		for _, k := range running {
			addrs, b.pids = append(addrs, k.Addr()), append(b.pids, k.Pid())
		}
		b.addr = strings.Join(addrs, ",")
		return nil
	}
	b.stop = func() error { return oracle.StopAll(running) } // its data are thrown away
	b.kill = func() (err error) {
		for _, k := range running {
			err = errors.Join(err, k.Kill())
		}
		return err
	}
	return b, b.start(ctx)
}

func startNodes(ctx context.Context, s oracle.Setup, nodes int) ([]*oracle.Kafka, error) {
	if nodes > 1 {
		return oracle.StartCluster(ctx, s, nodes)
	}
	k, err := oracle.Start(ctx, s)
	if err != nil {
		return nil, err
	}
	return []*oracle.Kafka{k}, nil
}

func (o *options) startOdradek(ctx context.Context, dir string, nodes int) (*broker, error) {
	props := replicated(nodes)
	maps.Copy(props, o.set)
	c, err := local.Start(ctx, local.Setup{Binary: o.odradek, Dir: dir, Nodes: nodes, Properties: props, Debug: true})
	if err != nil {
		return nil, err
	}
	b := &broker{name: "odradek", addr: strings.Join(c.Seeds(), ","), stop: c.Stop}
	b.kill = func() (err error) {
		for _, n := range c.Nodes {
			err = errors.Join(err, n.Signal(syscall.SIGKILL), n.Gone())
		}
		return err
	}
	b.start = func(context.Context) (err error) {
		for _, n := range c.Nodes {
			err = errors.Join(err, n.Start())
		}
		b.look(c)
		return err
	}
	b.look(c)
	return b, nil
}

func (b *broker) look(c *local.Cluster) {
	b.pids, b.debug = nil, nil
	for _, n := range c.Nodes {
		b.pids, b.debug = append(b.pids, n.Pid()), append(b.debug, n.Debug)
	}
}
