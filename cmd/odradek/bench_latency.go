package main

import (
	"time"

	"odradek/cmd/odradek/internal/bench"
)

// benchLatencyCmd measures how long a record takes.
type benchLatencyCmd struct {
	benchFlags
	sendFlags
	Rate     []float64     `help:"Records a second, in all; one measurement for each." default:"100,1000,5000"`
	Warmup   time.Duration `help:"Time at the beginning of each that is not measured." default:"1s"`
	Duration time.Duration `help:"Time of each that is measured." default:"5s"`
}

// Run measures; a raw batch has one record.
func (c *benchLatencyCmd) Run() error {
	load, err := c.into(bench.Load{BatchSize: 1, Warmup: c.Warmup, Duration: c.Duration})
	if err != nil {
		return err
	}
	return c.on(load, func(s setting) (all []*bench.Result, err error) {
		dial := s.dial
		if c.Client == "raw" {
			dial = nil
		} else {
			s.load.BatchSize = 1 << 20
		}
		for _, rate := range c.Rate {
			s.load.Rate = rate
			ranges, err := s.ranges()
			if err != nil {
				return all, err
			}
			results, err := bench.Latency(s.ctx, s.load, ranges, dial)
			all = append(all, results...)
			if err != nil {
				return all, err
			}
		}
		return all, nil
	})
}
