package dev

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	endLimit     = 15 * time.Second // more than a node gives itself
	restartPause = time.Second
)

// Cluster is a plan carried out.
type Cluster struct {
	Plan
	Binary  string
	Restart bool      // start a node again that has ended by itself
	Out     io.Writer // what the nodes say, line by line, and what becomes of them

	out sync.Mutex
}

// errAllGone ends a cluster whose nodes have all ended by themselves.
var errAllGone = errors.New("all nodes have ended")

// Run starts the nodes and returns when the context is over and all have ended,
// or when all have ended by themselves.
func (c *Cluster) Run(ctx context.Context) error {
	if err := c.Check(); err != nil {
		return err
	}
	running, gone := context.WithCancel(ctx)
	defer gone()
	results := make(chan error, c.Nodes)
	for i := range c.Nodes {
		go func() { results <- c.keep(running, i+1) }()
	}
	var all error
	for range c.Nodes {
		all = errors.Join(all, <-results)
	}
	if ctx.Err() == nil && all == nil {
		return errAllGone
	}
	return all
}

// keep runs one node until the context is over, or it has ended by itself. It
// keeps its thread: for the kernel that one is the node's parent.
func (c *Cluster) keep(ctx context.Context, node int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for {
		if err := c.once(ctx, node); err != nil || ctx.Err() != nil || !c.Restart {
			return err
		}
		select {
		case <-time.After(restartPause):
		case <-ctx.Done():
			return nil
		}
	}
}

// once runs a node's process, to its end. It is an error only if it could not be
// started, or did not end well when it was told to.
func (c *Cluster) once(ctx context.Context, node int) error {
	args := c.args(node)
	cmd := exec.CommandContext(ctx, c.Binary, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = endLimit
	endWithParent(cmd)
	lines, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("node %d: %w", node, err)
	}
	c.say(node, fmt.Sprintf("started at %s, process %d", c.Addr(node), cmd.Process.Pid))
	copied := make(chan struct{})
	go func() {
		for s := bufio.NewScanner(lines); s.Scan(); {
			c.say(node, s.Text())
		}
		_, _ = io.Copy(io.Discard, lines) // a line too long for the scanner
		close(copied)
	}()
	err := cmd.Wait()
	w.Close()
	<-copied
	if ctx.Err() != nil {
		if cmd.ProcessState.Success() {
			return nil
		}
		return fmt.Errorf("node %d: %w", node, err)
	}
	c.say(node, "ENDED by itself: "+cmd.ProcessState.String())
	if !c.Restart {
		c.say(node, "start it again with: "+quoted(c.Binary, args))
	}
	return nil
}

// say writes a line with its node in front.
func (c *Cluster) say(node int, text string) {
	c.out.Lock()
	defer c.out.Unlock()
	fmt.Fprintf(c.Out, "node %d | %s\n", node, text)
}

// quoted is a command as a shell takes it.
func quoted(binary string, args []string) string {
	all := []string{binary}
	for _, a := range args {
		if strings.ContainsAny(a, " '\"$`\\*?&|;<>()#~") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		all = append(all, a)
	}
	return strings.Join(all, " ")
}
