package main

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"strings"

	"odradek/checker/oracle"
	"odradek/interop/local"
)

// broker is what is measured: a broker, or a cluster of them.
type broker struct {
	name string
	addr string // of all its nodes, separated by commas
	pids []int  // none: not ours to look into
	stop func() error
}

// start starts what is to be measured; what it started is returned with an
// error, too.
func (o *options) start(ctx context.Context, dir string) ([]*broker, error) {
	if o.address != "" {
		return []*broker{{name: o.address, addr: o.address, stop: func() error { return nil }}}, nil
	}
	own, err := o.startOdradek(ctx, filepath.Join(dir, "odradek"))
	if err != nil {
		return nil, err
	}
	switch o.peer {
	case "":
		return []*broker{own}, nil
	case "kafka":
		peer, err := o.startKafka(ctx, filepath.Join(dir, "kafka"))
		if err != nil {
			return []*broker{own}, err
		}
		return []*broker{own, peer}, nil
	}
	return []*broker{own}, fmt.Errorf("no peer is named %q: kafka is", o.peer)
}

// replicated are the properties under which every record of several nodes is on
// three of them, and on two before it is acknowledged.
func (o *options) replicated() map[string]string {
	if o.nodes == 1 {
		return nil
	}
	return map[string]string{
		"default.replication.factor": fmt.Sprint(min(o.nodes, 3)), "min.insync.replicas": "2",
	}
}

// startKafka starts Kafka with its defaults (with -fsync, it also syncs each
// batch), and the heap that its start script gives it.
func (o *options) startKafka(ctx context.Context, dir string) (*broker, error) {
	props := map[string]string{}
	maps.Copy(props, o.replicated())
	if o.fsync {
		props["log.flush.interval.messages"] = "1"
	}
	s := oracle.Setup{Dir: dir, Overrides: props, JVM: []string{"-Xmx1g", "-Xms1g", "-XX:+UseG1GC"}}
	var nodes []*oracle.Kafka
	var err error
	if o.nodes == 1 {
		var k *oracle.Kafka
		k, err = oracle.Start(ctx, s)
		nodes = append(nodes, k)
	} else {
		nodes, err = oracle.StartCluster(ctx, s, o.nodes)
	}
	if err != nil {
		return nil, err
	}
	b := &broker{name: "kafka", stop: func() error { return oracle.StopAll(nodes) }}
	var addrs []string
	for _, k := range nodes {
		addrs, b.pids = append(addrs, k.Addr()), append(b.pids, k.Pid())
	}
	b.addr = strings.Join(addrs, ",")
	return b, nil
}

func (o *options) startOdradek(ctx context.Context, dir string) (*broker, error) {
	c, err := local.Start(ctx, local.Setup{Binary: o.odradek, Dir: dir, Nodes: o.nodes, Properties: o.replicated()})
	if err != nil {
		return nil, err
	}
	b := &broker{name: "odradek", addr: strings.Join(c.Seeds(), ","), stop: c.Stop}
	for _, n := range c.Nodes {
		b.pids = append(b.pids, n.Pid())
	}
	return b, nil
}
