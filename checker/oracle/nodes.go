package oracle

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Cluster is the transport of a script with @nodes: several brokers, and the
// hands that act on their processes. Nodes are numbered from 1, as their ids are.
// Dial connects to the first node that runs.
type Cluster interface {
	Transport
	At(node int) Transport
	Stop(node int) error  // in order: returns once the process has ended
	Kill(node int) error  // as a crash
	Start(node int) error // returns once the node lets clients in
	Pauser
}

const (
	clusterPolls = 600 // at most, of a request under @until
	pollPause    = 50 * time.Millisecond
)

// ClusterProperties are those of each node of a cluster, over Properties().
// Nothing moves by itself but what a script moves, and a killed broker is soon
// found to be dead.
func ClusterProperties() map[string]string {
	return map[string]string{
		"auto.leader.rebalance.enable": "false",
		"broker.session.timeout.ms":    "5000",
		"broker.heartbeat.interval.ms": "500",
	}
}

// gather waits until every node of a cluster says that all are there.
func (p *player) gather() error {
	c, ok := p.to.(Cluster)
	switch {
	case p.script.Nodes == 0:
		return nil
	case !ok:
		return fmt.Errorf("%s: it needs a cluster of %d nodes", p.script.Name, p.script.Nodes)
	}
	p.at = 1
	for node := range p.script.Nodes {
		if err := gathered(c, node+1, p.script.Nodes); err != nil {
			return fmt.Errorf("%s: %w", p.script.Name, err)
		}
	}
	return nil
}

func gathered(c Cluster, node, nodes int) error {
	conn, err := c.At(node).Dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	req := kmsg.NewPtrMetadataRequest()
	req.SetVersion(9)
	for range clusterPolls {
		resp, err := ask(conn, req)
		if err != nil {
			return err
		}
		if len(resp.(*kmsg.MetadataResponse).Brokers) == nodes {
			return nil
		}
		c.Pause()
	}
	return fmt.Errorf("node %d never saw %d brokers", node, nodes)
}

// act carries out @at, @stop, @kill and @start; arg is the verb and a node.
func (p *player) act(arg string) error {
	verb, number, _ := strings.Cut(arg, " ")
	c, ok := p.to.(Cluster)
	node, err := strconv.Atoi(number)
	if err != nil || !ok || node < 1 || node > p.script.Nodes {
		return fmt.Errorf("%s: not a node of a cluster", arg)
	}
	do := map[string]func(int) error{"stop": c.Stop, "kill": c.Kill, "start": c.Start}[verb]
	if do == nil { // at
		p.at = node
		return nil
	}
	p.forget(node)
	return do(node)
}

// forget hangs up all connections to a node.
func (p *player) forget(node int) {
	for name, conn := range p.conns {
		if name.node == node {
			conn.Close()
			delete(p.conns, name)
		}
	}
}

// polls is how often a request under @until is sent, at most.
func (p *player) polls() int {
	if p.script.Nodes > 0 {
		return clusterPolls
	}
	return untilLimit
}

func (p *player) pause() {
	if to, ok := p.to.(Pauser); ok {
		to.Pause()
	}
}
