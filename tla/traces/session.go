package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"odradek/sim"
	"odradek/sim/tracing"
)

// session is all traces of one command.
type session struct {
	o        *options
	check    checking
	rng      *rand.Rand
	begun    time.Time
	first    uint64 // seed
	last     uint64 // not included
	quiet    bool   // say nothing of what is accepted
	groups   map[group][]tracing.Trace
	seeds    int
	accepted int
	refused  int
	at       string // the action that was refused first
	cut      int
	lines    int
	actions  map[string]int
	made     map[kind]int
	passed   map[kind]int // variants that were accepted
}

// group is what traces have in common that are checked together.
type group struct{ replicas, min int }

// all checks the runs of all seeds.
func (s *session) all(ctx context.Context) error {
	for seed := s.first; seed < s.last; seed++ {
		if err := s.take(ctx, record(seed, sim.Campaign(s.o.campaign))); err != nil {
			return err
		}
	}
	return s.flush(ctx, 1)
}

// take adds the traces of a run, and checks those of which there are enough.
func (s *session) take(ctx context.Context, traces []tracing.Trace) error {
	s.seeds++
	if s.o.most > 0 {
		traces = traces[:min(len(traces), s.o.most)]
	}
	for _, t := range traces {
		if s.o.lines > 0 { // what begins a behaviour is one
			t.Lines = t.Lines[:min(len(t.Lines), s.o.lines)]
		}
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
	if s.quiet {
		return nil
	}
	made, passed := 0, 0
	for _, k := range kinds {
		made, passed = made+s.made[k], passed+s.passed[k]
	}
	if made > 0 {
		fmt.Printf("%d of %d variants refused; ", made-passed, made)
	}
	fmt.Printf("%d of %d seeds, %d traces of %d lines accepted, %d refused, %v\n", s.seeds, s.last-s.first, s.accepted, s.lines, s.refused, time.Since(s.begun).Round(time.Second))
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
		l := t.Lines[v.line]
		if s.refused++; s.refused == 1 {
			s.at = l.Acts[v.act].Name
		}
		if s.quiet {
			return
		}
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
