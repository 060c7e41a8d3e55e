package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// asMain makes the test binary be the command.
const asMain = "ODRADEK_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func command(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), asMain+"=1")
	return c
}

// brokers are what the tools are tested against: each starts one, for the time
// of the test, and returns its address.
var brokers = map[string]func(*testing.T) string{"odradek": func(t *testing.T) string { return startNode(t) }}

func onBrokers(t *testing.T, test func(t *testing.T, addr string)) {
	for name, start := range brokers {
		t.Run(name, func(t *testing.T) { test(t, start(t)) })
	}
}

// tool runs commands against the broker at an address.
type tool string

func (at tool) run(in string, args []string) (out, errs string, code int, err error) {
	c := command(append(args, "-b", string(at))...)
	var stdout, stderr bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(in), &stdout, &stderr
	err = c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	return stdout.String(), stderr.String(), c.ProcessState.ExitCode(), err
}

// ok returns what a command prints, which must end well.
func (at tool) ok(t *testing.T, in string, args ...string) string {
	t.Helper()
	out, errs, code, err := at.run(in, args)
	if code != 0 || err != nil {
		t.Fatalf("odradek %s: exit %d, %v\n%s", strings.Join(args, " "), code, err, errs)
	}
	return out
}

// fails returns what a command prints, which must end with the given code.
func (at tool) fails(t *testing.T, want int, in string, args ...string) (out, errs string) {
	t.Helper()
	out, errs, code, err := at.run(in, args)
	if code != want || err != nil {
		t.Fatalf("odradek %s: exit %d, %v, wanted %d\n%s%s", strings.Join(args, " "), code, err, want, out, errs)
	}
	return out, errs
}

// startNode runs a node in a process of its own until the test ends, which it
// must do well. It returns the address at which the node listens.
func startNode(t *testing.T, overrides ...string) string {
	t.Helper()
	return startNodeOn(t, t.TempDir(), overrides...)
}

// startNodeOn is startNode on a folder that may have been a node's before.
func startNodeOn(t *testing.T, data string, overrides ...string) string {
	t.Helper()
	addr, controller := freeAddr(t), freeAddr(t)
	args := []string{"serve", "--data", data}
	for _, o := range append([]string{
		"listeners=PLAINTEXT://" + addr + ",CONTROLLER://" + controller,
		"controller.quorum.voters=1@" + controller,
	}, overrides...) {
		args = append(args, "--override", o)
	}
	c := command(args...)
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	t.Cleanup(func() { endNode(t, c, stderr, &log) })
	for lines := bufio.NewReader(io.TeeReader(stderr, &log)); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the node ended while starting: %v\n%s", err, log.String())
		}
		if strings.Contains(line, "ready at") {
			return addr
		}
	}
}

func endNode(t *testing.T, c *exec.Cmd, stderr io.Reader, log *bytes.Buffer) {
	t.Helper()
	if err := c.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
	_, copied := io.Copy(log, stderr) // to its end, before Wait closes it
	if err := errors.Join(copied, c.Wait()); err != nil || t.Failed() {
		t.Errorf("the node ended: %v\n%s", err, log.String())
	}
}

// freeAddr is an address at which nobody listens.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
