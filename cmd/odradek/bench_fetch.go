package main

import (
	"fmt"

	"odradek/cmd/odradek/internal/bench"
)

// benchFetchCmd measures how fast a broker gives what it has.
type benchFetchCmd struct {
	benchFlags
	FillMB     int64 `name:"fill-mb" help:"Send so many megabytes first."`
	RecordSize int   `help:"Bytes of a record's value, when sending." default:"100"`
	BatchSize  int   `help:"Bytes of a batch, when sending." default:"16384"`
	Verify     bool  `help:"Check the CRC of each batch." default:"true" negatable:""`
}

// Run measures.
func (c *benchFetchCmd) Run() error {
	const inFlight = 5
	load := bench.Load{InFlight: inFlight, Acks: 1, BatchSize: c.BatchSize, RecordSize: c.RecordSize, Bytes: max(1, c.FillMB*1e6), Verify: c.Verify}
	return c.on(load, func(s setting) ([]*bench.Result, error) {
		if c.FillMB > 0 {
			if _, err := bench.Produce(s.ctx, s.load); err != nil {
				return nil, err
			}
		}
		ranges, err := s.ranges()
		if err != nil {
			return nil, err
		}
		if empty(ranges) {
			return nil, fmt.Errorf("topic %s is empty: fill it with --fill-mb", c.Topic)
		}
		return c.measure(s, ranges)
	})
}

func (c *benchFetchCmd) measure(s setting, ranges map[int32]bench.Range) ([]*bench.Result, error) {
	if c.Client == "franz" {
		r, err := bench.FetchFranz(s.ctx, s.load, ranges, s.dial)
		return []*bench.Result{r}, err
	}
	r, err := bench.Fetch(s.ctx, s.load, ranges)
	return []*bench.Result{r}, err
}

func empty(ranges map[int32]bench.Range) bool {
	for _, r := range ranges {
		if r.Start < r.End {
			return false
		}
	}
	return true
}
