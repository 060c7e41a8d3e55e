package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTopicsAreCreatedListedDescribedAndDeleted(t *testing.T) {
	onBrokers(t, func(t *testing.T, addr string) {
		at := tool(addr)
		at.ok(t, "", "topic", "create", "-t", "life", "--partitions", "2", "--config", "retention.ms=100000", "--config", "cleanup.policy=compact,delete")
		at.ok(t, "", "topic", "create", "-t", "life", "--if-not-exists")
		if _, errs := at.fails(t, 1, "", "topic", "create", "-t", "life"); !strings.Contains(errs, "TOPIC_ALREADY_EXISTS") {
			t.Errorf("created twice: %s", errs)
		}
		if list := at.ok(t, "", "topic", "list"); !slices.Contains(strings.Fields(list), "life") {
			t.Errorf("the list is %q", list)
		}
		shown := strings.Split(at.ok(t, "", "topic", "describe", "-t", "life"), "\n")
		if len(shown) != 4 || !strings.HasSuffix(shown[0], "\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: cleanup.policy=compact,delete,retention.ms=100000") ||
			shown[2] != "\tTopic: life\tPartition: 1\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: " {
			t.Errorf("it is described as %q", shown)
		}
		at.ok(t, "", "topic", "delete", "-t", "life")
		at.ok(t, "", "topic", "delete", "-t", "life", "--if-exists")
		if _, errs := at.fails(t, 1, "", "topic", "describe", "-t", "life"); !strings.Contains(errs, "UNKNOWN_TOPIC_OR_PARTITION") {
			t.Errorf("described though deleted: %s", errs)
		}
	})
}

func TestWhatIsProducedIsConsumed(t *testing.T) {
	onBrokers(t, func(t *testing.T, addr string) {
		at := tool(addr)
		at.ok(t, "", "topic", "create", "-t", "trip")
		for _, how := range [][]string{{}, {"-z", "gzip"}, {"-z", "snappy"}, {"-z", "lz4"}, {"-z", "zstd"}, {"--acks", "1"}, {"--acks", "0"}, {"--no-idempotent"}} {
			at.ok(t, "k1=v1\nk2=\n", append([]string{"produce", "-t", "trip", "-K", "=", "-H", "from=test"}, how...)...)
		}
		lines := strings.Fields(at.ok(t, "", "consume", "-t", "trip", "--from-beginning", "-c", "16", "--timeout-ms", "10000", "-J"))
		if len(lines) != 16 {
			t.Fatalf("%d lines", len(lines))
		}
		for i, line := range lines {
			var r struct {
				Offset       int
				Key, Payload string
				Headers      []string
			}
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			if want := []string{"k1v1", "k2"}[i%2]; r.Offset != i || r.Key+r.Payload != want || !slices.Equal(r.Headers, []string{"from", "test"}) {
				t.Errorf("record %d is %s", i, line)
			}
		}
	})
}

func TestConsumingBeginsAndEndsWhereItIsTold(t *testing.T) {
	onBrokers(t, func(t *testing.T, addr string) {
		at := tool(addr)
		at.ok(t, "", "topic", "create", "-t", "ends")
		at.ok(t, "a\nb\nc\nd\n", "produce", "-t", "ends", "-p", "0")
		for args, want := range map[string]string{
			"--from-beginning -e":        "a b c d",
			"--from-beginning -c 2":      "a b",
			"-o 2 -e":                    "c d",
			"--offset=-1 -e":             "d",
			"-e":                         "",
			"-p 0 -o 3 --timeout-ms 500": "d",
			"-o @1 -e":                   "a b c d",
			"-o @99999999999999 -e":      "",
		} {
			got := at.ok(t, "", append([]string{"consume", "-t", "ends"}, strings.Fields(args)...)...)
			if strings.Join(strings.Fields(got), " ") != want {
				t.Errorf("%s: %q", args, got)
			}
		}
		if _, errs := at.fails(t, 1, "", "consume", "-t", "ends", "-o", "9"); !strings.Contains(errs, "ends-0 at offset 9: OFFSET_OUT_OF_RANGE") {
			t.Errorf("beyond the end: %s", errs)
		}
	})
}

func TestMistakesAreNamedAtOnce(t *testing.T) {
	onBrokers(t, func(t *testing.T, addr string) {
		at := tool(addr)
		at.ok(t, "", "topic", "create", "-t", "known")
		for args, want := range map[string]string{
			"consume -t nobody -e":                      "UNKNOWN_TOPIC_OR_PARTITION",
			"consume -t known -p 1":                     "there is none with number 1",
			"consume -t known -o soon":                  `"soon" is neither`,
			"consume -t known --property print.kex=y":   "print.kex is not known",
			"produce -t known -p 7":                     "there is none with number 7",
			"produce -t known -H nameless":              "not of the form name=value",
			"produce -t known --property parse.key=yes": "neither true nor false",
			"topic create -t a/b":                       "INVALID_TOPIC_EXCEPTION",
			"bench fetch -t known":                      "is empty",
			"bench produce -t known --connections 0":    "at least one connection",
		} {
			if _, errs := at.fails(t, 1, "x\n", strings.Fields(args)...); !strings.Contains(errs, want) {
				t.Errorf("%s: %s", args, errs)
			}
		}
	})
}

func TestATopicIsNamedByFlagOrArgument(t *testing.T) {
	at := tool(startNode(t))
	at.ok(t, "", "topic", "create", "one")
	at.ok(t, "", "topic", "create", "--topic", "two")
	at.ok(t, "v\n", "produce", "one")
	if got := at.ok(t, "", "consume", "one", "--from-beginning", "-e"); got != "v\n" {
		t.Errorf("read %q", got)
	}
	if got := at.ok(t, "", "topic", "describe", "one", "two"); strings.Count(got, "TopicId") != 2 {
		t.Errorf("described %q", got)
	}
	at.ok(t, "", "topic", "delete", "one", "-t", "two")
	if got := at.ok(t, "", "topic", "list"); got != "" {
		t.Errorf("there is still %q", got)
	}
	for _, args := range []string{"topic create", "topic create one -t two", "produce", "consume", "topic delete"} {
		c := command(strings.Fields(args)...)
		out, err := c.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "topic") {
			t.Errorf("odradek %s: %v, %q", args, err, out)
		}
	}
}

func TestALineThatIsNoRecordDoesNotLoseThoseBeforeIt(t *testing.T) {
	onBrokers(t, func(t *testing.T, addr string) {
		at := tool(addr)
		at.ok(t, "", "topic", "create", "-t", "lines")
		if _, errs := at.fails(t, 1, "a:1\nb:2\nbad\nc:3\n", "produce", "-t", "lines", "-K", ":"); !strings.Contains(errs, "line 3") {
			t.Errorf("it says %s", errs)
		}
		if got := at.ok(t, "", "consume", "-t", "lines", "--from-beginning", "-e", "-K", "="); got != "a=1\nb=2\n" {
			t.Errorf("there is %q", got)
		}
	})
}

func TestWhenNobodyListensAToolSaysSoAtOnce(t *testing.T) {
	nobody := freeAddr(t)
	for _, args := range []string{"topic list", "produce -t t", "consume -t t", "bench produce"} {
		begun := time.Now()
		_, errs := tool(nobody).fails(t, 1, "", strings.Fields(args)...)
		if !strings.Contains(errs, "no broker answers") || !strings.Contains(errs, nobody) {
			t.Errorf("%s: %s", args, errs)
		}
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("%s took %v", args, took)
		}
	}
}

func TestBenchMeasuresWithBothClients(t *testing.T) {
	onBrokers(t, func(t *testing.T, addr string) {
		at := tool(addr)
		for _, client := range []string{"raw", "franz"} {
			for _, args := range []string{
				"produce -t b2 --partitions 2 --connections 3 --warmup 500ms --duration 300ms --acks 1",
				"produce -t b1 --warmup 0s --duration 300ms --rate 100 -z lz4",
				"fetch -t b2 --connections 2 --fill-mb 1",
				"latency -t b3 --rate 200 --warmup 100ms --duration 300ms",
			} {
				measured(t, at.ok(t, "", strings.Fields("bench "+args+" --json - --client "+client)...), client+" "+args)
			}
		}
	})
}

// measured makes sure that every result counts something, and no errors.
func measured(t *testing.T, text, what string) {
	t.Helper()
	for line := range strings.Lines(text) {
		var r struct {
			Requests, Records, Bytes int64
			Errors                   map[string]int
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if r.Records == 0 || r.Requests == 0 || r.Bytes < r.Records || len(r.Errors) > 0 {
			t.Errorf("%s: %s", what, line)
		}
	}
	if text == "" {
		t.Errorf("%s: no result", what)
	}
}

func TestResultsGoToATableAndAFile(t *testing.T) {
	addr := startNode(t)
	file := t.TempDir() + "/results.json"
	table := tool(addr).ok(t, "", "bench", "produce", "--warmup", "0s", "--duration", "100ms", "--json", file)
	if !strings.Contains(table, "requests/s") || !strings.Contains(table, "produce raw") {
		t.Errorf("the table is %q", table)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	measured(t, string(text), fmt.Sprintf("the file %s", file))
}
