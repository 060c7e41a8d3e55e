package oracle

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
)

// KafkaNodes is the Cluster of real Kafka nodes on loopback, for scripts.
type KafkaNodes struct {
	ctx   context.Context
	setup Setup
	nodes []*Kafka // by id - 1; one that was stopped stays, with its address
}

// StartNodes starts n nodes of Kafka below dir, with the given properties over
// ClusterProperties(). End them with End; they die with ctx.
func StartNodes(ctx context.Context, dir string, n int, overrides map[string]string) (*KafkaNodes, error) {
	all := ClusterProperties()
	all["log.initial.task.delay.ms"] = "86400000" // else retention begins after 30 s, whatever its interval: see Properties
	maps.Copy(all, overrides)
	setup := Setup{Dir: dir, Overrides: all}
	nodes, err := StartCluster(ctx, setup, n)
	return &KafkaNodes{ctx, setup, nodes}, err
}

// At is the transport to one node.
func (k *KafkaNodes) At(node int) Transport { return TCP{k.nodes[node-1].addr} }

// Dial connects to the first node that runs.
func (k *KafkaNodes) Dial() (Conn, error) {
	for _, n := range k.nodes {
		if n.runs() {
			return TCP{n.addr}.Dial()
		}
	}
	return nil, errors.New("no node runs")
}

func (k *Kafka) runs() bool {
	select {
	case <-k.done:
		return false
	default:
		return true
	}
}

// Stop ends a node in order.
func (k *KafkaNodes) Stop(node int) error { return k.nodes[node-1].Stop() }

// Kill ends a node's process at once.
func (k *KafkaNodes) Kill(node int) error {
	n := k.nodes[node-1]
	err := n.cmd.Process.Kill()
	<-n.done
	return err
}

// Start starts the process of a node that was stopped or killed, as it was before.
func (k *KafkaNodes) Start(node int) error {
	was := k.nodes[node-1]
	if was.runs() {
		return fmt.Errorf("node %d runs", node)
	}
	jars, err := FetchKafka(k.ctx)
	if err != nil {
		return err
	}
	one := k.setup
	one.Dir = filepath.Join(k.setup.Dir, fmt.Sprint(node))
	now, err := launch(k.ctx, jars, one, filepath.Join(one.Dir, "server.properties"), was.addr)
	if err != nil {
		return err
	}
	k.nodes[node-1] = now
	return now.waitReady(k.ctx)
}

// Revive starts every node that does not run: a script that ends early leaves some.
func (k *KafkaNodes) Revive() error {
	for i, n := range k.nodes {
		if n.runs() {
			continue
		}
		if err := k.Start(i + 1); err != nil {
			return err
		}
	}
	return nil
}

// Pause sleeps.
func (k *KafkaNodes) Pause() { time.Sleep(pollPause) }

// End stops all nodes, with no regard for what they have under way.
func (k *KafkaNodes) End() error {
	var failed []error
	for i, n := range k.nodes {
		if n.runs() {
			failed = append(failed, k.Kill(i+1))
		}
	}
	return errors.Join(failed...)
}

// Settle implements Settler: see KafkaTCP. All nodes that run are waited for.
func (k *KafkaNodes) Settle() error {
	var conns []Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	for _, n := range k.nodes {
		if !n.runs() {
			continue
		}
		c, err := TCP{n.addr}.Dial()
		if err != nil {
			return err
		}
		conns = append(conns, c)
	}
	if err := pass(conns, makeMarker(), kerr.ErrorForCode(0)); err != nil {
		return err
	}
	return pass(conns, dropMarker(), kerr.UnknownTopicOrPartition)
}
