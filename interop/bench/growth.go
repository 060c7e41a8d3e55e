package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// growing is what is sent to a log that becomes longer and longer.
var growing = measurement{"", 1, "produce", "grown", "6",
	"--connections 6 --batch-size 16384 --record-size 100 --acks all", true, "record", []figure{records}}

// growth measures what a record costs our own broker with so many gigabytes in
// the log.
func (o *options) growth(ctx context.Context, brokers []*broker) (rows []*row, costs []*costRow, err error) {
	b := brokers[0]
	var have float64
	for _, text := range strings.Fields(strings.ReplaceAll(o.grow, ",", " ")) {
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, nil, fmt.Errorf("gigabytes of a log: %w", err)
		}
		m := growing
		m.name = "100 B records with " + text + " GB in the log"
		o.say("%s: %s", m.name, b.name)
		if err := o.makeTopic(ctx, b, m.topic, m.parts); err != nil {
			return nil, nil, err
		}
		for have < want*1e9 {
			sent, err := o.fill(ctx, m, b)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", m.name, err)
			}
			have += sent
		}
		these, cost := m.rows(len(brokers)), m.costs(len(brokers))
		for range o.rounds {
			if err := o.measure(ctx, m, b, these, cost, 0); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", m.name, err)
			}
		}
		rows, costs = append(rows, these...), append(costs, cost)
	}
	return rows, costs, nil
}

// fill sends for some seconds and tells how many bytes.
func (o *options) fill(ctx context.Context, m measurement, b *broker) (float64, error) {
	out, err := o.bench(ctx, m, b, "5s")
	if err != nil {
		return 0, err
	}
	var r struct{ Bytes float64 }
	err = json.Unmarshal(bytes.TrimSpace(out), &r)
	if err == nil && r.Bytes == 0 {
		err = fmt.Errorf("nothing was sent: %s", out)
	}
	return r.Bytes, err
}
