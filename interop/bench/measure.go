package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// The first runs of each measurement do not count: Kafka's brokers learn late that
// they lead a new topic, and compile what is hot.
const (
	warmUp      = "1s"
	warmUpLimit = 2 * time.Minute // until one has no errors
)

// measure adds one round of a broker to the rows, and to what its unit of work
// costs.
func (o *options) measure(ctx context.Context, m measurement, b *broker, rows []*row, costs *costRow, at int) error {
	if err := o.makeTopic(ctx, b, m.topic, m.parts); err != nil {
		return err
	}
	if m.timed && rows[0].Values[at] == nil {
		if err := o.warm(ctx, m, b); err != nil {
			return err
		}
	}
	before, done := b.spent(), o.profile(ctx, m, b)
	out, err := o.bench(ctx, m, b, o.length.String())
	after := b.spent()
	if err := done(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	r, err := parse(out)
	if err != nil {
		return err
	}
	for i, f := range m.figures {
		rows[i].Values[at] = append(rows[i].Values[at], f.of(r))
	}
	units := r.Requests
	if m.unit == "record" {
		units = r.Records
	}
	if m.unit != "" && units > 0 {
		costs.add(at, before, after, units)
	}
	return nil
}

// warm runs a measurement in vain, until nothing goes wrong any more.
func (o *options) warm(ctx context.Context, m measurement, b *broker) (err error) {
	for begin := time.Now(); time.Since(begin) < warmUpLimit; {
		var out []byte
		if out, err = o.bench(ctx, m, b, warmUp); err == nil {
			_, err = parse(out)
		}
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
	return fmt.Errorf("still, after %v: %w", warmUpLimit, err)
}

// parse reads what the load generator says: of latency there are two lines, and
// the last one counts, from sender to consumer.
func parse(out []byte) (r result, err error) {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if err := json.Unmarshal(lines[len(lines)-1], &r); err != nil {
		return r, fmt.Errorf("%s: %w", lines[len(lines)-1], err)
	}
	if len(r.Errors) > 0 {
		return r, fmt.Errorf("%v", r.Errors)
	}
	return r, nil
}

// bench runs the load generator.
func (o *options) bench(ctx context.Context, m measurement, b *broker, length string) ([]byte, error) {
	args := append([]string{"bench", m.verb, "-t", m.topic}, strings.Fields(m.args)...)
	args = append(args, "-b", b.addr, "--json", "-")
	if m.timed {
		args = append(args, "--duration", length, "--warmup", "0s")
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
