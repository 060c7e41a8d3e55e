package main

import (
	"fmt"
	"time"

	"odradek/cmd/odradek/internal/bench"
)

// sendFlags say how batches are sent.
type sendFlags struct {
	InFlight    int    `help:"Requests of a connection that wait for their responses." default:"5"`
	Acks        string `help:"Who must have a batch: all (or -1), 1 the leader, 0 nobody." enum:"all,-1,1,0" default:"all"`
	Compression string `short:"z" help:"none, gzip, snappy, lz4 or zstd." enum:"none,gzip,snappy,lz4,zstd" default:"none"`
	RecordSize  int    `help:"Bytes of a record's value." default:"100"`
}

// into completes a load.
func (s sendFlags) into(l bench.Load) (bench.Load, error) {
	var ok bool
	if l.Acks, ok = map[string]int16{"all": -1, "-1": -1, "1": 1, "0": 0}[s.Acks]; !ok {
		return l, fmt.Errorf("acks %q is none of all, -1, 1 and 0", s.Acks)
	}
	var err error
	l.Codec, err = recordCodec(s.Compression)
	l.InFlight, l.RecordSize = s.InFlight, s.RecordSize
	return l, err
}

// benchProduceCmd measures how much a broker takes.
type benchProduceCmd struct {
	benchFlags
	sendFlags
	BatchSize int           `help:"Bytes of a batch before compression." default:"16384"`
	Rate      float64       `help:"Batches (raw) or records (franz) a second, in all; 0 for as many as can be." default:"0"`
	Warmup    time.Duration `help:"Time at the beginning that is not measured." default:"1s"`
	Duration  time.Duration `help:"Time that is measured." default:"10s"`
}

// Run measures.
func (c *benchProduceCmd) Run() error {
	load, err := c.into(bench.Load{BatchSize: c.BatchSize, Rate: c.Rate, Warmup: c.Warmup, Duration: c.Duration})
	if err != nil {
		return err
	}
	return c.on(load, func(s setting) ([]*bench.Result, error) {
		if c.Client == "franz" {
			r, err := bench.ProduceFranz(s.ctx, s.load, s.dial)
			return []*bench.Result{r}, err
		}
		r, err := bench.Produce(s.ctx, s.load)
		return []*bench.Result{r}, err
	})
}
