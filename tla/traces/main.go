package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"odradek/node/mutant"
	"odradek/sim/tracing"
	"odradek/tla/tlc"
)

func main() {
	var o options
	flag.StringVar(&o.seeds, "seeds", "0..20", "record the runs of these seeds")
	flag.StringVar(&o.campaign, "campaign", "T1", "draw knobs and faults for a campaign: T1, T2 or T3")
	flag.StringVar(&o.mutant, "mutant", "", "switch a mutant on (only in builds with -tags mutants)")
	flag.StringVar(&o.table, "mutants", "", "say of these mutants, or all, how many of the seeds' traces are refused (only in builds with -tags mutants)")
	flag.IntVar(&o.variants, "variants", 0, "make so many variants of each kind that are wrong at one line")
	flag.IntVar(&o.most, "most", 0, "take so many partitions of each run at most; 0: all")
	flag.IntVar(&o.lines, "lines", 0, "take so many lines of each trace at most; 0: all")
	flag.IntVar(&o.batch, "batch", 40, "so many traces in one run of TLC")
	flag.BoolVar(&o.steps, "steps", false, "check each action against Next as well, which takes longer")
	flag.StringVar(&o.specs, "specs", "tla", "folder of the specifications")
	flag.StringVar(&o.keep, "keep", "", "leave the modules in this folder")
	flag.Parse()
	if err := o.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "traces:", err)
		os.Exit(1)
	}
}

type options struct {
	seeds, campaign, mutant, table, specs, keep string
	variants, batch, most, lines                int
	steps                                       bool
}

// errRefused: some trace is no behaviour of the specification.
var errRefused = errors.New("not all traces were accepted")

func (o *options) run(ctx context.Context) error {
	first, last, err := parseSeeds(o.seeds)
	if err != nil {
		return err
	}
	tool, err := tlc.Find(ctx)
	if err != nil {
		return tlc.Skip("traces", err)
	}
	begin := func() *session {
		return &session{o: o, check: checking{tool: tool, specs: o.specs, steps: o.steps}, begun: time.Now(), first: first, last: last,
			rng: rand.New(rand.NewPCG(first, last)), groups: map[group][]tracing.Trace{}, actions: map[string]int{}, made: map[kind]int{}, passed: map[kind]int{}}
	}
	if o.table == "all" {
		o.table = replication
	}
	if o.table != "" {
		return showMutants(ctx, o.table, begin)
	}
	if o.mutant != "" {
		if err := mutant.Enable(o.mutant); err != nil {
			return err
		}
	}
	s := begin()
	if err := s.all(ctx); err != nil {
		return err
	}
	s.report()
	if s.refused > 0 {
		return errRefused
	}
	return nil
}

func parseSeeds(text string) (first, last uint64, err error) {
	a, b, _ := strings.Cut(text, "..")
	first, err = strconv.ParseUint(a, 10, 64)
	if err == nil {
		last, err = strconv.ParseUint(b, 10, 64)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("seeds %q are not of the form A..B", text)
	}
	return first, last, nil
}
