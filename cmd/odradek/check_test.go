package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checked runs check on a text, and returns what it printed, its code and the page.
func checked(t *testing.T, text string, flags ...string) (out string, code int, page string) {
	t.Helper()
	dir := t.TempDir()
	history, report := filepath.Join(dir, "history"), filepath.Join(dir, "page.html")
	if err := os.WriteFile(history, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	c := command(append([]string{"check", history, "--report", report}, flags...)...)
	got, err := c.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	html, _ := os.ReadFile(report) // where there is none it is empty
	return string(got), c.ProcessState.ExitCode(), string(html)
}

const (
	jepsenSend = `{:type :invoke, :f :send, :value [[:send 7 5]], :process 0, :time 1}
{:type :ok, :f :send, :value [[:send 7 [0 5]]], :process 0, :time 2}
{:type :invoke, :f :poll, :value [[:poll]], :process 1, :time 3}
`
	jepsenPoll   = `{:type :ok, :f :poll, :value [[:poll {7 [[0 5]]}]], :process 1, :time 4}`
	jepsenStrays = `{:type :ok, :f :poll, :value [[:poll {7 [[0 6]]}]], :process 1, :time 4}`
	ourLines     = `{"op":"produce","is":"ok","process":1,"topic":"t","partition":0,"invoke":5,"return":9,"base":0,"acks":-1,"records":[[-1,70,1]]}
{"op":"fetch","is":"ok","process":2,"topic":"t","partition":0,"invoke":11,"return":12,"from":0,"high":0,"start":0}
`
)

func TestARecordedHistoryIsJudged(t *testing.T) {
	cases := []struct {
		text  string
		flags []string
		code  int
		say   string
	}{
		{jepsenSend + jepsenPoll, nil, 0, "valid: 2 operations"},
		{jepsenSend + jepsenStrays, nil, historyWrong, "phantom x1"},
		{ourLines, nil, historyWrong, "lost-write x1"},
		{ourLines, []string{"--porcupine"}, historyWrong, "porcupine-illegal x1"},
		{ourLines, []string{"--given", "end-may-lag"}, 0, "valid: 2 operations"},
		{ourLines + `{"mark":"given","at":0,"text":"end-may-lag"}`, nil, 0, "valid: 2 operations"},
		{ourLines + `{"op":"fetch`, nil, historyUnreadable, "line 3: "},
		{"{:type :info, :process :nemesis}", nil, historyUnreadable, "no operations"},
		{jepsenSend + `{:type`, nil, historyUnreadable, "line 4: "},
		{jepsenSend, []string{"--format", "lines"}, historyUnreadable, "line 1: "},
		{ourLines, []string{"--given", "nonsense"}, historyUnreadable, `option "nonsense"`},
	}
	for _, c := range cases {
		out, code, page := checked(t, c.text, c.flags...)
		if code != c.code || !strings.Contains(out, c.say) {
			t.Errorf("%q: code %d, want %d with %q; it said\n%s", c.flags, code, c.code, c.say, out)
		}
		if wrote := strings.Contains(page, "</html>"); wrote != (c.code != historyUnreadable) || c.code == historyWrong && !strings.Contains(page, "What shows it") {
			t.Errorf("%q: the page is %q", c.text, page)
		}
	}
	if out, code, _ := checked(t, "", "nonsense"); code == 0 || code == historyWrong && strings.Contains(out, "wrong") {
		t.Errorf("code %d for a command that is none: %s", code, out)
	}
}

func TestAHistoryComesFromTheStandardInputToo(t *testing.T) {
	c := command("check", "-", "--report", "")
	c.Stdin = bytes.NewReader([]byte(jepsenSend + jepsenPoll))
	if out, err := c.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "valid: 2 operations") {
		t.Errorf("%v: %s", err, out)
	}
	if err := command("check", filepath.Join(t.TempDir(), "none")).Run(); err == nil {
		t.Error("a file that is not there is no error")
	}
}

// What the simulator recorded is judged again, under what it was run with.
func TestAHistoryOfTheSimulatorIsJudgedAgain(t *testing.T) {
	name := filepath.Join(t.TempDir(), "history")
	if out, err := command("sim", "--seed", "3", "--history", name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c := command("check", name, "--report", "")
	if out, err := c.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "valid: ") {
		t.Errorf("%v: %s", err, out)
	}
}
