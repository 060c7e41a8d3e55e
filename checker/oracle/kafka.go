package oracle

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	formatLimit = 30 * time.Second
	startLimit  = 60 * time.Second
	stopLimit   = 15 * time.Second
	pollEvery   = 50 * time.Millisecond

	clusterID = "b2RyYWRlay1vcmFjbGUtMQ"
)

// SmallJVM are the flags for recording: quick to start, small, one thread of GC.
var SmallJVM = []string{"-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"}

// Setup says what Kafka to start.
type Setup struct {
	Dir       string            // its logs and configuration; made if missing
	Overrides map[string]string // Kafka properties, over Properties()
	JVM       []string          // flags of the virtual machine; nil means SmallJVM
}

// Kafka is a running broker and controller in one process, on loopback.
type Kafka struct {
	cmd  *exec.Cmd
	addr string
	done chan struct{}
	exit error // how the process ended; readable once done is closed
}

// StartKafka formats dir and starts Kafka there, with the given properties over
// Properties(), and returns once it answers. End it with Stop; it dies with ctx.
func StartKafka(ctx context.Context, dir string, overrides map[string]string) (*Kafka, error) {
	return Start(ctx, Setup{Dir: dir, Overrides: overrides})
}

// Start is StartKafka with all that can be chosen. A folder that was formatted
// before is started as it is.
func Start(ctx context.Context, setup Setup) (*Kafka, error) {
	jars, err := FetchKafka(ctx)
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	controller := fmt.Sprintf("127.0.0.1:%d", ports[1])
	k, err := setup.run(ctx, jars, fmt.Sprintf("127.0.0.1:%d", ports[0]), controller,
		map[string]string{"controller.quorum.bootstrap.servers": controller}, "--standalone")
	if err != nil {
		return nil, err
	}
	if err := k.waitReady(ctx); err != nil {
		return nil, errors.Join(err, k.Stop())
	}
	return k, nil
}

// run formats a node's folder and starts its process. quorum are the properties
// that say who the controllers are, flags those of the formatting tool.
func (s Setup) run(ctx context.Context, jars, addr, controller string, quorum map[string]string, flags ...string) (*Kafka, error) {
	config, err := prepare(s, addr, controller, quorum)
	if err != nil {
		return nil, err
	}
	if err := format(ctx, jars, config, flags); err != nil {
		return nil, err
	}
	return launch(ctx, jars, s, config, addr)
}

func prepare(setup Setup, addr, controller string, quorum map[string]string) (string, error) {
	if err := os.MkdirAll(setup.Dir, 0o755); err != nil {
		return "", fmt.Errorf("kafka's folder: %w", err)
	}
	props := Properties()
	props["listeners"] = "PLAINTEXT://" + addr + ",CONTROLLER://" + controller
	props["controller.listener.names"] = "CONTROLLER"
	maps.Copy(props, quorum)
	props["log.dirs"] = filepath.Join(setup.Dir, "logs")
	maps.Copy(props, setup.Overrides)
	config := filepath.Join(setup.Dir, "server.properties")
	return config, writeProperties(config, props)
}

func java(ctx context.Context, jars string, flags []string, class string, args ...string) *exec.Cmd {
	all := append([]string{}, flags...)
	all = append(all, "-cp", filepath.Join(jars, "*"), class)
	return exec.CommandContext(ctx, "java", append(all, args...)...)
}

func format(ctx context.Context, jars, config string, flags []string) error {
	ctx, cancel := context.WithTimeout(ctx, formatLimit)
	defer cancel()
	cmd := java(ctx, jars, SmallJVM, "kafka.tools.StorageTool",
		append([]string{"format", "--ignore-formatted", "-t", clusterID, "-c", config}, flags...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("format kafka's storage: %w\n%s", err, out)
	}
	return nil
}

func launch(ctx context.Context, jars string, setup Setup, config, addr string) (*Kafka, error) {
	log, err := os.Create(filepath.Join(setup.Dir, "server.log"))
	if err != nil {
		return nil, fmt.Errorf("kafka's log: %w", err)
	}
	flags := setup.JVM
	if flags == nil {
		flags = SmallJVM
	}
	cmd := java(ctx, jars, flags, "kafka.Kafka", config)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start kafka: %w", err), log.Close())
	}
	k := &Kafka{cmd: cmd, addr: addr, done: make(chan struct{})}
	go func() {
		k.exit = cmd.Wait()
		log.Close()
		close(k.done)
	}()
	return k, nil
}

// Addr is host:port of the client listener.
func (k *Kafka) Addr() string { return k.addr }

// Pid is the process id of the virtual machine.
func (k *Kafka) Pid() int { return k.cmd.Process.Pid }

func (k *Kafka) waitReady(ctx context.Context) error {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-k.done:
			return fmt.Errorf("kafka ended while starting: %v (see server.log)", k.exit)
		case <-ctx.Done():
			return fmt.Errorf("waiting for kafka: %w", ctx.Err())
		case <-limit.C:
			return fmt.Errorf("kafka did not answer within %v", startLimit)
		case <-tick.C:
			if answers(k.addr) {
				return nil
			}
		}
	}
}

// Stop asks the process to end, and kills it when it takes too long.
func (k *Kafka) Stop() error {
	if err := k.cmd.Process.Signal(syscall.SIGTERM); errors.Is(err, os.ErrProcessDone) {
		<-k.done
		return nil
	}
	select {
	case <-k.done:
		return nil
	case <-time.After(stopLimit):
	}
	err := k.cmd.Process.Kill()
	<-k.done
	return errors.Join(fmt.Errorf("kafka did not end within %v: killed", stopLimit), err)
}
