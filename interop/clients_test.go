//go:build interop

package interop

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// client is an unmodified client of Kafka. prepare skips the test where the
// machine lacks it, and returns how its program is run.
type client struct {
	name    string
	codecs  []string
	prepare func(t *testing.T) (produce, consume runner)
}

// runner takes a topic, a codec where that matters, and the program's input.
type runner func(t *testing.T, s *server, topic, codec string, in []byte) (out []byte)

var everyCodec = []string{"gzip", "snappy", "lz4", "zstd"}

var clients = []client{
	{"kcat", everyCodec, kcat},
	{"franz-go", everyCodec, franz},
	{"java", everyCodec, javaClients},
	{"librdkafka", everyCodec, librdkafka},
	{"kafkajs", []string{"gzip", "none"}, kafkajs}, // has no other codec of its own, and no consumer without a group
}

func TestEveryClientReadsBackExactlyWhatItProduced(t *testing.T) {
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			produce, consume := c.prepare(t)
			s := serve(t)
			for _, codec := range c.codecs {
				t.Run(codec, func(t *testing.T) { roundTrip(t, s, c.name, codec, produce, consume) })
			}
		})
	}
}

// roundTrip lets a client write and read, and franz-go look at what was stored.
func roundTrip(t *testing.T, s *server, name, codec string, produce, consume runner) {
	topic := name + "-" + codec
	s.create(topic, 3)
	start := time.Now()
	produce(t, s, topic, codec, recordLines)
	t.Logf("produced %d records in %v", recordCount, time.Since(start).Round(time.Millisecond))
	exactly(t, "franz-go", stored(t, s, topic, codec))
	if consume == nil {
		return
	}
	start = time.Now()
	all, err := parseGot(consume(t, s, topic, "", nil))
	must(t, err)
	t.Logf("consumed in %v", time.Since(start).Round(time.Millisecond))
	exactly(t, name, all)
}

func kcat(t *testing.T) (produce, consume runner) {
	kcat := program(t, "kcat")
	produce = func(t *testing.T, s *server, topic, codec string, in []byte) []byte {
		return execute(t, in, kcat, "-P", "-b", s.addr, "-t", topic, "-K", `\t`, "-z", codec,
			"-X", "enable.idempotence=true")
	}
	consume = func(t *testing.T, s *server, topic, _ string, _ []byte) []byte {
		return execute(t, nil, kcat, "-C", "-b", s.addr, "-t", topic, "-o", "beginning", "-e", "-q",
			"-f", `%p\t%o\t%k\t%s\n`)
	}
	return produce, consume
}

func javaClients(t *testing.T) (produce, consume runner) {
	java := program(t, "java")
	program(t, "javac")
	installed(t, "Kafka's jars", kafkaClasses)
	classes, err := javaClient()
	must(t, err)
	return verbs(java, "-Xmx256m", "-XX:+UseSerialGC", "-cp", classes, "Client")
}

func librdkafka(t *testing.T) (produce, consume runner) {
	program(t, "python3")
	return verbs(installed(t, "PyPI's confluent-kafka", python), filepath.Join("python", "client.py"))
}

func kafkajs(t *testing.T) (produce, consume runner) {
	node := program(t, "node")
	program(t, "npm")
	modules := installed(t, "npm's kafkajs", nodeModules)
	return func(t *testing.T, s *server, topic, codec string, in []byte) []byte {
		t.Setenv("NODE_PATH", modules)
		return execute(t, in, node, filepath.Join("kafkajs", "produce.js"), s.addr, topic, codec)
	}, nil
}

// verbs is a program that knows "produce" and "consume".
func verbs(name string, args ...string) (produce, consume runner) {
	produce = func(t *testing.T, s *server, topic, codec string, in []byte) []byte {
		return execute(t, in, name, append(args[:len(args):len(args)], "produce", s.addr, topic, codec)...)
	}
	consume = func(t *testing.T, s *server, topic, _ string, _ []byte) []byte {
		return execute(t, nil, name, append(args[:len(args):len(args)], "consume", s.addr, topic)...)
	}
	return produce, consume
}

// execute runs a program to its end and returns what it printed.
func execute(t *testing.T, in []byte, name string, args ...string) []byte {
	t.Helper()
	out, errs := executeBoth(t, in, name, args...)
	if len(errs) > 0 {
		t.Logf("%s says:\n%s", filepath.Base(name), tail(errs))
	}
	return out
}

// executeBoth is execute with what was printed to standard error.
func executeBoth(t *testing.T, in []byte, name string, args ...string) ([]byte, []byte) {
	t.Helper()
	cmd := exec.CommandContext(limit(t), name, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", filepath.Base(name), err, tail(out.Bytes()), tail(errs.Bytes()))
	}
	return out.Bytes(), errs.Bytes()
}

func tail(text []byte) []byte { return text[max(0, len(text)-4000):] }
