//go:build interop

package interop

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// member is a running member of a group. What it has processed it tells by lines.
type member interface {
	leave() // and be gone
	kill()  // without a word
	gone() bool
}

// kind is members of one make.
type kind struct {
	name  string
	start func(t *testing.T, g *groupOf) member
}

// kinds are all makes that the machine has; what it lacks is skipped by name.
func kinds(t *testing.T) (all []kind) {
	all = []kind{
		{"franz-classic", franzMember(kgo.Balancers(kgo.RangeBalancer()))},
		{"franz-cooperative", franzMember(kgo.Balancers(kgo.CooperativeStickyBalancer()))},
		{"franz-consumer", franzMember(kgo.Balancers(kgo.RangeBalancer()), kgo.ServerSideBalancer())},
	}
	add := func(name string, get func() (string, error), args func(tool string, g *groupOf) []string) {
		tool, err := get()
		if err != nil {
			t.Logf("SKIP: groups of %s: %v", name, err)
			return
		}
		all = append(all, kind{name, func(t *testing.T, g *groupOf) member { return startProgram(t, g, args(tool, g)) }})
	}
	look := func(name string) func() (string, error) { return func() (string, error) { return exec.LookPath(name) } }
	add("kcat", look("kcat"), func(tool string, g *groupOf) []string {
		return []string{tool, "-b", g.addrs, "-G", g.name, g.topic, "-q", "-u", "-f", `%p\t%o\n`, "-X", "auto.offset.reset=earliest",
			"-X", "session.timeout.ms=6000", "-X", "heartbeat.interval.ms=500", "-X", "log_level=2", "-X", "auto.commit.interval.ms=200"}
	})
	for _, protocol := range []string{"classic", "consumer"} {
		add("librdkafka-"+protocol, python, func(tool string, g *groupOf) []string {
			return []string{tool, filepath.Join("python", "client.py"), "member", g.addrs, g.topic, g.name, protocol}
		})
		add("java-"+protocol, javaClient, func(classes string, g *groupOf) []string {
			return []string{"java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes, "Client", "member", g.addrs, g.topic, g.name, protocol}
		})
	}
	add("kafkajs", nodeModules, func(modules string, g *groupOf) []string {
		return []string{"env", "NODE_PATH=" + modules, "node", filepath.Join("kafkajs", "member.js"), g.addrs, g.topic, g.name}
	})
	return all
}

// programMember is a process.
type programMember struct {
	cmd  *exec.Cmd
	done chan struct{}
}

func startProgram(t *testing.T, g *groupOf, args []string) member {
	m := &programMember{cmd: exec.Command(args[0], args[1:]...), done: make(chan struct{})}
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	errs := &bytes.Buffer{}
	m.cmd.Stderr = errs
	out, err := m.cmd.StdoutPipe()
	must(t, err)
	must(t, m.cmd.Start())
	go func() {
		g.listen(out)
		if err := m.cmd.Wait(); err != nil && errs.Len() > 0 {
			g.note(fmt.Sprintf("a member ended: %v: %s", err, tail(errs.Bytes())))
		}
		close(m.done)
	}()
	return m
}

func (m *programMember) end(s os.Signal, patience time.Duration) {
	_ = m.cmd.Process.Signal(s)
	select {
	case <-m.done:
	case <-time.After(patience):
		_ = m.cmd.Process.Kill()
		<-m.done
	}
}

func (m *programMember) leave() { m.end(syscall.SIGTERM, 20*time.Second) }
func (m *programMember) kill()  { m.end(syscall.SIGKILL, time.Second) }

func (m *programMember) gone() bool {
	select {
	case <-m.done:
		return true
	default:
		return false
	}
}

// listen takes the lines of a member: partition TAB offset.
func (g *groupOf) listen(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var p int32
		var offset int64
		if _, err := fmt.Sscan(lines.Text(), &p, &offset); err != nil {
			continue // the last line of one that was killed
		}
		g.took(p, offset)
	}
}

// inside is a member within the test's own process.
type inside struct {
	cl   *kgo.Client
	stop context.CancelFunc
	done sync.WaitGroup
}

func franzMember(opts ...kgo.Opt) func(*testing.T, *groupOf) member {
	return func(t *testing.T, g *groupOf) member {
		ctx, cancel := context.WithCancel(context.Background())
		cl := g.c.client(append(opts[:len(opts):len(opts)], kgo.ConsumerGroup(g.name), kgo.ConsumeTopics(g.topic),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DisableAutoCommit(), kgo.BlockRebalanceOnPoll(),
			kgo.SessionTimeout(6*time.Second), kgo.HeartbeatInterval(500*time.Millisecond))...)
		m := &inside{cl: cl, stop: cancel}
		m.done.Go(func() {
			for ctx.Err() == nil {
				fetched := cl.PollRecords(ctx, 100)
				fetched.EachRecord(func(r *kgo.Record) { g.took(r.Partition, r.Offset) })
				if err := cl.CommitUncommittedOffsets(ctx); err != nil && ctx.Err() == nil {
					g.note("commit: " + err.Error())
				}
				cl.AllowRebalance()
			}
		})
		return m
	}
}

func (m *inside) leave() {
	m.stop()
	m.done.Wait()
	m.cl.CloseAllowingRebalance()
}

// kill does not leave: the group finds out by itself.
func (m *inside) kill() {
	m.stop()
	m.done.Wait()
	go m.cl.CloseAllowingRebalance()
}

func (m *inside) gone() bool { return false }
