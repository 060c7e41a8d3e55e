//go:build interop

package main

import (
	"context"
	"os/exec"
	"strings"
	"testing"

	"odradek/checker/oracle"
)

// With the tag interop all tests of the tools also run against Apache Kafka, and
// those below against kcat (librdkafka).
func init() { brokers["kafka"] = startKafka }

func startKafka(t *testing.T) string {
	t.Helper()
	k, err := oracle.StartKafka(context.Background(), t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Stop(); err != nil {
			t.Error(err)
		}
	})
	return k.Addr()
}

func kcat(t *testing.T, in string, args ...string) string {
	t.Helper()
	c := exec.Command("kcat", append(args, "-q")...)
	c.Stdin = strings.NewReader(in)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("kcat %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestKcatAndTheToolsReadEachOthersRecords(t *testing.T) {
	onBrokers(t, func(t *testing.T, addr string) {
		at := tool(addr)
		for _, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
			topic := "kcat-" + codec
			at.ok(t, "", "topic", "create", "-t", topic)
			kcat(t, "k1:v1\n", "-P", "-b", addr, "-t", topic, "-K", ":", "-H", "h=x", "-z", codec)
			at.ok(t, "k2:v2\n", "produce", "-t", topic, "-K", ":", "-H", "h=y", "-z", codec)
			want := "0 h=x k1 v1\n1 h=y k2 v2\n"
			if got := kcat(t, "", "-C", "-b", addr, "-t", topic, "-o", "beginning", "-e", "-f", "%o %h %k %s\n"); got != want {
				t.Errorf("%s: kcat reads %q", codec, got)
			}
			got := at.ok(t, "", "consume", "-t", topic, "--from-beginning", "-e",
				"--property", "print.offset=true", "--property", "print.headers=true", "--property", "print.key=true", "--property", "key.separator= ")
			if got != "Offset:0 h:x k1 v1\nOffset:1 h:y k2 v2\n" {
				t.Errorf("%s: the tool reads %q", codec, got)
			}
		}
	})
}
