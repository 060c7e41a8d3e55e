package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"odradek/faults"
	"odradek/node/mutant"
	"odradek/sim"
	"odradek/sim/invariant"
	"odradek/sim/production"
	"odradek/sim/story"
)

// simCmd runs seeds in the simulator.
type simCmd struct {
	Seed     *uint64       `help:"Run this seed alone, and print its trace hash." xor:"which"`
	Seeds    string        `help:"Run the seeds A..B, B not included; 0..100 if nothing is said." placeholder:"A..B" xor:"which"`
	For      time.Duration `help:"Run seeds from the first of --seeds on for this long."`
	Plan     *string       `help:"The faults, or a file with them, instead of those drawn." placeholder:"FAULTS"`
	Knobs    string        `help:"The knobs of the run, or a file with them, instead of those drawn." placeholder:"JSON"`
	Shrink   bool          `help:"Make of a seed that fails the smallest run that is found, and fails in the same way."`
	Runs     int           `help:"Shrink with so many runs at most." default:"1000"`
	Logs     bool          `help:"Show the nodes' log lines."`
	Trace    bool          `help:"Show every event and effect."`
	Hashes   bool          `help:"Print each seed's trace hash."`
	Report   string        `help:"Write a page with the timeline of a seed that fails to this file." placeholder:"FILE"`
	History  string        `help:"Write what the clients of --seed saw to this file, a line for each operation." placeholder:"FILE"`
	Blind    bool          `help:"Judge by what clients see alone, and do not look inside the nodes."`
	Campaign string        `help:"Draw knobs and faults for a campaign: ${enum}. Nothing: the swarm." enum:",T1,T2,T3,chop,voter,rot,N-two-disks,N-outside" default:""`
	Always   always        `embed:""`
	Speed    string        `help:"Measure how fast a cluster of three runs, on one core, under a load: light, heavy or all." enum:",light,heavy,all" default:"" placeholder:"LOAD"`
	Profile  string        `help:"With --speed: write a CPU profile to this file." placeholder:"FILE"`
	Mutant   string        `help:"Switch a mutant on (only in builds with -tags mutants)."`
}

// exitCode ends the command with a code of its own.
type exitCode struct {
	code int
	text string
}

func (e exitCode) Error() string { return e.text }

// ExitCode is what kong ends the process with.
func (e exitCode) ExitCode() int { return e.code }

// Run runs.
func (c *simCmd) Run() error {
	collectLess()
	if c.Mutant != "" {
		if err := mutant.Enable(c.Mutant); err != nil {
			return err
		}
	}
	o, err := c.options()
	if err != nil {
		return err
	}
	if c.Speed != "" {
		return c.speed(o)
	}
	if sim.Campaign(c.Campaign).Negative() && c.Seed == nil {
		return c.negative(o)
	}
	if c.Seed != nil {
		v := sim.Run(*c.Seed, o)
		printVerdict(v)
		if err := c.writeHistory(v); err != nil {
			return err
		}
		if v.Outcome != sim.Fine {
			return c.failed(v, o)
		}
		return nil
	}
	return c.many(o)
}

func (c *simCmd) options() (sim.RunOptions, error) {
	o := sim.RunOptions{New: production.New, Campaign: sim.Campaign(c.Campaign), Watch: invariant.For(sim.Campaign(c.Campaign))}
	o.Always = sim.Always(c.Always)
	if c.Always.Groups && c.Campaign != "" {
		return o, errors.New("groups: campaigns have none")
	}
	if c.Blind {
		o.Watch = nil
	}
	if c.Logs {
		o.Logs = os.Stdout
	}
	if c.Trace {
		o.Trace = os.Stdout
	}
	if c.Knobs != "" {
		k, err := sim.ParseKnobs(textOf(c.Knobs))
		if err != nil {
			return o, fmt.Errorf("knobs: %w", err)
		}
		o.Knobs = &k
	}
	if c.Plan != nil {
		p, err := faults.Parse(textOf(*c.Plan))
		if err != nil {
			return o, fmt.Errorf("plan: %w", err)
		}
		o.Plan = append(faults.Plan{}, p...)
	}
	return o, nil
}

// textOf is what an argument says, or the file that it names.
func textOf(argument string) string {
	text, err := os.ReadFile(argument)
	if err != nil {
		return argument
	}
	return string(text)
}

func (c *simCmd) many(o sim.RunOptions) error {
	if c.Seeds == "" {
		c.Seeds = "0..100"
	}
	first, last, err := parseSeeds(c.Seeds)
	if err != nil {
		return err
	}
	begun, shown := time.Now(), time.Now()
	reached, ran := map[string]int{}, 0
	var storage tally
	for seed := first; c.For > 0 && time.Since(begun) < c.For || c.For == 0 && seed < last; seed++ {
		v := sim.Run(seed, o)
		storage.add(v)
		if v.Outcome != sim.Fine && v.Beyond == "" {
			printVerdict(v)
			return c.failed(v, o)
		}
		ran++
		for mark, n := range v.Reached {
			reached[mark] += n
		}
		if c.Hashes {
			fmt.Printf("%d %016x\n", seed, v.Hash)
		}
		if time.Since(shown) > 5*time.Second {
			shown = time.Now()
			fmt.Fprintf(os.Stderr, "seed %d of %d..%d, %.0f a second\n", seed, first, last, float64(seed-first+1)/time.Since(begun).Seconds())
		}
	}
	fmt.Fprintf(os.Stderr, "%d seeds, nothing wrong, %v\n", ran, time.Since(begun).Round(time.Millisecond))
	for _, mark := range slices.Sorted(maps.Keys(reached)) {
		fmt.Fprintf(os.Stderr, "%8d  %s\n", reached[mark], mark)
	}
	return storage.judge(o.Campaign)
}

func parseSeeds(text string) (first, last uint64, err error) {
	a, b, ok := strings.Cut(text, "..")
	first, err = strconv.ParseUint(a, 10, 64)
	if err == nil && ok {
		last, err = strconv.ParseUint(b, 10, 64)
	}
	if err != nil || !ok || last < first {
		return 0, 0, fmt.Errorf("seeds %q are not of the form A..B", text)
	}
	return first, last, nil
}

func printVerdict(v sim.Verdict) {
	fmt.Printf("seed %d: %v, trace hash %016x, %v of virtual time, %d steps\n", v.Seed, v.Outcome, v.Hash, v.Virtual, v.Steps)
	if v.Lost > 0 {
		fmt.Println(budget(v))
	}
	if v.Outcome == sim.Fine {
		fmt.Println(v.Result)
	} else {
		fmt.Printf("%s\nknobs %v\n%v", v.Reason, v.Knobs, v.Plan)
	}
}

// failed shrinks the run if asked, and says how to see it again.
func (c *simCmd) failed(v sim.Verdict, o sim.RunOptions) error {
	if c.Shrink {
		v = c.shrink(v, o)
		printVerdict(v)
	}
	command := fmt.Sprintf("odradek sim --seed %d%s", v.Seed, c.again(v))
	if c.Report != "" {
		if err := writeReport(c.Report, v, o, command); err != nil {
			return err
		}
	}
	return exitCode{int(v.Outcome), fmt.Sprintf("seed %d: %v; see it again by: %s", v.Seed, v.Outcome, command)}
}

// shrink makes a failing run smaller, and shows how it goes.
func (c *simCmd) shrink(v sim.Verdict, o sim.RunOptions) sim.Verdict {
	return sim.Shrink(v, o, sim.Shrinking{Runs: c.Runs, Progress: func(runs int, least sim.Verdict) {
		k := least.Knobs
		fmt.Fprintf(os.Stderr, "run %d: %d faults, %d nodes, %d producers, %d consumers, %v\n",
			runs, len(least.Plan), k.Nodes+k.Controllers, len(k.Producers), len(k.Consumers), k.Length)
	}})
}

// writeHistory leaves a verdict's history, if it was asked for.
func (c *simCmd) writeHistory(v sim.Verdict) error {
	if c.History == "" {
		return nil
	}
	f, err := os.Create(c.History)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return errors.Join(v.History.WriteLines(f), f.Close())
}

// writeReport leaves the page of a verdict: the run is made once more, and recorded.
func writeReport(name string, v sim.Verdict, o sim.RunOptions, command string) error {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	var rec story.Recorder
	o.Watch, o.Knobs, o.Plan = rec.Before(o.Watch), &v.Knobs, append(faults.Plan{}, v.Plan...)
	again := sim.Run(v.Seed, o)
	if again.Hash != v.Hash {
		return fmt.Errorf("report: the recorded run of seed %d is another one: %016x", v.Seed, again.Hash)
	}
	if err := errors.Join(again.Result.WriteCase(f, rec.Case(again, command)), f.Close()); err != nil {
		return fmt.Errorf("report %s: %w", name, err)
	}
	return nil
}
