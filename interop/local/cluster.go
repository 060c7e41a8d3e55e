package local

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Setup says what to start.
type Setup struct {
	Binary     string
	Dir        string // for data, configuration and logs
	Nodes      int
	Properties map[string]string // over those that form a cluster
	Debug      bool              // nodes show profiles and what they use, at Node.Debug

	Addrs []string              // of all nodes for clients, then for controllers, then to be looked into; nil: on loopback
	Under func(id int) []string // what runs a node's binary; nil: nothing does
}

// Cluster is its nodes, numbered from 1.
type Cluster struct{ Nodes []*Node }

// Node is one process, which may come and go.
type Node struct {
	ID    int
	Addr  string   // of the client listener
	Debug string   // where it shows profiles and what it uses; "": nowhere
	args  []string // to start it
	dir   string
	cmd   *exec.Cmd
	gone  chan struct{} // closed when the process has ended
}

const (
	upLimit   = time.Minute
	stopLimit = 20 * time.Second
)

// Start starts the nodes and waits until clients are let in. With an error it
// has stopped what it had started.
func Start(ctx context.Context, s Setup) (*Cluster, error) {
	addrs, err := s.Addrs, error(nil)
	if addrs == nil {
		if addrs, err = Addrs(3 * s.Nodes); err != nil {
			return nil, err
		}
	}
	var voters []string
	for i := range s.Nodes {
		voters = append(voters, fmt.Sprintf("%d@%s", i+1, addrs[s.Nodes+i]))
	}
	c := &Cluster{}
	for i := range s.Nodes {
		n := &Node{ID: i + 1, Addr: addrs[i], dir: filepath.Join(s.Dir, fmt.Sprint(i+1))}
		if s.Under != nil {
			n.args = s.Under(n.ID)
		}
		n.args = append(n.args, s.Binary, "serve", "--config", filepath.Join(n.dir, "server.properties"))
		if s.Debug {
			n.Debug = addrs[2*s.Nodes+i]
			n.args = append(n.args, "--debug", n.Debug)
		}
		c.Nodes = append(c.Nodes, n)
		err = errors.Join(err, n.configure(addrs[s.Nodes+i], strings.Join(voters, ","), s.Properties))
	}
	for _, n := range c.Nodes {
		if err == nil {
			err = n.Start()
		}
	}
	for _, n := range c.Nodes {
		if err == nil {
			err = n.AwaitUp(ctx)
		}
	}
	if err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

func (n *Node) configure(controller, voters string, more map[string]string) error {
	p := map[string]string{
		"node.id": fmt.Sprint(n.ID), "process.roles": "broker,controller",
		"controller.listener.names": "CONTROLLER", "controller.quorum.voters": voters,
		"listeners": "PLAINTEXT://" + n.Addr + ",CONTROLLER://" + controller,
		"log.dirs":  filepath.Join(n.dir, "data"),
	}
	maps.Copy(p, more)
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(p)) {
		fmt.Fprintf(&text, "%s=%s\n", key, p[key])
	}
	if err := os.MkdirAll(n.dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(n.dir, "server.properties"), []byte(text.String()), 0o644)
}

// Addrs are loopback addresses that nobody listens on, all different.
func Addrs(n int) (addrs []string, err error) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("free address: %w", err)
		}
		defer l.Close() // only when all are found
		addrs = append(addrs, l.Addr().String())
	}
	return addrs, nil
}

// Start starts the node's process.
func (n *Node) Start() error {
	log, err := os.OpenFile(filepath.Join(n.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close() // the process has its own
	cmd := exec.Command(n.args[0], n.args[1:]...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start node %d: %w", n.ID, err)
	}
	n.cmd, n.gone = cmd, make(chan struct{})
	go func(gone chan struct{}) {
		_ = cmd.Wait() // how it ended is in its log
		close(gone)
	}(n.gone)
	return nil
}

// AwaitUp waits until the node lets clients in: it listens before.
func (n *Node) AwaitUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, upLimit)
	defer cancel()
	go func() {
		select {
		case <-n.gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	client, err := kgo.NewClient(kgo.SeedBrokers(n.Addr))
	if err != nil {
		return err
	}
	defer client.Close()
	for ctx.Err() == nil {
		if err = client.Ping(ctx); err == nil {
			return nil
		}
	}
	return fmt.Errorf("node %d does not answer at %s: %w; it said: %s", n.ID, n.Addr, err, n.said())
}

func (n *Node) said() []byte {
	text, _ := os.ReadFile(filepath.Join(n.dir, "log"))
	return text[max(0, len(text)-2000):]
}

// Pid is the number of the process.
func (n *Node) Pid() int { return n.cmd.Process.Pid }

// Signal sends a signal to the process.
func (n *Node) Signal(s os.Signal) error { return n.cmd.Process.Signal(s) }

// Gone waits until the process has ended, for a while.
func (n *Node) Gone() error {
	select {
	case <-n.gone:
		return nil
	case <-time.After(stopLimit):
		return fmt.Errorf("node %d has not ended within %v; it said: %s", n.ID, stopLimit, n.said())
	}
}

// Stop ends all nodes at the same time, also those that are stopped by a signal.
func (c *Cluster) Stop() (err error) {
	for _, n := range c.Nodes {
		if n.cmd != nil {
			_ = n.Signal(syscall.SIGCONT) // it may have ended
			_ = n.Signal(syscall.SIGTERM)
		}
	}
	for _, n := range c.Nodes {
		if n.cmd == nil {
			continue
		}
		if late := n.Gone(); late != nil {
			err = errors.Join(err, late, n.Signal(syscall.SIGKILL))
		}
	}
	return err
}

// Seeds are the client addresses of all nodes.
func (c *Cluster) Seeds() (addrs []string) {
	for _, n := range c.Nodes {
		addrs = append(addrs, n.Addr)
	}
	return addrs
}
