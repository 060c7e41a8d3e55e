package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"odradek/node/mutant"
	"odradek/sim"
	"odradek/sim/tracing"
	"odradek/tla/tlc"
)

func main() {
	var o options
	flag.StringVar(&o.seeds, "seeds", "0..20", "record the runs of these seeds")
	flag.StringVar(&o.campaign, "campaign", "T1", "draw knobs and faults for a campaign: T1, T2 or T3")
	flag.StringVar(&o.mutant, "mutant", "", "switch a mutant on (only in builds with -tags mutants)")
	flag.IntVar(&o.variants, "variants", 0, "make so many variants of each kind that are wrong at one line")
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
	seeds, campaign, mutant, specs, keep string
	variants, batch                      int
	steps                                bool
}

// errRefused: some trace is no behaviour of the specification.
var errRefused = errors.New("not all traces were accepted")

func (o *options) run(ctx context.Context) error {
	if o.mutant != "" {
		if err := mutant.Enable(o.mutant); err != nil {
			return err
		}
	}
	first, last, err := parseSeeds(o.seeds)
	if err != nil {
		return err
	}
	tool, err := tlc.Find(ctx)
	if err != nil {
		if os.Getenv("TLA_REQUIRED") != "1" {
			fmt.Println("SKIP traces:", err)
			return nil
		}
		return err
	}
	s := session{o: o, check: checking{tool: tool, specs: o.specs, steps: o.steps}, begun: time.Now(),
		rng: rand.New(rand.NewPCG(first, last)), actions: map[string]int{}, made: map[kind]int{}, passed: map[kind]int{}}
	for seed := first; seed < last; seed++ {
		if err := s.take(ctx, record(seed, sim.Campaign(o.campaign))); err != nil {
			return err
		}
	}
	if err := s.flush(ctx, 1); err != nil {
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

// session is all traces of one command.
type session struct {
	o        *options
	check    checking
	rng      *rand.Rand
	begun    time.Time
	groups   map[group][]tracing.Trace
	seeds    int
	accepted int
	refused  int
	cut      int
	lines    int
	actions  map[string]int
	made     map[kind]int
	passed   map[kind]int // variants that were accepted
}

// group is what traces have in common that are checked together.
type group struct{ replicas, min int }

// take adds the traces of a run, and checks those of which there are enough.
func (s *session) take(ctx context.Context, traces []tracing.Trace) error {
	if s.groups == nil {
		s.groups = map[group][]tracing.Trace{}
	}
	s.seeds++
	for _, t := range traces {
		if t.Cut != "" {
			s.cut++
		}
		if len(t.Lines) > 0 {
			g := group{len(t.Brokers), t.MinISR}
			s.groups[g] = append(s.groups[g], t)
		}
	}
	return s.flush(ctx, s.o.batch)
}

// flush checks the groups that have so many traces at least.
func (s *session) flush(ctx context.Context, least int) error {
	byReplicas := func(a, b group) int { return a.replicas*100 + a.min - b.replicas*100 - b.min }
	for _, g := range slices.SortedFunc(maps.Keys(s.groups), byReplicas) {
		traces := s.groups[g]
		if len(traces) < least {
			continue
		}
		delete(s.groups, g)
		if err := s.judge(ctx, traces); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) judge(ctx context.Context, traces []tracing.Trace) error {
	dir := s.o.keep
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "traces-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	s.check.dir = dir
	variants := drawVariants(s.rng, traces, s.o.variants)
	all, err := s.check.check(ctx, traces, variants)
	if err != nil {
		return err
	}
	for _, v := range all {
		s.note(v, traces, variants)
	}
	fmt.Printf("%d seeds, %d traces of %d lines accepted, %d refused, %v\n", s.seeds, s.accepted, s.lines, s.refused, time.Since(s.begun).Round(time.Second))
	return nil
}

func (s *session) note(v verdict, traces []tracing.Trace, variants []variant) {
	t := &traces[v.trace]
	switch {
	case v.variant >= 0:
		x := variants[v.variant]
		s.made[x.kind]++
		if v.accepted {
			s.passed[x.kind]++
			fmt.Printf("accepted, with %s at line %d of seed %d, %s: %s\n", x.kind, x.line, t.Seed, t.Partition, lineText(x.instead))
		}
	case v.accepted:
		s.accepted++
		s.lines += len(t.Lines)
		t.Actions(s.actions)
	default:
		s.refused++
		l := t.Lines[v.line]
		fmt.Printf("refused: seed %d, %s, line %d of %d, at %v, action %d of %s\n", t.Seed, t.Partition, v.line, len(t.Lines), l.At, v.act, lineText(l))
	}
}

func (s *session) report() {
	fmt.Printf("%d traces accepted, %d refused, %d of them cut short, %d lines\n", s.accepted, s.refused, s.cut, s.lines)
	for _, name := range slices.Sorted(maps.Keys(s.actions)) {
		fmt.Printf("%8d  %s\n", s.actions[name], name)
	}
	for _, k := range kinds {
		if s.made[k] > 0 {
			fmt.Printf("%8d of %d refused  %s\n", s.made[k]-s.passed[k], s.made[k], k)
		}
	}
}
