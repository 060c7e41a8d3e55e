package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"odradek/checker/oracle"
)

// broker is one that is measured.
type broker struct {
	name string
	addr string
	pid  int // 0: not ours to look into
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
		peer, err := startKafka(ctx, filepath.Join(dir, "kafka"))
		if err != nil {
			return []*broker{own}, err
		}
		return []*broker{own, peer}, nil
	}
	return []*broker{own}, fmt.Errorf("no peer is named %q: kafka is", o.peer)
}

// startKafka starts Kafka with its defaults, and the heap that its start script
// gives it.
func startKafka(ctx context.Context, dir string) (*broker, error) {
	k, err := oracle.Start(ctx, oracle.Setup{Dir: dir, JVM: []string{"-Xmx1g", "-Xms1g", "-XX:+UseG1GC"}})
	if err != nil {
		return nil, err
	}
	return &broker{"kafka", k.Addr(), k.Pid(), k.Stop}, nil
}

const upLimit = time.Minute

func (o *options) startOdradek(ctx context.Context, dir string) (*broker, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	addr, controller, err := freeAddrs()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close() // the process has its own
	cmd := exec.CommandContext(ctx, o.odradek, "serve", "--data", filepath.Join(dir, "data"),
		"--override", "listeners=PLAINTEXT://"+addr+",CONTROLLER://"+controller,
		"--override", "controller.quorum.voters=1@"+controller)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", o.odradek, err)
	}
	b := &broker{"odradek", addr, cmd.Process.Pid, func() error {
		return errors.Join(cmd.Process.Signal(syscall.SIGTERM), cmd.Wait())
	}}
	if err := waitUp(ctx, addr); err != nil {
		said, _ := os.ReadFile(log.Name())
		return nil, errors.Join(fmt.Errorf("%w; it said: %s", err, said), b.stop())
	}
	return b, nil
}

func waitUp(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, upLimit)
	defer cancel()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if c, err := net.Dial("tcp", addr); err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("nobody listens on %s: %w", addr, ctx.Err())
		case <-tick.C:
		}
	}
}

// freeAddrs are two loopback addresses that nobody listens on.
func freeAddrs() (a, b string, err error) {
	first, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	second, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", errors.Join(err, first.Close())
	}
	a, b = first.Addr().String(), second.Addr().String()
	return a, b, errors.Join(first.Close(), second.Close())
}
