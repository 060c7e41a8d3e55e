package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
)

// measurement is one run of `odradek bench` and what of its results counts.
type measurement struct {
	name    string
	verb    string
	topic   string
	parts   string // partitions
	args    string
	timed   bool // takes --duration
	figures []figure
}

type figure struct {
	name string
	of   func(result) float64
	less bool // is better
}

// result is a line of `odradek bench --json -`.
type result struct {
	Name           string             `json:"name"`
	RequestsPerSec float64            `json:"requests_per_second"`
	RecordsPerSec  float64            `json:"records_per_second"`
	MBPerSec       float64            `json:"mb_per_second"`
	LatencyMs      map[string]float64 `json:"latency_ms"`
	Errors         map[string]int64   `json:"errors"`
}

var (
	requests = figure{"requests/s", func(r result) float64 { return r.RequestsPerSec }, false}
	records  = figure{"records/s", func(r result) float64 { return r.RecordsPerSec }, false}
	megas    = figure{"MB/s", func(r result) float64 { return r.MBPerSec }, false}
	p50      = figure{"p50 ms", func(r result) float64 { return r.LatencyMs["p50"] }, true}
	p99      = figure{"p99 ms", func(r result) float64 { return r.LatencyMs["p99"] }, true}
)

// plan: the raw client builds its batches once, so that the broker is measured and not its client.
var plan = []measurement{
	{"raw 64 KB batches, 6 partitions, 6 connections", "produce", "b64k", "6", "--connections 6 --batch-size 65536 --record-size 1000 --acks all", true, []figure{megas, p99}},
	{"raw 1 KB batches, 6 partitions, 6 connections", "produce", "b1k", "6", "--connections 6 --batch-size 1024 --record-size 1000 --acks all", true, []figure{requests, p99}},
	{"raw 1 KB batches, acks=1", "produce", "b1k", "6", "--connections 6 --batch-size 1024 --record-size 1000 --acks 1", true, []figure{requests, p99}},
	{"raw 1 KB batches, 1 partition, 1 connection", "produce", "b1", "1", "--connections 1 --batch-size 1024 --record-size 1000 --acks all", true, []figure{requests, p99}},
	{"raw 1 KB batches, one in flight", "produce", "b1", "1", "--connections 1 --in-flight 1 --batch-size 1024 --record-size 1000 --acks all", true, []figure{p50, p99}},
	{"raw 16 KB batches of 100 B, 100 partitions, 8 connections", "produce", "b100", "100", "--connections 8 --acks all", true, []figure{megas, p99}},
	{"franz-go 100 B, 6 partitions", "produce", "f100", "6", "--client franz --record-size 100 --acks all", true, []figure{records, p99}},
	{"franz-go 1 KB, 6 partitions", "produce", "f1k", "6", "--client franz --record-size 1000 --acks all", true, []figure{records, p99}},
	{"catch up, raw, 64 KB batches", "fetch", "read", "6", "--connections 6 --batch-size 65536 --fill-mb 400 --no-verify", false, []figure{megas}},
	{"catch up, franz-go, 100 B", "fetch", "f100", "6", "--client franz", false, []figure{megas}},
	{"100 members on 1,000 partitions, classic, until stable", "groups", "g1000", "1000", "--protocol classic", false, []figure{p50}},
	{"100 members on 1,000 partitions, KIP-848, until stable", "groups", "g1000", "1000", "--protocol consumer", false, []figure{p50}},
	{"end to end at 1,000 a second", "latency", "e2e", "1", "--rate 1000 --acks all", true, []figure{p50, p99}},
}

// row is a figure of a measurement, for each broker, once a round.
type row struct {
	Measurement string
	Figure      string
	Less        bool        // is better
	Values      [][]float64 // of each broker, by round
}

func (m measurement) rows(brokers int) []*row {
	var rows []*row
	for _, f := range m.figures {
		rows = append(rows, &row{m.name, f.name, f.less, make([][]float64, brokers)})
	}
	return rows
}

// measure adds one round of a broker to the rows.
func (o *options) measure(ctx context.Context, m measurement, b *broker, rows []*row, at int) error {
	if err := o.makeTopic(ctx, b, m.topic, m.parts); err != nil {
		return err
	}
	if m.timed && rows[0].Values[at] == nil {
		_, _ = o.bench(ctx, m, b) // Kafka's brokers learn late that they lead a new topic
	}
	out, err := o.bench(ctx, m, b)
	if err != nil {
		return err
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	var r result // the last: of latency, from sender to consumer
	if err := json.Unmarshal(lines[len(lines)-1], &r); err != nil {
		return fmt.Errorf("%s: %w", lines[len(lines)-1], err)
	}
	if len(r.Errors) > 0 {
		return fmt.Errorf("%v", r.Errors)
	}
	for i, f := range m.figures {
		rows[i].Values[at] = append(rows[i].Values[at], f.of(r))
	}
	return nil
}

// bench runs the load generator.
func (o *options) bench(ctx context.Context, m measurement, b *broker) ([]byte, error) {
	args := append([]string{"bench", m.verb, "-t", m.topic}, strings.Fields(m.args)...)
	args = append(args, "-b", b.addr, "--json", "-")
	if m.timed {
		args = append(args, "--duration", o.length.String())
	}
	cmd := exec.CommandContext(ctx, o.odradek, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, said.Bytes())
	}
	return out, nil
}
