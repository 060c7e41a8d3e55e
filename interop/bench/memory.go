package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const upLimit = time.Minute

// rss is the resident memory of a broker's processes, bytes; 0 where that cannot
// be seen.
func (b *broker) rss() (sum float64) {
	for _, pid := range b.pids {
		sum += fields(fmt.Sprintf("/proc/%d/status", pid))["VmRSS:"] * 1024
	}
	return sum
}

// resident is what the brokers' processes hold now.
func resident(when string, brokers []*broker) []*row {
	if len(brokers[0].pids) == 0 {
		return nil
	}
	r := &row{"resident " + when, "MB", true, make([][]float64, len(brokers))}
	for i, b := range brokers {
		r.Values[i] = []float64{b.rss() / 1e6}
	}
	return []*row{r}
}

// idlePartitions makes a topic and sees how much the process grew: what a
// partition takes to which nobody writes. It is coarse: a heap grows in steps.
func (o *options) idlePartitions(ctx context.Context, brokers []*broker) ([]*row, error) {
	if o.idle == 0 || len(brokers[0].pids) == 0 {
		return nil, nil
	}
	r := &row{fmt.Sprintf("an idle partition, of %d", o.idle), "bytes", true, make([][]float64, len(brokers))}
	for i, b := range brokers {
		before := b.rss()
		if err := o.makeTopic(ctx, b, "idle", strconv.Itoa(o.idle)); err != nil {
			return nil, fmt.Errorf("%s: idle partitions: %w", b.name, err)
		}
		r.Values[i] = []float64{(b.rss() - before) / float64(o.idle)}
	}
	return []*row{r}, nil
}

// makeTopic makes a topic, and waits until it is there: Kafka answers before.
func (o *options) makeTopic(ctx context.Context, b *broker, name, partitions string) error {
	ctx, cancel := context.WithTimeout(ctx, upLimit)
	defer cancel()
	create := exec.CommandContext(ctx, o.odradek, "topic", "create", name, "-b", b.addr, "--partitions", partitions, "--if-not-exists")
	if out, err := create.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	for {
		describe := exec.CommandContext(ctx, o.odradek, "topic", "describe", name, "-b", b.addr)
		out, err := describe.CombinedOutput()
		if err == nil || ctx.Err() != nil {
			return err
		}
		if !strings.Contains(string(out), "UNKNOWN_TOPIC") {
			return fmt.Errorf("%w: %s", err, out)
		}
	}
}
