package dev

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// controllersAbove is how far a node's controller port lies above its client port.
const controllersAbove = 100

// Plan says which cluster to run.
type Plan struct {
	Nodes     int
	Data      string   // node i keeps its data in Data/i
	Port      int      // of node 1's clients; node i has Port+i-1, controllers are 100 above
	Overrides []string // key=value, for all nodes
}

// Check refuses a plan that cannot be: its ports, or a folder that is of a
// cluster of another size (its voters are those that it began with).
func (p Plan) Check() error {
	if p.Nodes < 1 || p.Nodes > controllersAbove {
		return fmt.Errorf("%d nodes: 1 to %d can be had", p.Nodes, controllersAbove)
	}
	if p.Port < 1 || p.Port+p.Nodes+controllersAbove > 1<<16 {
		return fmt.Errorf("there are no ports for %d nodes from %d on", p.Nodes, p.Port)
	}
	have := 0
	for p.has(have + 1) {
		have++
	}
	if have != 0 && have != p.Nodes {
		return fmt.Errorf("%s is of a cluster of %d nodes, not %d", p.Data, have, p.Nodes)
	}
	return nil
}

func (p Plan) has(node int) bool {
	_, err := os.Stat(p.dir(node))
	return !errors.Is(err, fs.ErrNotExist)
}

func (p Plan) dir(node int) string { return filepath.Join(p.Data, fmt.Sprint(node)) }

// Addr is where clients reach a node.
func (p Plan) Addr(node int) string { return fmt.Sprintf("127.0.0.1:%d", p.Port+node-1) }

func (p Plan) controller(node int) string {
	return fmt.Sprintf("127.0.0.1:%d", p.Port+node-1+controllersAbove)
}

// Seeds are the addresses of all nodes, separated by commas.
func (p Plan) Seeds() string {
	var all []string
	for i := range p.Nodes {
		all = append(all, p.Addr(i+1))
	}
	return strings.Join(all, ",")
}

// args are those of `odradek` that serve one node.
func (p Plan) args(node int) []string {
	var voters []string
	for i := range p.Nodes {
		voters = append(voters, fmt.Sprintf("%d@%s", i+1, p.controller(i+1)))
	}
	args := []string{"serve", "--data", p.dir(node)}
	for _, o := range append([]string{
		fmt.Sprintf("node.id=%d", node),
		"controller.quorum.voters=" + strings.Join(voters, ","),
		"listeners=PLAINTEXT://" + p.Addr(node) + ",CONTROLLER://" + p.controller(node),
		fmt.Sprintf("default.replication.factor=%d", min(p.Nodes, 3)),
		fmt.Sprintf("min.insync.replicas=%d", min(max(p.Nodes-1, 1), 2)),
	}, p.Overrides...) {
		args = append(args, "--override", o)
	}
	return args
}
