package main

import (
	"bufio"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// awaitLines reads lines until each of the texts was in one.
func awaitLines(t *testing.T, lines *bufio.Scanner, texts ...string) (seen string) {
	t.Helper()
	for len(texts) > 0 && lines.Scan() {
		seen += lines.Text() + "\n"
		if strings.Contains(lines.Text(), texts[0]) {
			texts = texts[1:]
		}
	}
	if len(texts) > 0 {
		t.Fatalf("no line has %q:\n%s", texts[0], seen)
	}
	return seen
}

// portsFor finds a port with free ones where the nodes of a cluster want theirs.
func portsFor(t *testing.T, nodes int) int {
	t.Helper()
	for range 100 {
		_, text, _ := net.SplitHostPort(freeAddr(t))
		port, _ := strconv.Atoi(text)
		free := port < 60_000
		for i := range nodes {
			for _, p := range []int{port + i, port + i + 100} {
				l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p)))
				if free = free && err == nil; err == nil {
					l.Close()
				}
			}
		}
		if free {
			return port
		}
	}
	t.Fatal("no free ports")
	return 0
}

func TestADevelopmentClusterIsDescribedAndSaysWhoDiesAndEndsAsAWhole(t *testing.T) {
	port := portsFor(t, 3)
	dir := t.TempDir()
	c := command("dev", "--nodes", "3", "--data", dir, "--port", strconv.Itoa(port))
	r, w := io.Pipe()
	c.Stdout, c.Stderr = w, w
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill() }() // of a test that failed
	lines := bufio.NewScanner(r)
	seen := awaitLines(t, lines, "ready at", "ready at", "ready at")
	pid := regexp.MustCompile(`node 3 \| started at .*, process (\d+)`).FindStringSubmatch(seen)
	if pid == nil {
		t.Fatalf("node 3 does not say its process:\n%s", seen)
	}
	at := tool("127.0.0.1:" + strconv.Itoa(port))
	at.ok(t, "", "topic", "create", "kept")
	shown := at.ok(t, "", "cluster", "describe")
	for _, want := range []string{"Controller: node ", "follower", "in service", "1 in 1 topics; 0 under-replicated, 0 offline"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the description lacks %q:\n%s", want, shown)
		}
	}
	if got := at.ok(t, "", "topic", "describe", "kept", "--lag"); !strings.Contains(got, ":0,") || !strings.Contains(got, "LeaderEpoch: 0") {
		t.Errorf("described as %s", got)
	}
	if got := at.ok(t, "", "topic", "describe", "--under-replicated-partitions"); got != "" {
		t.Errorf("under-replicated: %s", got)
	}
	number, _ := strconv.Atoi(pid[1])
	if err := syscall.Kill(number, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	awaitLines(t, lines, "node 3 | ENDED by itself: signal: killed", "serve --data")
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	go func() {
		for lines.Scan() {
		}
	}()
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("it did not end")
	}
}

func TestADevelopmentClusterKeepsItsSize(t *testing.T) {
	dir := t.TempDir()
	startNodeOn(t, dir+"/1")
	out, err := command("dev", "--nodes", "3", "--data", dir).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "of a cluster of 1 nodes") {
		t.Errorf("%v: %s", err, out)
	}
}
