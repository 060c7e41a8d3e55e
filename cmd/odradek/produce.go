package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/console"
)

// produceCmd sends the lines of the standard input.
type produceCmd struct {
	cluster.Flags
	topicName
	Partition    int32    `short:"p" help:"The partition; -1 lets keys choose." default:"-1"`
	KeySeparator string   `short:"K" help:"What stands between key and value of a line (\\t for a tab); without it there are no keys."`
	Header       []string `short:"H" sep:"none" help:"A header for every record, name=value. Repeatable." placeholder:"NAME=VALUE"`
	Acks         string   `aliases:"request-required-acks" help:"Who must have a record: all (or -1), 1 the leader, 0 nobody." enum:"all,-1,1,0" default:"all"`
	Compression  string   `short:"z" aliases:"compression-codec" help:"none, gzip, snappy, lz4 or zstd." enum:"none,gzip,snappy,lz4,zstd" default:"none"`
	Idempotent   bool     `help:"No record twice, even when a response is lost; needs acks=all." default:"true" negatable:""`
	BatchSize    int32    `help:"Bytes that a batch may have." default:"1000000"`
	Property     []string `aliases:"reader-property" sep:"none" help:"A property of the line reader, as of kafka-console-producer. Repeatable." placeholder:"KEY=VALUE"`
}

// Run sends all lines.
func (c *produceCmd) Run() error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	next, err := c.lines()
	if err != nil {
		return err
	}
	opts, err := c.options()
	if err != nil {
		return err
	}
	cl, err := c.Dial(ctx, opts...)
	if err != nil {
		return err
	}
	defer cl.Close()
	topic, err := cluster.FindTopic(ctx, cl, c.Topic, true)
	if err != nil {
		return err
	}
	if int(c.Partition) >= len(topic.Leaders) {
		return fmt.Errorf("topic %s has %d partitions, there is none with number %d", c.Topic, len(topic.Leaders), c.Partition)
	}
	_, err = console.Send(ctx, cl, next)
	return err
}

// lines returns what reads a record from the standard input.
func (c *produceCmd) lines() (func() (*kgo.Record, error), error) {
	props, err := console.ParseProperties(c.Property)
	if err != nil {
		return nil, err
	}
	if c.KeySeparator != "" {
		props["parse.key"], props["key.separator"] = "true", c.KeySeparator
	}
	headers, err := parseHeaders(c.Header)
	if err != nil {
		return nil, err
	}
	in, err := console.NewLineReader(os.Stdin, props)
	if err != nil {
		return nil, err
	}
	return func() (*kgo.Record, error) {
		r, err := in.Next()
		if err != nil {
			return nil, err
		}
		r.Headers = append(r.Headers, headers...)
		r.Partition = c.Partition
		return r, nil
	}, nil
}

func parseHeaders(pairs []string) (all []kgo.RecordHeader, err error) {
	for _, pair := range pairs {
		k, v, ok := strings.Cut(pair, "=")
		if !ok || k == "" {
			return nil, fmt.Errorf("header %q is not of the form name=value", pair)
		}
		all = append(all, kgo.RecordHeader{Key: k, Value: []byte(v)})
	}
	return all, nil
}

func (c *produceCmd) options() ([]kgo.Opt, error) {
	codec, err := compression(c.Compression)
	if err != nil {
		return nil, err
	}
	opts := []kgo.Opt{
		kgo.DefaultProduceTopic(c.Topic),
		kgo.ProducerBatchCompression(codec),
		kgo.ProducerBatchMaxBytes(c.BatchSize),
		kgo.ProducerLinger(time.Millisecond),
		kgo.RecordDeliveryTimeout(c.RequestTimeout),
		kgo.AllowIdempotentProduceCancellation(),
	}
	acks, ok := acksByName[c.Acks]
	if !ok {
		return nil, fmt.Errorf("acks %q is none of all, -1, 1 and 0", c.Acks)
	}
	opts = append(opts, kgo.RequiredAcks(acks))
	if !c.Idempotent || acks != kgo.AllISRAcks() {
		opts = append(opts, kgo.DisableIdempotentWrite())
	}
	if c.Partition >= 0 {
		opts = append(opts, kgo.RecordPartitioner(kgo.ManualPartitioner()))
	}
	return opts, nil
}

var acksByName = map[string]kgo.Acks{
	"all": kgo.AllISRAcks(), "-1": kgo.AllISRAcks(), "1": kgo.LeaderAck(), "0": kgo.NoAck(),
}

// compression finds a codec by its name in Kafka's compression.type.
func compression(name string) (kgo.CompressionCodec, error) {
	codec, ok := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}[name]
	if !ok {
		return codec, fmt.Errorf("no codec is named %q", name)
	}
	return codec, nil
}
