//go:build interop

package interop

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const upLimit = 20 * time.Second

// built is the binary, built once, as users build it.
var built = sync.OnceValues(func() (string, error) {
	dir, err := cacheDir("bin")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "odradek")
	if out, err := exec.Command("go", "build", "-o", path, "odradek/cmd/odradek").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// server is one broker on one folder; its process may come and go.
type server struct {
	t      *testing.T
	id     int32
	addr   string
	data   string   // log.dirs
	under  []string // what runs the binary, such as strace
	config string
	log    *os.File
	cmd    *exec.Cmd
	ready  chan struct{}
	gone   chan struct{} // closed once the process has ended
}

// serve starts a broker that ends with the test.
func serve(t *testing.T, under ...string) *server {
	t.Helper()
	addr, controller := freeAddr(t), freeAddr(t)
	s := newServer(t, 1, addr, controller, "1@"+controller)
	s.under = under
	s.up()
	return s
}

// newServer is a broker and controller that was not started yet.
func newServer(t *testing.T, id int32, addr, controller, voters string, more ...string) *server {
	t.Helper()
	dir := t.TempDir()
	s := &server{t: t, id: id, addr: addr, data: filepath.Join(dir, "data"), config: filepath.Join(dir, "server.properties")}
	text := fmt.Sprintf("node.id=%d\nprocess.roles=broker,controller\ncontroller.listener.names=CONTROLLER\n"+
		"controller.quorum.voters=%s\nlog.dirs=%s\nlisteners=PLAINTEXT://%s,CONTROLLER://%s\n%s\n",
		id, voters, s.data, addr, controller, strings.Join(more, "\n"))
	must(t, os.WriteFile(s.config, []byte(text), 0o644))
	var err error
	s.log, err = os.Create(filepath.Join(dir, "server.log"))
	must(t, err)
	t.Cleanup(s.finish)
	return s
}

// up starts the process and returns once it says that it is ready.
func (s *server) up() {
	s.t.Helper()
	s.start()
	s.awaitReady()
}

func (s *server) start() {
	s.t.Helper()
	path, err := built()
	must(s.t, err)
	args := append(append([]string{}, s.under...), path, "serve", "--config", s.config)
	s.cmd = exec.Command(args[0], args[1:]...)
	out, err := s.cmd.StderrPipe()
	must(s.t, err)
	must(s.t, s.cmd.Start())
	s.ready, s.gone = make(chan struct{}), make(chan struct{})
	go watch(s.cmd, out, s.log, s.ready, s.gone)
}

func (s *server) awaitReady() {
	s.t.Helper()
	select {
	case <-s.ready:
	case <-s.gone:
		s.t.Fatalf("the broker ended while starting:\n%s", s.tail())
	case <-time.After(upLimit):
		s.t.Fatalf("the broker was not ready within %v:\n%s", upLimit, s.tail())
	}
}

func watch(cmd *exec.Cmd, out io.Reader, log io.Writer, ready, gone chan struct{}) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintln(log, lines.Text())
		if ready != nil && strings.Contains(lines.Text(), "ready at") {
			close(ready)
			ready = nil
		}
	}
	_ = cmd.Wait() // how it ended is in cmd.ProcessState
	close(gone)
}

// kill9 ends the process as the kernel's out-of-memory killer would.
func (s *server) kill9() {
	s.t.Helper()
	must(s.t, s.cmd.Process.Kill())
	<-s.gone
}

// stop ends the process as an init system would, and expects that it takes it well.
func (s *server) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); !errors.Is(err, os.ErrProcessDone) {
		must(s.t, err)
	}
	select {
	case <-s.gone:
	case <-time.After(upLimit):
		s.kill9()
		s.t.Fatalf("the broker did not end within %v of SIGTERM:\n%s", upLimit, s.tail())
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		s.t.Errorf("the broker ended with %v after SIGTERM:\n%s", s.cmd.ProcessState, s.tail())
	}
}

// finish ends what still runs and shows the log of a test that failed.
func (s *server) finish() {
	if s.gone != nil {
		select {
		case <-s.gone:
		default:
			s.thaw()
			s.stop()
		}
	}
	if s.t.Failed() {
		s.t.Logf("the log of broker %d:\n%s", s.id, s.tail())
	}
	s.log.Close()
}

func (s *server) tail() string {
	text, _ := os.ReadFile(s.log.Name())
	return string(text[max(0, len(text)-4000):])
}

// create makes a topic; config alternates keys and values.
func (s *server) create(topic string, partitions int32, config ...string) {
	s.t.Helper()
	admin := kadm.NewClient(s.client())
	configs := map[string]*string{}
	for i := 0; i < len(config); i += 2 {
		configs[config[i]] = &config[i+1]
	}
	_, err := admin.CreateTopic(limit(s.t), partitions, 1, configs, topic)
	must(s.t, err)
}

// client is a franz-go client that closes with the test.
func (s *server) client(opts ...kgo.Opt) *kgo.Client {
	s.t.Helper()
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(s.addr)}, opts...)...)
	must(s.t, err)
	s.t.Cleanup(c.Close)
	return c
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

// limit is a context for one step of a test.
func limit(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
