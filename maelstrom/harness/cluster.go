package harness

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
)

// cluster are the nodes' processes.
type cluster struct {
	net   *Net
	names []string
	procs []*process
	stop  chan struct{}
	done  sync.WaitGroup

	mu     sync.Mutex
	failed error // the first thing that a node should not have done
}

type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	log *os.File
}

// start starts nodes n1, n2 ... with a command line, and tells them who they are. What they
// write to the standard error goes into dir.
func start(net *Net, nodes int, command []string, dir string) (*cluster, error) {
	c := &cluster{net: net, stop: make(chan struct{})}
	for i := range nodes {
		c.names = append(c.names, fmt.Sprintf("n%d", i+1))
	}
	for _, name := range c.names {
		net.nodes[name] = newInbox()
	}
	for _, name := range c.names {
		if err := c.launch(name, command, dir); err != nil {
			c.end()
			return nil, err
		}
	}
	for _, name := range c.names {
		if err := net.client().Ask(name, "init", map[string]any{"node_id": name, "node_ids": c.names}, nil); err != nil {
			c.end()
			return nil, fmt.Errorf("init of %s: %w", name, err)
		}
	}
	return c, nil
}

func (c *cluster) launch(name string, command []string, dir string) error {
	log, err := os.Create(dir + "/" + name + ".log")
	if err != nil {
		return err
	}
	p := &process{cmd: exec.Command(command[0], command[1:]...), log: log}
	p.cmd.Stderr = log
	var out io.ReadCloser
	p.in, err = p.cmd.StdinPipe()
	if err == nil {
		out, err = p.cmd.StdoutPipe()
	}
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		_ = log.Close()
		return err
	}
	c.procs = append(c.procs, p)
	c.done.Go(func() { c.read(name, out) })
	c.done.Go(func() {
		c.net.nodes[name].deliver(p.in, func(from string) bool { return c.net.hears(from, name) }, c.stop)
	})
	return nil
}

func (c *cluster) read(name string, out io.Reader) {
	r := bufio.NewReader(out)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			break
		}
		if err := c.net.Send(name, line[:len(line)-1]); err != nil {
			c.fail(err)
		}
	}
	select {
	case <-c.stop:
	default:
		c.fail(fmt.Errorf("%s has ended by itself", name))
	}
}

func (c *cluster) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.failed = err
	}
}

// end kills the processes, as Maelstrom does, and tells what they have done wrong.
func (c *cluster) end() error {
	close(c.stop)
	for _, p := range c.procs {
		_ = p.cmd.Process.Kill()
	}
	c.done.Wait()
	for _, p := range c.procs {
		_ = p.cmd.Wait() // killed
		c.failed = errors.Join(c.failed, p.log.Close())
	}
	return c.failed
}
